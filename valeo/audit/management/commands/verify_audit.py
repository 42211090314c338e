from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from valeo.audit.selectors import export_lines, verify
from valeo.tenancy.models import Company

SHOWN: Final = 20


class Command(BaseCommand):
    help = "Check every company's audit chain and what it vouches for; names the first broken link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", metavar="CODE", help="only this company")
        parser.add_argument(
            "--export",
            metavar="FILE",
            help="also write the company's chain, for python -m valeo.audit.offline FILE",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        companies = Company.objects.order_by("code")
        if options["company"]:
            companies = companies.filter(code=options["company"])
        found = list(companies)
        if not found:
            raise CommandError("There is no such company.")
        if options["export"]:
            if len(found) > 1:
                raise CommandError("An export is of one company: add --company CODE.")
            with Path(options["export"]).open("w", encoding="utf-8") as file:
                file.writelines(export_lines(found[0]))
        broken = 0
        for company in found:
            broken += self._report(company)
        if broken:
            raise CommandError(f"BROKEN: {broken} problems.")

    def _report(self, company: Company) -> int:
        verdict = verify(company)
        if not verdict.problems:
            self.stdout.write(
                f"{company.code}: valid, {verdict.entries} entries, last hash {verdict.hash}"
                + (f", {verdict.erased} texts erased" if verdict.erased else "")
            )
            return 0
        self.stdout.write(f"{company.code}: BROKEN, first: {verdict.problems[0]}")
        for problem in verdict.problems[1:SHOWN]:
            self.stdout.write(f"  {problem}")
        return len(verdict.problems)
