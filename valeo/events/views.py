"""Replay of live events, for who reconnects without a stream."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from valeo.core.exceptions import NotPermitted, Refused, Violation
from valeo.events import selectors
from valeo.tenancy.access import ScopedRequest, scoped
from valeo.tenancy.scopes import READ_SCOPES


@scoped(*READ_SCOPES)
@require_safe
@never_cache
def replay(request: ScopedRequest, channels: str) -> JsonResponse:
    """Events of one or several channels after ``?since=``, oldest first; ``more`` says that there are further ones."""
    names = selectors.channels_of(channels)
    missing = selectors.missing_scopes(request.actor, names)
    if missing:
        raise NotPermitted(missing)
    since = request.GET.get("since", "0")
    if not (since.isascii() and since.isdigit() and len(since) < 19):
        raise Refused(Violation("since", "since is the id of an event: a whole number.", "since"), status=400)
    limit = selectors.REPLAY_LIMIT
    events = selectors.replay(
        company=request.company,
        channels=names,
        since=int(since),
        hidden=selectors.hidden_domains(request.actor),
        limit=limit + 1,
    )
    return JsonResponse(
        {
            "events": events[:limit],
            "last": selectors.last_event_id(request.company.pk),
            "more": len(events) > limit,
        }
    )
