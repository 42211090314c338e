"""A file store that writes once: nothing in it is ever replaced or deleted through it."""

from __future__ import annotations

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from django.utils.deconstruct import deconstructible

#: a file whose row is not there yet may be underway for so long; a writer that takes longer is dead
UNDERWAY: Final = timedelta(hours=1)
_PART: Final = re.compile(r"\.[0-9a-f]{16}\.part")
_OWN: Final = re.compile(r"(?:.*/)?(?:[0-9a-f]{64}\.(?:json|pdf)|\.[0-9a-f]{16}\.part)")


@deconstructible(path="archive.storage.WriteOnceStorage")
class WriteOnceStorage(FileSystemStorage):
    """Saving a name again is a no-op for the same bytes and ``FileExistsError`` for others.

    A file appears whole or not at all: written beside, synced, then linked under its name, and the directory synced.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: an address by content is never changed to another."""
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = content.read()
        raw = data.encode() if isinstance(data, str) else data
        beside = target.parent / f".{secrets.token_hex(8)}.part"
        try:
            _write(beside, raw)
            try:
                os.link(beside, target)
            except FileExistsError:
                if target.read_bytes() != raw:
                    raise
        finally:
            beside.unlink(missing_ok=True)
        _sync(target.parent)
        return name

    def delete(self, name: str) -> None:
        """Refused: retention ends by its own service, with a protocol."""
        raise PermissionError(f"{name} is archived")

    def names(self) -> list[str]:
        """Every file there is, by name below the root, leftovers of interrupted writes included."""
        root = Path(self.location)
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def is_underway(self, name: str) -> bool:
        """Named as we name files, and so young that its writer may still be at it."""
        return _OWN.fullmatch(name) is not None and self._is_young(name)

    def sweep(self) -> list[str]:
        """Remove what killed writers left: halves of files, or second names of whole ones. Returns their names."""
        left = [name for name in self.names() if _PART.fullmatch(Path(name).name)]
        old = [name for name in left if not self._is_young(name)]
        for name in old:
            Path(self.path(name)).unlink(missing_ok=True)
        return old

    def _is_young(self, name: str) -> bool:
        try:
            return timezone.now() - self.get_modified_time(name) < UNDERWAY
        except FileNotFoundError:  # its writer has finished
            return True


def _write(path: Path, raw: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
