"""Reading live events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db.models import Q

from valeo.core.exceptions import NotFound
from valeo.events.models import Channel, EventHead, LiveEvent
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.scopes import READ_SCOPES

#: which scope a channel asks for; any of them is enough
CHANNEL_SCOPES: Final[dict[str, tuple[str, ...]]] = {
    Channel.WORKFLOW: READ_SCOPES,
    Channel.SALES: ("sales:read",),
    Channel.PURCHASE: ("purchase:read",),
    Channel.INVENTORY: ("inventory:read",),
    Channel.POLICY: ("policy:read",),
}
#: what the workflow channel tells of, and only to those who may read it; a change request names nothing
_DOMAINS: Final = ("sales", "purchase", "inventory")
#: a replay longer than this makes no sense: the page is better read again
REPLAY_LIMIT: Final = 1000


def channels_of(text: str) -> tuple[str, ...]:
    """The channels of a comma list; raises ``NotFound`` for one that does not exist."""
    names = tuple(dict.fromkeys(name for name in text.strip("/").split(",") if name))
    if not names or any(name not in CHANNEL_SCOPES for name in names):
        raise NotFound
    return names


def missing_scopes(actor: Actor, channels: Collection[str]) -> tuple[str, ...]:
    """The scopes of the channels that the actor may not hear."""
    denied = [CHANNEL_SCOPES[channel] for channel in channels if not actor.has_any(*CHANNEL_SCOPES[channel])]
    return tuple(dict.fromkeys(scope for scopes in denied for scope in scopes))


def hidden_domains(actor: Actor) -> frozenset[str]:
    """The domains whose documents the actor may not read: the workflow channel keeps them from him."""
    return frozenset(domain for domain in _DOMAINS if not actor.has(f"{domain}:read"))


def domain_of(channel: str, payload: Mapping[str, Any]) -> str:
    """The domain that an event of the workflow channel tells of; empty for other channels, which are of one domain."""
    return str(payload.get("domain", "")) if channel == Channel.WORKFLOW else ""


def last_event_id(company_id: int) -> int:
    """The id of the company's last event: what a page passes as ``?since=`` so that it misses none."""
    return EventHead.objects.filter(company_id=company_id).values_list("seq", flat=True).first() or 0


def replay(
    *,
    company: Company,
    channels: Collection[str],
    since: int,
    hidden: Collection[str] = (),
    limit: int = REPLAY_LIMIT,
) -> list[dict[str, Any]]:
    """The company's events of the channels after an id, oldest first, without those of ``hidden`` domains."""
    rows = LiveEvent.everywhere.filter(company_id=company.pk, seq__gt=since, channel__in=channels)
    if hidden:
        # an event without a domain is everybody's; exclude() would drop it, since NULL IN (…) is neither true nor false
        told = Q(payload__domain__isnull=True) | ~Q(payload__domain__in=list(hidden))
        rows = rows.filter(~Q(channel=Channel.WORKFLOW) | told)
    return [
        as_message(str(company.uuid), event.seq, event.channel, event.created_at, event.payload)
        for event in rows.order_by("seq")[:limit]
    ]


def as_message(
    company: str, seq: int, channel: str, at: dt.datetime, payload: Mapping[str, Any]
) -> dict[str, Any]:
    """What goes over the wire: the payload with id, time, company and channel."""
    return {
        **payload,
        "id": seq,
        "ts": at.astimezone(dt.UTC).isoformat(),
        "company": company,
        "channel": channel,
    }
