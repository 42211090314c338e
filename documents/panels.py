"""What other apps put on the document page: boxes and buttons, registered in ``ready()``, then only read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from documents.case import Case
from valeo.tenancy.actor import Actor

AREAS: Final = ("actions", "top", "main", "rail")


@dataclass(frozen=True, slots=True)
class Panel:
    """A template with its context; ``area`` is where it goes, a lower ``order`` comes first."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


#: a document as the actor sees it → what to show, or None
Source = Callable[[Case, Actor], Panel | None]


@dataclass(frozen=True, slots=True)
class _Entry:
    area: str
    order: int
    source: Source


_entries: Final[list[_Entry]] = []


def register(area: str, source: Source, *, order: int = 100) -> None:
    """Add a panel; raises ``ValueError`` for an area that does not exist."""
    if area not in AREAS:
        message = f"no such area: {area}"
        raise ValueError(message)
    _entries.append(_Entry(area, order, source))
    _entries.sort(key=lambda entry: entry.order)


def panels_of(case: Case, actor: Actor) -> dict[str, list[Panel]]:
    """The panels by area."""
    found: dict[str, list[Panel]] = {area: [] for area in AREAS}
    for entry in _entries:
        panel = entry.source(case, actor)
        if panel is not None:
            found[entry.area].append(panel)
    return found
