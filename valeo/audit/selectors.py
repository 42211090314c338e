"""Reading the audit record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from valeo.audit import canonical, offline, proof, verifiers
from valeo.audit.models import AuditEntry, AuditText
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope

CHUNK: Final = 2000
_FIELDS: Final = tuple(dict.fromkeys((*canonical.CONTENT, *proof.CHAIN)))
#: one statement, so that head and entries are of one moment
_HEAD: Final = """
SELECT COALESCE(h.seq, 0), COALESCE(h.hash, %s),
       (SELECT max(e.seq) FROM audit_auditentry e WHERE e.company_id = c.id)
  FROM tenancy_company c LEFT JOIN audit_audithead h ON h.company_id = c.id WHERE c.id = %s
"""


@dataclass(slots=True)
class Verdict:
    """What the check of a company's chain found; ``problems`` begins with the first broken link."""

    company: Company
    entries: int = 0
    hash: str = canonical.GENESIS
    erased: int = 0
    problems: list[str] = field(default_factory=list)


def history(obj: models.Model) -> QuerySet[AuditEntry]:
    """What happened to an object of the company in scope, latest first, with the texts."""
    entries: QuerySet[AuditEntry] = AuditEntry.objects.select_related("text").filter(
        object_type=obj._meta.label_lower, object_id=obj.pk
    )
    return entries.order_by("-seq")


def verify(company: Company) -> Verdict:
    """Check the chain of a company, then all proofs that other apps registered."""
    verdict = Verdict(company)
    check = proof.ChainCheck()
    head = _head(company.pk)
    for entry, parts in rows(company.pk, head["seq"]):
        verdict.problems += check.feed(entry, parts)
    verdict.problems += check.finish(head)
    if head["max"] is not None and head["max"] > head["seq"]:
        verdict.problems.append(
            f"there are entries up to {head['max']}, but the head of the chain is at {head['seq']}"
        )
    verdict.problems += _lost_texts(company.pk)
    verdict.entries, verdict.hash, verdict.erased = check.seq, check.hash, check.erased
    with company_scope(company.pk):
        for name, verifier in verifiers.registered().items():
            verdict.problems += [f"{name}: {problem}" for problem in verifier(company.pk)]
    return verdict


def export_lines(company: Company) -> Iterator[str]:
    """The chain as JSON lines for the offline verifier."""
    head = _head(company.pk)
    yield _line(
        {
            "format": offline.FORMAT,
            "format_version": offline.FORMAT_VERSION,
            "company_id": company.pk,
            "company": company.code,
            "exported_at": canonical.stamp(timezone.now()),
        }
    )
    for entry, parts in rows(company.pk, head["seq"]):
        yield _line({"entry": entry, "parts": parts})
    yield _line({"head": {"seq": head["seq"], "hash": head["hash"]}})


def rows(company_id: int, until: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Entries by rising sequence as plain dictionaries, with their texts; in constant memory."""
    entries = (
        AuditEntry.everywhere.filter(company_id=company_id, seq__lte=until)
        .order_by("seq", "id")
        .values(*_FIELDS, "text__parts")
    )
    for entry in entries.iterator(chunk_size=CHUNK):
        parts = entry.pop("text__parts") or {}
        entry["at"] = canonical.stamp(entry["at"])
        entry["object_uuid"] = str(entry["object_uuid"]) if entry["object_uuid"] else None
        yield entry, parts


def _head(company_id: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [canonical.GENESIS, company_id])
        seq, hash_, highest = cursor.fetchone()
    return {"seq": seq, "hash": hash_, "max": highest}


def _lost_texts(company_id: int) -> list[str]:
    """Texts whose entry is gone or of another company: their column was changed."""
    mine = AuditEntry.everywhere.filter(pk=OuterRef("entry_id"), company_id=OuterRef("company_id"))
    strays = AuditText.everywhere.filter(~Exists(mine), company_id=company_id).values_list(
        "entry_id", flat=True
    )
    return [
        f"a text belongs to the entry with id {entry_id}, which is not of this company"
        for entry_id in strays[:20]
    ]


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
