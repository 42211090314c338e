"""What every full page shows around its content (docs/components.md, "Page frames")."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from valeo.events.selectors import last_event_id
from valeo.office.navigation import Group, navigation
from valeo.office.selectors.notes import News, news_for
from valeo.tenancy.access import ScopedRequest
from workflow.selectors.inbox import waiting_count


class Frame:
    """Read once per request, and only by a page that shows it: parts and JSON cost nothing."""

    def __init__(self, request: ScopedRequest) -> None:
        self.request = request

    @cached_property
    def inbox_count(self) -> int:
        return waiting_count(self.request.actor)

    @cached_property
    def last_event(self) -> int:
        """From where the page's stream goes on, so that nothing is missed between making it and connecting."""
        return last_event_id(self.request.company.pk)

    @cached_property
    def navigation(self) -> list[Group]:
        return navigation(self.request.actor, self.request.path, self.inbox_count)

    @cached_property
    def news(self) -> News:
        return news_for(self.request.actor)

    @property
    def bell_count(self) -> int:
        """What is new since the bell was last opened, and what waits for the reader's decision."""
        return self.news.unread + self.inbox_count


def frame_of(request: ScopedRequest) -> Frame:
    """The request's frame, the same for its view and its templates."""
    found: Frame | None = getattr(request, "office_frame", None)
    if found is None:
        found = Frame(request)
        request.office_frame = found  # type: ignore[attr-defined]
    return found


def frame(request: HttpRequest) -> dict[str, Any]:
    """``nav``, ``inbox_count``, ``bell_count``, ``news``, each read where a template asks; nothing on public pages."""
    if getattr(request, "actor", None) is None:
        return {}
    found = frame_of(request)  # type: ignore[arg-type]
    return {
        "nav": lambda: found.navigation,
        "inbox_count": lambda: found.inbox_count,
        "last_event": lambda: found.last_event,
        "bell_count": lambda: found.bell_count,
        "news": lambda: found.news,
    }
