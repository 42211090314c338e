from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from valeo.audit import triggers


class Command(BaseCommand):
    help = "Check that the triggers that refuse changes of the record are there, unchanged and on."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(triggers.problems())
        for problem in found:
            self.stdout.write(problem)
        if found:
            raise CommandError(f"{len(found)} triggers do not keep what they should.")
        self.stdout.write("All triggers are as the migrations made them.")
