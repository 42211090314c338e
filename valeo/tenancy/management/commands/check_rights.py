"""``manage.py check_rights``: the rights that requests read against django-guardian's rows."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from valeo.tenancy.consistency import deviations


class Command(BaseCommand):
    help = (
        "Compare the scopes on every membership with django-guardian's rows; exit status 1 where they differ."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        lines = deviations()
        if lines:
            raise CommandError("\n".join(lines))
        self.stdout.write("Rights agree.")
