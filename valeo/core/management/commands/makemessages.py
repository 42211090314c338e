"""Django's ``makemessages`` with our choices, so that the catalogue changes only where a text does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

ELSEWHERE: Final = [".venv/*", ".valeo/*", "node_modules/*", "tests/*", "bench/*", "staticfiles/*"]
_NOISE: Final = re.compile(r'^"(POT-Creation-Date|Report-Msgid-Bugs-To|X-Generator): .*"\n', re.MULTILINE)


class Command(makemessages.Command):
    #: a guessed translation would be shown to nobody and has to be found by a reader
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(no_location=True, no_obsolete=True, ignore_patterns=list(ELSEWHERE))

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        catalogue = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        catalogue.write_text(_NOISE.sub("", catalogue.read_text(encoding="utf-8")), encoding="utf-8")
