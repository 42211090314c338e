"""Whether the store holds exactly what the database says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.core.files.storage import Storage

from archive.kinds import ISSUED, Media
from archive.models import ArchivedFile, ArchivedPaper
from archive.storage import WriteOnceStorage
from documents import snapshot
from documents.models import Revision

MISSING: Final = "missing"
CHANGED: Final = "changed"
FOREIGN: Final = "foreign"
UNDERWAY: Final = "underway"
SNAPSHOT: Final = "snapshot"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """``what``: missing, changed, foreign (a file no row knows), snapshot (not the content that was archived).

    Or underway: written just now, its row not committed yet; no fault.
    """

    what: str
    name: str
    note: str = ""


def files(storage: Storage) -> Iterator[Finding]:
    """Every known file, hashed again."""
    for row in ArchivedFile.everywhere.order_by("pk").iterator(chunk_size=500):
        try:
            sha256, size = _hash(storage, row.name)
        except FileNotFoundError:
            yield Finding(MISSING, row.name)
            continue
        if (sha256, size) != (row.sha256, row.size):
            yield Finding(CHANGED, row.name, f"SHA-256 {sha256}, {size} bytes")


def foreign(storage: WriteOnceStorage) -> Iterator[Finding]:
    """Files that no row knows: put there by hand, left by a crash between file and row, or underway.

    The names are read first: a file is there before its row is, and a worker may finish in between.
    """
    names = storage.names()
    known = set(ArchivedFile.everywhere.values_list("name", flat=True))
    for name in names:
        if name not in known:
            yield Finding(UNDERWAY if storage.is_underway(name) else FOREIGN, name)


def snapshots() -> Iterator[Finding]:
    """The canonical data in the archive against the snapshot in the database: each proves the other."""
    rows = ArchivedPaper.everywhere.filter(media=Media.DATA).select_related("file", "revision").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        if snapshot.content_hash(row.revision.content) != row.file.sha256:
            yield Finding(SNAPSHOT, row.file.name, f"{row.revision}")


def waiting() -> list[Revision]:
    """Issued revisions whose set is not whole yet: the worker's backlog, or a job that was given up."""
    made: dict[int, set[str]] = {}
    pairs = ArchivedPaper.everywhere.filter(is_copy=False).values_list("revision_id", "paper")
    for revision_id, paper in pairs.iterator():
        made.setdefault(revision_id, set()).add(paper)
    issued = Revision.everywhere.filter(state__in=ISSUED).select_related("document")
    return [
        revision
        for revision in issued.iterator(chunk_size=200)
        if {"", *revision.content["papers"]} - made.get(revision.pk, set())
    ]


def _hash(storage: Storage, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with storage.open(name) as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size
