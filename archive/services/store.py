"""Bytes in and out of the write-once store."""

from __future__ import annotations

import hashlib
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _

from archive.exceptions import ArchiveDamaged
from archive.kinds import TYPES, Media
from archive.models import ArchivedFile
from archive.storage import WriteOnceStorage
from valeo.tenancy.models import Company

_ENDINGS: Final = {Media.DATA: "json", Media.PDF: "pdf"}


def archive_storage() -> Storage:
    return storages["archive"]


def put(*, company: Company, content: bytes, media: Media) -> ArchivedFile:
    """Keep the bytes and return their row; the same bytes again give the same file and row.

    The file is on disk before its row is: what a crash between the two leaves is used by the next try.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    name = f"{company.uuid}/{sha256[:2]}/{sha256}.{_ENDINGS[media]}"
    try:
        archive_storage().save(name, ContentFile(content))
    except FileExistsError as error:
        raise ArchiveDamaged(_("The archive holds other content under %(name)s.") % {"name": name}) from error
    row = ArchivedFile(
        company_id=company.pk, sha256=sha256, size=len(content), media_type=TYPES[media], name=name
    )
    ArchivedFile.everywhere.bulk_create([row], ignore_conflicts=True)
    kept: ArchivedFile = ArchivedFile.everywhere.get(company_id=company.pk, sha256=sha256)
    return kept


def sweep() -> list[str]:
    """Remove what writers that were killed left beside their files, and return the names; nothing archived is among it."""
    storage = archive_storage()
    return storage.sweep() if isinstance(storage, WriteOnceStorage) else []


def read(file: ArchivedFile) -> bytes:
    """The stored bytes, proved by their hash; raises ``ArchiveDamaged`` rather than hand out others."""
    try:
        with archive_storage().open(file.name) as handle:
            content: bytes = handle.read()
    except FileNotFoundError as error:
        raise ArchiveDamaged(_("An archived file is missing: %(name)s.") % {"name": file.name}) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ArchiveDamaged(_("An archived file was changed: %(name)s.") % {"name": file.name})
    return content
