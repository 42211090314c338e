"""Open quantities of a line (contract § 3, Flow): pure arithmetic on a line's progress columns."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from documents.kinds import WITHOUT_AMOUNT, Measure, Progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from documents.models import Line
    from documents.spec import DocumentType

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)


def is_delivered(line: Line, document_type: DocumentType) -> bool:
    """Whether the line waits for delivery before it may be invoiced."""
    return document_type.traits.needs_delivery and line.is_stocked


def to_deliver(line: Line) -> Decimal:
    """max(0, ordered − closed − delivered + returned for replacement), for delivered lines."""
    return max(ZERO, line.quantity - line.closed - line.delivered + line.replaced)


def basis(line: Line, document_type: DocumentType) -> Decimal:
    """What is to be charged at all: delivered − returned; where nothing is delivered, ordered − closed."""
    if is_delivered(line, document_type):
        return line.delivered - line.returned
    if document_type.traits.moves_stock:
        return line.quantity - line.returned
    return line.quantity - line.closed


def due(line: Line, document_type: DocumentType) -> Decimal:
    """Basis − invoiced + credited; negative where more was invoiced than stays with the customer."""
    return basis(line, document_type) - line.invoiced + line.credited


def to_invoice(line: Line, document_type: DocumentType) -> Decimal:
    return max(ZERO, due(line, document_type))


def to_credit(line: Line, document_type: DocumentType) -> Decimal:
    """max(0, −due − still to replace)."""
    still_to_replace = (
        min(line.replaced, to_deliver(line)) if is_delivered(line, document_type) else line.replaced
    )
    return max(ZERO, -due(line, document_type) - still_to_replace)


def open_quantity(line: Line, measure: str, document_type: DocumentType) -> Decimal:
    """What may still be taken from the line for this measure, never below zero."""
    if line.line_kind in WITHOUT_AMOUNT:
        return ZERO
    left = line.quantity - line.closed
    found = {
        Measure.ORDERED: left - line.ordered,
        Measure.DELIVERED: to_deliver(line) if is_delivered(line, document_type) else ZERO,
        Measure.RECEIVED: left - line.received + line.replaced,
        Measure.RETURNED: line.quantity - line.returned,
        Measure.INVOICED: to_invoice(line, document_type),
        Measure.BILLED: left - line.billed,
        Measure.CREDITED: line.quantity - line.credited,
    }
    return max(ZERO, found.get(Measure(measure), ZERO))


def allowed_over(line: Line, measure: str) -> Decimal:
    """Over-delivery that passes: a share of the ordered quantity over all deliveries of the line."""
    if measure not in (Measure.DELIVERED, Measure.RECEIVED):
        return ZERO
    return line.quantity * line.tolerance_percent / HUNDRED


def _progress(done: Decimal, whole: Decimal, still_open: Decimal) -> Progress:
    if still_open <= ZERO:
        return Progress.COMPLETE
    return Progress.PARTIAL if done > ZERO and whole > ZERO else Progress.OPEN


def fulfilment(lines: Iterable[Line], document_type: DocumentType) -> str:
    """Delivered, or for a quotation ordered; empty where nothing is to be fulfilled."""
    if document_type.traits.needs_delivery:
        rows = [line for line in lines if line.is_stocked and line.line_kind not in WITHOUT_AMOUNT]
        return _sum(rows, [to_deliver(line) for line in rows], [line.delivered for line in rows])
    if Measure.ORDERED in document_type.tracks:
        rows = [line for line in lines if line.line_kind not in WITHOUT_AMOUNT]
        opens = [open_quantity(line, Measure.ORDERED, document_type) for line in rows]
        return _sum(rows, opens, [line.ordered for line in rows])
    return Progress.NONE


def invoicing(lines: Iterable[Line], document_type: DocumentType) -> str:
    """Invoiced share; an order counts complete only when nothing is left to deliver either."""
    if Measure.INVOICED not in document_type.tracks:
        return Progress.NONE
    rows = [line for line in lines if line.line_kind not in WITHOUT_AMOUNT]
    opens = [
        to_invoice(line, document_type) + (to_deliver(line) if is_delivered(line, document_type) else ZERO)
        for line in rows
    ]
    return _sum(rows, opens, [line.invoiced - line.credited for line in rows])


def _sum(rows: list[Line], opens: list[Decimal], done: list[Decimal]) -> str:
    if not rows:
        return Progress.NONE
    return _progress(sum(done, ZERO), sum((row.quantity for row in rows), ZERO), sum(opens, ZERO))
