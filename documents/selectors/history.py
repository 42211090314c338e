"""The timeline of a document: what happened (audit), and what people wrote about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Document, Remark
from documents.selectors.changes import described
from valeo.audit.models import AuditEntry

LABELS = {
    "create": gettext_lazy("created the draft"),
    "edit": gettext_lazy("changed the draft"),
    "submit": gettext_lazy("submitted it"),
    "approve": gettext_lazy("approved it"),
    "reject": gettext_lazy("rejected it"),
    "withdraw": gettext_lazy("withdrew it"),
    "revise": gettext_lazy("took it up again"),
    "reopen": gettext_lazy("reopened it"),
    "discard": gettext_lazy("discarded it"),
    "post": gettext_lazy("posted it"),
    "cancel": gettext_lazy("cancelled it"),
    "close": gettext_lazy("closed the remainder"),
    "unclose": gettext_lazy("opened the remainder again"),
    "accept": gettext_lazy("noted the acceptance"),
    "decline": gettext_lazy("noted the refusal"),
    "amend": gettext_lazy("amended it"),
    "ask-anew": gettext_lazy("opened the customer's answer again"),
    "propose": gettext_lazy("proposed an amendment"),
    "reject-amendment": gettext_lazy("rejected the amendment"),
    "withdraw-amendment": gettext_lazy("withdrew the amendment"),
    "print": gettext_lazy("printed it"),
    "archive": gettext_lazy("archived the paper"),
}
ICONS = {
    "create": "st-draft", "edit": "pencil", "submit": "send", "approve": "st-approved", "reject": "st-rejected",
    "post": "st-posted", "cancel": "st-cancelled", "print": "printer", "archive": "archive", "amend": "pencil",
    "propose": "pencil",
}  # fmt: skip
STATES = {
    "approve": "approved",
    "post": "posted",
    "reject": "rejected",
    "cancel": "cancelled",
    "submit": "pending",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline."""

    at: datetime
    who: str
    what: str
    icon: str
    state: str = ""
    reason: str = ""
    quote: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    is_note: bool = False


def timeline(document: Document, *, most: int = 100) -> list[Happened]:
    """The newest first; two queries."""
    entries = (
        AuditEntry.objects.filter(object_type=Document._meta.label_lower, object_id=document.pk)
        .select_related("text")
        .order_by("-seq")[:most]
    )
    found = [_entry(entry) for entry in entries]
    remarks = Remark.objects.filter(document=document).select_related("created_by")[:most]
    found += [
        Happened(
            row.created_at, str(row.created_by or ""), _("noted"), "comment", quote=row.text, is_note=True
        )
        for row in remarks
    ]
    return sorted(found, key=lambda row: row.at, reverse=True)


def _part(entry: AuditEntry, name: str) -> Any:
    text = getattr(entry, "text", None)
    part = text.parts.get(name) if text is not None else None
    return part[1] if part else ""


def _entry(entry: AuditEntry) -> Happened:
    who = str(_part(entry, "user") or "")
    what = str(LABELS.get(entry.action, entry.action))
    if entry.data.get("released_by") == "rule":
        who, what = "", _("Released by rule: within all limits")
    changes = {**entry.changes, **(_part(entry, "changes") or {})}
    return Happened(
        at=entry.at,
        who=who,
        what=what,
        icon=ICONS.get(entry.action, "history"),
        state=STATES.get(entry.action, ""),
        reason=str(_part(entry, "reason") or ""),
        changes=[
            described(name, values[0], values[1])
            for name, values in list(changes.items())[:8]
            if isinstance(values, list) and len(values) == 2
        ],
    )
