from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.models import ArchivedFile
from archive.selectors import integrity
from archive.services.store import archive_storage, sweep


class Command(BaseCommand):
    help = "Hash every archived file again; report missing, changed and foreign ones. Exit code 1 where there are any."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Raise ``CommandError`` (exit code 1) with the number of findings."""
        storage: Any = archive_storage()
        for name in sweep():
            self.stdout.write(f"removed: {name} was left by a writer that was killed")
        found_all = [*integrity.files(storage), *integrity.foreign(storage), *integrity.snapshots()]
        underway = [found for found in found_all if found.what == integrity.UNDERWAY]
        findings = [found for found in found_all if found.what != integrity.UNDERWAY]
        for found in underway:
            self.stdout.write(f"underway: {found.name} has no row yet")
        for found in findings:
            self.stderr.write(f"{found.what}: {found.name} {found.note}".rstrip())
        for revision in integrity.waiting():
            self.stdout.write(
                f"waiting: {revision.document} revision {revision.number} has no complete set yet"
            )
        if findings:
            raise CommandError(f"{len(findings)} findings in the archive.")
        self.stdout.write(f"{ArchivedFile.everywhere.count()} archived files are as they were stored.")
