"""What changed last: the newest steps of documents that the actor may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from valeo.audit.models import AuditEntry
from valeo.core.components import formats
from valeo.office.kinds import allowed
from valeo.office.places import address
from valeo.tenancy.actor import Actor

SHOWN: Final = 8
#: entries read: several of them may tell of one click (submitted, approved, posted)
READ: Final = 60
SENTENCES: Final = {
    "create": _("{who} has begun {number}"),
    "submit": _("{who} has submitted {number}"),
    "approve": _("{who} has approved {number}"),
    "post": _("{who} has posted {number}"),
    "reject": _("{who} has rejected {number}"),
    "withdraw": _("{who} has withdrawn {number}"),
    "cancel": _("{who} has cancelled {number}"),
    "discard": _("{who} has discarded {number}"),
    "amend": _("{who} has amended {number}"),
    "propose": _("{who} has proposed an amendment of {number}"),
    "close": _("{who} has closed the rest of {number}"),
    "accept": _("{who} has noted that {number} was accepted"),
    "decline": _("{who} has noted that {number} was declined"),
}
OTHER: Final = _("{who} has changed {number}")
ICONS: Final = {
    "submit": ("st-pending", "pending"), "approve": ("st-approved", "approved"), "post": ("st-posted", "posted"),
    "reject": ("st-rejected", "rejected"), "cancel": ("st-cancelled", "cancelled"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the feed; ``text`` holds the link."""

    at: datetime
    shown: str
    full: str
    text: SafeString
    icon: str
    state: str
    reason: str


def latest(actor: Actor) -> list[Happened]:
    """The newest first; two queries."""
    kinds = {item.code: item for item in allowed(actor)}
    if not kinds:
        return []
    entries = list(
        AuditEntry.objects.filter(object_type=Document._meta.label_lower)
        .exclude(action="print")  # a print changes nothing
        .select_related("text")
        .order_by("-seq")[:READ]
    )
    documents = Document.objects.filter(kind__in=kinds).in_bulk({entry.object_id for entry in entries})
    found: list[Happened] = []
    seen: set[Any] = set()
    for entry in entries:
        document = documents.get(entry.object_id)
        click = (entry.object_id, entry.at)
        if document is None or click in seen:
            continue
        seen.add(click)
        found.append(_happened(entry, document, kinds[document.kind].icon))
        if len(found) == SHOWN:
            break
    return found


def _part(entry: AuditEntry, name: str) -> str:
    """A text of the entry; "" where it was erased."""
    text = getattr(entry, "text", None)
    part = text.parts.get(name) if text is not None else None
    return str(part[1]) if part else ""


def _when(at: datetime) -> str:
    """The time today, else the day: there is room for one of them."""
    is_today = timezone.localtime(at).date() == timezone.localdate()
    return formats.clock(at) if is_today else formats.day_month(at)


def _happened(entry: AuditEntry, document: Document, own_icon: str) -> Happened:
    icon, state = ICONS.get(entry.action, (own_icon, ""))
    who = format_html("<b>{}</b>", _part(entry, "user") or "VALEO")
    number = format_html('<a href="{}">{}</a>', address("documents:detail", document.uuid), document)
    sentence = str(SENTENCES.get(entry.action, OTHER))
    return Happened(
        at=entry.at,
        shown=_when(entry.at),
        full=formats.moment(entry.at),
        text=format_html(sentence, who=who, number=number),
        icon=icon,
        state=state,
        reason=_part(entry, "reason"),
    )
