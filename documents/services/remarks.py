"""Notes on a document: internal, never printed, in any state."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from documents import registry
from documents.models import Document, Remark
from valeo.core.exceptions import Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

LONGEST = 4000


@transaction.atomic
def add(*, actor: Actor, document: Document, text: str) -> Remark:
    """Add a note. Raises ``Refused`` for an empty or too long one."""
    document_type = registry.get(document.kind)
    actor.require(*document_type.scopes.read)
    cleaned = text.replace("\x00", "").strip()
    if not cleaned:
        raise Refused(Violation("note-empty", _("Write something first."), "text"))
    if len(cleaned) > LONGEST:
        raise Refused(Violation("note-long", _("At most %(count)s characters.") % {"count": LONGEST}, "text"))
    remark: Remark = Remark.objects.create(
        company_id=actor.company_id, document=document, text=cleaned, created_by_id=actor.user_id
    )
    journal = Journal(actor)
    journal.event(
        channel=document_type.channel,
        payload={
            "document": str(document.uuid),
            "kind": document.kind,
            "number": document.number,
            "state": document.state,
        },
    )
    journal.flush()
    return remark
