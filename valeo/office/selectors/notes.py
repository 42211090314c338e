"""What the bell tells: how others decided on what I submitted, and how much of it is new."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Count, F, Q, Subquery, Window
from django.utils.translation import gettext as _

from valeo.office.kinds import allowed
from valeo.office.places import address
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Membership
from workflow.models import Approval
from workflow.models.approvals import Decision

SHOWN: Final = 6
#: the newest decisions that are looked through, so that the bell costs the same in an old company
LOOKED_THROUGH: Final = 300


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    url: str
    icon: str
    time: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class News:
    """The newest notes, and how many have come since the actor last opened the bell (more than are shown, maybe)."""

    notes: list[Note] = field(default_factory=list)
    unread: int = 0


def news_for(actor: Actor) -> News:
    """The newest decisions by others on documents that the actor wrote or submitted; one query."""
    if actor.user_id is None:
        return News()
    newest = Approval.objects.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    mine = Q(document__submitted_by_id=actor.user_id) | Q(document__created_by_id=actor.user_id)
    member = Membership.objects.filter(user_id=actor.user_id, company_id=actor.company_id)
    is_new = Q(seen_at__isnull=True) | Q(decided_at__gt=F("seen_at"))
    rows = list(
        Approval.objects.filter(
            mine, pk__in=newest, document__kind__in=[item.code for item in allowed(actor)]
        )
        .exclude(decided_by_id=actor.user_id)
        .select_related("document", "decided_by")
        .annotate(seen_at=Subquery(member.values("news_seen_at")[:1]))
        .annotate(unread=Window(Count("pk", filter=is_new)))
        .order_by("-pk")[:SHOWN]
    )
    return News([_note(row, row.seen_at) for row in rows], rows[0].unread if rows else 0)


def _note(row: Approval, seen_at: datetime | None) -> Note:
    refused = row.decision == Decision.REJECTED
    text = _("%(who)s rejected %(number)s") if refused else _("%(who)s approved %(number)s")
    return Note(
        text=text % {"who": row.decided_by or "VALEO", "number": row.document},
        url=address("documents:detail", row.document.uuid),
        icon="st-rejected" if refused else "st-approved",
        time=row.decided_at,
        is_new=seen_at is None or row.decided_at > seen_at,
    )
