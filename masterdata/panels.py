"""What higher floors put on the partner's page: boxes, registered in ``ready()``, then only read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from masterdata.models import Partner
from valeo.tenancy.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A template with its context, which it finds as ``panel``."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


#: a partner as the actor sees him → what to show, or None
Source = Callable[[Partner, Actor], Panel | None]

_sources: Final[list[tuple[int, Source]]] = []


def register(source: Source, *, order: int = 100) -> None:
    """Add a box; a lower ``order`` comes first."""
    _sources.append((order, source))
    _sources.sort(key=lambda entry: entry[0])


def panels_of(partner: Partner, actor: Actor) -> list[Panel]:
    """The boxes of a partner's page, in their order."""
    found = (source(partner, actor) for _order, source in _sources)
    return [panel for panel in found if panel is not None]
