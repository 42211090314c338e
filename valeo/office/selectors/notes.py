"""What the bell tells: how others decided on what I submitted, and how much of it is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.utils.translation import gettext as _

from documents.kinds import Relation
from documents.models import Link
from masterdata.services.writing import FINANCE
from valeo.office.kinds import allowed
from valeo.office.places import address
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Membership
from workflow.models import Approval, ChangeRequest
from workflow.models.approvals import Decision
from workflow.selectors.changes import label_of

SHOWN: Final = 6
#: the newest decisions that are looked through, so that the bell costs the same in an old company
LOOKED_THROUGH: Final = 300
#: who changes what needs a second person: credit limit, bank data, tax status
ASKS: Final = (FINANCE,)


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
    """The newest decisions by others on what the actor wrote, submitted or asked for; a query for each sort."""
    if actor.user_id is None:
        return News()
    sorts = [_decisions(actor)]
    if actor.has_any(*ASKS):
        sorts.append(_changes(actor))
    notes = sorted((note for news in sorts for note in news.notes), key=lambda note: note.time, reverse=True)
    return News(notes[:SHOWN], sum(news.unread for news in sorts))


def _seen(actor: Actor) -> Subquery:
    """When the actor last opened the bell, as one column of a query."""
    member = Membership.objects.filter(user_id=actor.user_id or 0, company_id=actor.company_id)
    return Subquery(member.values("news_seen_at")[:1])


def _unread() -> Window:
    return Window(Count("pk", filter=Q(seen_at__isnull=True) | Q(decided_at__gt=F("seen_at"))))


def _links(relation: Relation, **ends: Any) -> QuerySet[Link]:
    """Links between whole documents, as those that make a correction."""
    return Link.objects.filter(relation=relation, source_line__isnull=True, **ends)


def _decisions(actor: Actor) -> News:
    """Decisions on documents that the actor wrote or submitted; that on a correction is told of its successor alone."""
    half = _links(Relation.SETTLES, source_document=OuterRef("document"))
    corrected = _links(Relation.CORRECTS, target_document=OuterRef("document"))
    newest = Approval.objects.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    mine = Q(document__submitted_by_id=actor.user_id) | Q(document__created_by_id=actor.user_id)
    rows = list(
        Approval.objects.filter(
            mine, pk__in=newest, document__kind__in=[item.code for item in allowed(actor)]
        )
        .exclude(decided_by_id=actor.user_id)
        .exclude(Exists(half))
        .select_related("document", "decided_by")
        .annotate(
            seen_at=_seen(actor), unread=_unread(),
            corrected=Subquery(corrected.values("source_document__number")[:1]),
        )
        .order_by("-pk")[:SHOWN]
    )  # fmt: skip
    return _news(
        (
            row,
            _("the correction of %(number)s") % {"number": row.corrected}
            if row.corrected
            else str(row.document),
            row.decision == Decision.REJECTED,
            address("documents:detail", row.document.uuid),
        )
        for row in rows
    )


def _changes(actor: Actor) -> News:
    """Decisions on changes of a partner that the actor asked for."""
    newest = ChangeRequest.objects.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    rows = list(
        ChangeRequest.objects.filter(pk__in=newest, requested_by_id=actor.user_id, decided_at__isnull=False)
        .exclude(decided_by_id=actor.user_id)
        .select_related("partner", "decided_by")
        .annotate(seen_at=_seen(actor), unread=_unread())
        .order_by("-decided_at", "-pk")[:SHOWN]
    )
    return _news(
        (
            row, f"{label_of(row)} {row.partner.number}", row.state == ChangeRequest.State.REJECTED,
            address("masterdata:partner", row.partner.uuid),
        )
        for row in rows
    )  # fmt: skip


def _news(rows: Iterable[tuple[Any, str, bool, str]]) -> News:
    """Rows of decisions (with ``seen_at`` and ``unread``), what they are about, whether they refuse it, its page."""
    notes, unread = [], 0
    for row, what, refused, url in rows:
        text = _("%(who)s rejected %(number)s") if refused else _("%(who)s approved %(number)s")
        notes.append(
            Note(
                text=text % {"who": row.decided_by or "VALEO", "number": what},
                url=url,
                icon="st-rejected" if refused else "st-approved",
                time=row.decided_at,
                is_new=row.seen_at is None or row.decided_at > row.seen_at,
            )
        )
        unread = row.unread
    return News(notes, unread)
