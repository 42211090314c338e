from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from numbering.services import import_series
from valeo.core.exceptions import Refused
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import system_actor


class Command(BaseCommand):
    help = (
        "Take over an old system's counters: {kind: {prefix, width, start, value}}, value is the NEXT number."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        company = Company.objects.filter(code=options["company"]).first()
        if company is None:
            raise CommandError("There is no such company.")
        try:
            content = json.loads(options["file"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"The file can't be read: {error}") from error
        if not isinstance(content, dict):
            raise CommandError("The file must hold one object: kind → prefix, width, start, value.")
        with company_scope(company.pk):
            try:
                series = import_series(actor=system_actor(company.pk), content=content, company=company)
            except Refused as refusal:
                raise CommandError(
                    "\n".join(str(violation.text) for violation in refusal.violations)
                ) from refusal
        for each in series:
            self.stdout.write(f"{each.kind}: next number {each.first_number}")
