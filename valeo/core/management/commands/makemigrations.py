"""Django's ``makemigrations`` with our order of operations (both commands must have the same)."""

from __future__ import annotations

from django.core.management.commands import makemigrations

from valeo.core.autodetector import Autodetector


class Command(makemigrations.Command):
    autodetector = Autodetector
