"""The two halves of a one-step correction: storno and successor, decided and posted together."""

from __future__ import annotations

from documents.kinds import Relation
from documents.models import Link
from documents.states import State

_OPEN = (State.DRAFT, State.PENDING, State.APPROVED, State.REJECTED)


def partners_of(document_id: int) -> list[int]:
    """The other halves that are not decided yet: from the storno to the successor and back."""
    rows = Link.objects.filter(relation=Relation.SETTLES, source_line__isnull=True)
    forward = rows.filter(source_document=document_id, target_document__state__in=_OPEN)
    back = rows.filter(target_document=document_id, source_document__state__in=_OPEN)
    found = [
        *forward.values_list("target_document_id", flat=True),
        *back.values_list("source_document_id", flat=True),
    ]
    return sorted(set(found))
