"""What guards and policies report: a block stops, an exception waits for a person."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from valeo.core.exceptions import Violation, type_text

if TYPE_CHECKING:
    from documents.case import Case

__all__ = ["ExceptionFound", "Violation", "covered", "standing", "stood"]


@dataclass(frozen=True, slots=True)
class ExceptionFound:
    """One reason why a person must decide. ``figure`` is what was accepted up to (amount, percent or quantity).

    ``key`` identifies the same exception at posting: the code and the line it belongs to. ``worth`` is what a share
    comes to in money, ``subject`` what was chosen: with another one an amendment has another exception.
    """

    code: str
    text: type_text
    figure: Decimal | None = None
    unit: str = ""  # EUR, %, unit code
    line: int | None = None
    rule: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    worth: Decimal | None = None
    subject: str = ""

    @property
    def key(self) -> str:
        return f"{self.code}:{self.line or 0}:{self.rule}"


def standing(case: Case, found: Iterable[ExceptionFound]) -> dict[Hashable, ExceptionFound]:
    """The exceptions of the content in force, by what they are about: an amendment asks nobody about them again."""
    return {_about(case, item): item for item in found}


def stood(case: Case, item: ExceptionFound, before: Mapping[Hashable, ExceptionFound]) -> bool:
    """Whether the content in force had it already, of the same line and article and up to its figure."""
    known = before.get(_about(case, item))
    return known is not None and _within(item.figure, known.figure) and _within(item.worth, known.worth)


def _about(case: Case, item: ExceptionFound) -> Hashable:
    """A line is known by its key, not by its place: another one may stand there now."""
    line = next((line for line in case.lines if line.position == item.line), None) if item.line else None
    which = (line.pk, line.article_id) if line is not None else (item.line, None)
    return (item.code, item.rule, item.unit, item.subject, *which)


def covered(key: str, figure: Decimal | None, accepted: Mapping[str, Decimal | None]) -> bool:
    """Whether an exception of this very content was accepted, up to its figure."""
    return key in accepted and _within(figure, accepted[key])


def _within(figure: Decimal | None, known: Decimal | None) -> bool:
    return figure is None or (known is not None and figure <= known)
