from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from numbering.services import init_year
from valeo.core.exceptions import Refused
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import system_actor


class Command(BaseCommand):
    help = "Prepare the counters of a year (they also appear by themselves with the first document)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--company", metavar="CODE", help="only this company")

    def handle(self, *args: Any, **options: Any) -> None:
        companies = Company.objects.filter(is_active=True).order_by("code")
        if options["company"]:
            companies = companies.filter(code=options["company"])
        if not companies:
            raise CommandError("There is no such company.")
        for company in companies:
            with company_scope(company.pk):
                try:
                    made = init_year(actor=system_actor(company.pk), year=options["year"])
                except Refused as refusal:
                    raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"{company.code}: {len(made)} counters prepared")
