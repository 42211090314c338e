"""``manage.py load_demo``: a company to look at and to play with, made once through the services."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from valeo.administration.services import members
from valeo.core.exceptions import Refused
from valeo.demo import logins
from valeo.demo.data.companies import MAIN_CODE
from valeo.demo.data.people import PEOPLE
from valeo.demo.hints import hints
from valeo.demo.load import load
from valeo.tenancy.models import Company, User
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import system_actor

UNKNOWN = (
    "The demo company is loaded, but the passwords were written down in another data directory.\n"
    "manage.py load_demo --new-password sets a new one for all demo users.\n"
)


class Command(BaseCommand):
    help = "Load the demo company once; does nothing where it is loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="print the demo logins again")
        parser.add_argument(
            "--force-new", metavar="CODE", default="", help="make another demo company with this code"
        )
        parser.add_argument(
            "--new-password", action="store_true", help="set a new password for all demo users"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self.stdout.write(self._logins())
        elif options["new_password"]:
            self._renew()
        elif options["force_new"]:
            self._load(options["force_new"])
        elif Company.objects.filter(code=MAIN_CODE).exists():
            self.stdout.write("The demo company is there already.")
        else:
            self._refuse_strangers()
            self._load(MAIN_CODE)

    def _logins(self) -> str:
        where = logins.file()
        if where.exists():
            return where.read_text(encoding="utf-8")
        if Company.objects.filter(code=MAIN_CODE).exists():
            return UNKNOWN
        raise CommandError("No demo company is loaded: manage.py load_demo")

    def _refuse_strangers(self) -> None:
        """Accounts of other people are not made members of a demo company."""
        names = [person.username for person in PEOPLE]
        taken = list(
            User.objects.filter(username__in=names).order_by("username").values_list("username", flat=True)
        )
        if taken:
            raise CommandError(
                f"Accounts of these names exist already: {', '.join(taken)}. No demo was loaded."
            )

    def _load(self, code: str) -> None:
        password = logins.make_password()
        known = User.objects.filter(username__in=[person.username for person in PEOPLE]).exists()
        try:
            loaded = load(code=code, password=password)
        except Refused as refusal:
            raise CommandError(
                "\n".join(f"{row.field}: {row.text}" for row in refusal.violations)
            ) from refusal
        name = f"{loaded.desk.company.name} ({loaded.desk.company.code})"
        if known:
            self.stdout.write(f"{name} is loaded; the demo users keep their password.")
            return
        where = logins.write(self._text(loaded.desk.company, password))
        self.stdout.write(f"{name} is loaded; the logins are in {where} (manage.py load_demo --logins).")

    def _text(self, company: Company, password: str) -> str:
        with company_scope(company.pk), translation.override("de"):
            return logins.text(password, hints())

    @transaction.atomic
    def _set(self, company: Company, password: str) -> None:
        actor = system_actor(company.pk)
        with company_scope(company.pk):
            for user in User.objects.filter(username__in=[person.username for person in PEOPLE]):
                members.set_password(actor=actor, user=user, password=password)

    def _renew(self) -> None:
        company = Company.objects.filter(code=MAIN_CODE).first()
        if company is None:
            raise CommandError("No demo company is loaded: manage.py load_demo")
        password = logins.make_password()
        self._set(company, password)
        where = logins.write(self._text(company, password))
        self.stdout.write(f"A new password is set, see {where}.")
