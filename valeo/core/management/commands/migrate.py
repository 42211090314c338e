"""Django's ``migrate`` with our order of operations (both commands must have the same)."""

from __future__ import annotations

from django.core.management.commands import migrate

from valeo.core.autodetector import Autodetector


class Command(migrate.Command):
    autodetector = Autodetector
