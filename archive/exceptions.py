"""What only the archive refuses."""

from __future__ import annotations

from valeo.core.exceptions import DomainError


class ArchiveDamaged(DomainError):
    """A stored file is missing or is not what was stored; it is never handed out."""

    status = 500
    code = "archive-damaged"
