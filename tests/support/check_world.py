"""Run as a program beside an installation's database: says what does not fit, and which orders are posted."""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valeo.settings")
django.setup()

from django.db.models import Count  # noqa: E402 - Django is ready only now

from archive.models import ArchivedPaper  # noqa: E402
from documents.models import Document, Revision  # noqa: E402
from numbering.models import IssuedNumber  # noqa: E402
from valeo.audit.selectors import verify  # noqa: E402
from valeo.events.models import Job  # noqa: E402
from valeo.tenancy.models import Company  # noqa: E402
from valeo.tenancy.scope import company_scope  # noqa: E402


def waiting(company_id: int) -> None:
    """Only how many jobs the worker still has."""
    with company_scope(company_id):
        print(json.dumps({"open_jobs": Job.objects.exclude(state="done").count()}))


def main(company_id: int) -> None:
    company = Company.objects.get(pk=company_id)
    with company_scope(company_id):
        values = sorted(IssuedNumber.objects.filter(kind="sales_order").values_list("value", flat=True))
        doubles = [
            row["number"]
            for row in Document.objects.exclude(number="")
            .values("kind", "number")
            .annotate(n=Count("id"))
            .filter(n__gt=1)
        ]
        papers = ArchivedPaper.objects.values("revision", "paper", "language", "page_size", "media").annotate(
            n=Count("id")
        )
        print(
            json.dumps(
                {
                    "gaps": [value for value in range(1, len(values) + 1) if value not in set(values)],
                    "doubles": doubles,
                    "posted": [
                        str(uuid)
                        for uuid in Document.objects.filter(state="posted").values_list("uuid", flat=True)
                    ],
                    "problems": verify(company).problems,
                    "open_jobs": Job.objects.exclude(state="done").count(),
                    "revisions": Revision.objects.filter(state="in_force").count(),
                    "archived": ArchivedPaper.objects.values("revision").distinct().count(),
                    "twice": sum(row["n"] > 1 for row in papers),
                }
            )
        )


if __name__ == "__main__":
    (waiting if "--jobs" in sys.argv else main)(int(sys.argv[1]))
