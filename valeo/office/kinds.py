"""Which kinds of documents somebody may read, write, approve or post."""

from __future__ import annotations

from documents import registry
from documents.kinds import Measure
from documents.spec import DocumentType
from valeo.tenancy.actor import Actor


def allowed(actor: Actor, right: str = "read") -> list[DocumentType]:
    """The declared kinds for which the actor holds a scope of the right."""
    return [item for item in registry.all_types() if actor.has_any(*item.scopes.of(right))]


def may_follow(actor: Actor, document_type: DocumentType, measure: Measure) -> bool:
    """Whether the actor may write what takes this measure from a document of the kind (deliver, invoice)."""
    return any(
        source.measure == measure and not source.negate and actor.has_any(*target.scopes.write)
        for target, source in registry.follow_ups(document_type.code)
    )


def goes_out(document_type: DocumentType) -> bool:
    """Whether a document of the kind takes goods out of the house, to be invoiced afterwards."""
    return document_type.traits.moves_stock < 0 and Measure.INVOICED in document_type.tracks


def sells(document_type: DocumentType) -> bool:
    """Whether a posted document of the kind counts as revenue (a credit takes from it)."""
    return document_type.side == "output" and document_type.ledger_sign != 0


def first_writable(actor: Actor) -> DocumentType | None:
    """The kind that the button for something new makes: an order, else whatever may be written directly."""
    writable = [item for item in allowed(actor, "write") if item.may_be_direct]
    return next((item for item in writable if item.traits.needs_delivery), writable[0] if writable else None)
