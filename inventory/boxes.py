"""The box of stock movements on the document page."""

from __future__ import annotations

from documents.case import Case
from documents.panels import Panel
from documents.states import FROZEN
from inventory.selectors.lists import movements_of_document
from valeo.tenancy.actor import Actor


def movements_box(case: Case, actor: Actor) -> Panel | None:
    """What the document moved, for those who may see the stock."""
    if (
        not case.type.traits.moves_stock
        or case.document.state not in FROZEN
        or not actor.has("inventory:read")
    ):
        return None
    rows = list(movements_of_document(case.document))
    return Panel("inventory/_document_movements.html", {"movements": rows}) if rows else None
