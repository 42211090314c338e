"""Remembering what was done, so that the second start does not do it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A hash over the names and contents of files, and over further texts."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file}\0".encode())
        digest.update(file.read_bytes())
    for text in more:
        digest.update(f"\0{text}".encode())
    return digest.hexdigest()


class Stamp:
    """A file that holds the fingerprint of what a step was last done for."""

    def __init__(self, file: Path, value: str) -> None:
        self.file = file
        self.value = value

    @property
    def current(self) -> bool:
        """Whether the step was done for exactly this."""
        return self.file.exists() and self.file.read_text(encoding="utf-8") == self.value

    def set(self) -> None:
        """Remember that it is done."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.value, encoding="utf-8")
