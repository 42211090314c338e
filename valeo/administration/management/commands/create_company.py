"""``manage.py create_company``: the first company of an installation, or a further one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from valeo.administration.services.companies import create_company
from valeo.core.exceptions import Refused
from valeo.tenancy.models import User


class Command(BaseCommand):
    help = "Create a company with its roles, fiscal years and branding; the owner becomes its administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="short, for number patterns: 1 to 8 capital letters and digits")
        parser.add_argument("name")
        parser.add_argument(
            "--owner", required=True, help="username of an account (manage.py createsuperuser)"
        )
        parser.add_argument("--country", default="DE")
        parser.add_argument("--fiscal-year-start-month", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(username=options["owner"].lower()).first()
        if owner is None:
            raise CommandError(f"No account has the username {options['owner']}.")
        try:
            company = create_company(
                code=options["code"],
                name=options["name"],
                country=options["country"],
                fiscal_year_start_month=options["fiscal_year_start_month"],
                owner=owner,
            )
        except Refused as refusal:
            raise CommandError("\n".join(f"{v.field}: {v.text}" for v in refusal.violations)) from refusal
        self.stdout.write(f"Company {company.code} is ready; {owner.username} administers it.")
