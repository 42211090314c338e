"""What guards and policies report: a block stops, an exception waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from valeo.core.exceptions import Violation, type_text

__all__ = ["ExceptionFound", "Violation", "covered"]


@dataclass(frozen=True, slots=True)
class ExceptionFound:
    """One reason why a person must decide. ``figure`` is what was accepted up to (amount, percent or quantity).

    ``key`` identifies the same exception at posting: the code and the line it belongs to.
    """

    code: str
    text: type_text
    figure: Decimal | None = None
    unit: str = ""  # EUR, %, unit code
    line: int | None = None
    rule: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.code}:{self.line or 0}:{self.rule}"


def covered(key: str, figure: Decimal | None, before: Mapping[str, Decimal | None]) -> bool:
    """Whether an exception stood before already, up to its figure: an amendment asks nobody about that again."""
    if key not in before:
        return False
    known = before[key]
    return figure is None or (known is not None and figure <= known)
