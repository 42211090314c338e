"""What a document adds to its customer's exposure (contract § 4): a follow-up only its excess over its sources. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from documents import quantities, registry
from documents.case import Case
from documents.claims import claims_now
from documents.kinds import Measure, Relation
from documents.models import Document, Line, Link
from documents.spec import DocumentType
from documents.states import FROZEN, State
from masterdata.rounding import CENT, round_to
from payments.selectors.exposure import promises

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
#: two lines that are the same may differ by their rounded cents
NOISE: Final = Decimal("0.02")


def added(case: Case) -> Decimal:
    """Gross, in company currency, never below zero.

    A document from nothing adds its total. A line that came from a posted order or delivery of the same recipient adds
    what goes beyond it: more quantity than was still to be invoiced there, or a higher price. A posted document counts
    in the exposure already, so an amendment adds what it comes to beyond the content in force. The successor of a
    correction adds what goes beyond its storno, which is posted with it. What was closed adds itself when it is opened.
    """
    amends: Case | None = case.facts.get("amends")
    if amends is not None:
        return max(ZERO, case.document.gross_company - amends.document.gross_company)
    if case.document.state == State.POSTED:
        return _opened(case, case.facts.get("opens", {}))
    left: dict[int, Decimal] = {}
    linked = False
    total = ZERO
    for line in case.amount_lines:
        gross = _gross(line, case.document)
        links = [link for link in case.links_of(line) if _counts(case, link)]
        if links and line.quantity > ZERO:
            linked = True
            excess = gross - sum((_covered(case, link, left) for link in links), ZERO)
            gross = excess if excess > NOISE else ZERO
        total += gross
    if not linked:
        return max(ZERO, case.document.gross_company - taken_back(case))
    total += _new_charges(case)
    return max(ZERO, round_to(total, CENT))


def _opened(case: Case, quantities_of: Mapping[int, Decimal]) -> Decimal:
    """What these quantities of its lines come to, as the exposure counts the rest of an order."""
    whole = sum((_gross(line, case.document) for line in case.amount_lines), ZERO)
    if not quantities_of or whole <= ZERO:
        return ZERO
    part = sum(
        (
            _gross(line, case.document) * quantities_of[line.pk] / line.quantity
            for line in case.amount_lines
            if line.pk in quantities_of and line.quantity
        ),
        ZERO,
    )
    return max(ZERO, round_to(case.document.gross_company * part / whole, CENT))


def taken_back(case: Case) -> Decimal:
    """What the storno beside the successor of a correction takes back from the same customer when both are posted."""
    beside = (
        case.sources.get(link.source_document_id)
        for link in case.links_in
        if link.relation == Relation.SETTLES and link.source_line_id is None
    )
    return sum(
        (
            storno.gross_company
            for storno in beside
            if storno is not None
            and storno.state not in FROZEN
            and storno.bill_to_id == case.document.bill_to_id
        ),
        ZERO,
    )


def _gross(line: Line, document: Document) -> Decimal:
    return line.net_amount * (1 + line.tax_rate / HUNDRED) * document.exchange_rate


def _counts(case: Case, link: Link) -> bool:
    """Whether the link's source is part of the same customer's exposure already."""
    source = case.sources.get(link.source_document_id)
    if source is None or link.source_line_id not in case.source_lines:
        return False
    in_force = source.state == State.POSTED and source.bill_to_id == case.document.bill_to_id
    return in_force and promises(registry.get(source.kind))


def _covered(case: Case, link: Link, left: dict[int, Decimal]) -> Decimal:
    """The part of the source that this link takes over, at the source's price."""
    source_line = case.source_lines[link.source_line_id or 0]
    source = case.sources[link.source_document_id]
    if not source_line.quantity:
        return ZERO
    rest = left.get(source_line.pk)
    if rest is None:
        rest = _still_counted(case, source_line, registry.get(source.kind))
    part = min(link.quantity, rest)
    left[source_line.pk] = rest - part
    return _gross(source_line, source) * part / source_line.quantity


def _still_counted(case: Case, line: Line, document_type: DocumentType) -> Decimal:
    """What of the source line is still to be invoiced, as if this document were not there."""
    own: dict[str, Decimal] = {}
    for link in case.links_in:
        if link.source_line_id == line.pk and link.counts and claims_now(case, link):
            own[link.measure] = own.get(link.measure, ZERO) + link.quantity
    released: Mapping[int, Decimal] = case.facts.get("released", {})
    invoiced = line.invoiced - own.get(Measure.INVOICED, ZERO) - released.get(line.pk, ZERO) - line.credited
    if quantities.is_delivered(line, document_type):
        delivered = line.delivered - own.get(Measure.DELIVERED, ZERO)
        to_deliver = max(ZERO, line.quantity - line.closed - delivered + line.replaced)
        return max(ZERO, to_deliver + delivered - line.returned - invoiced)
    return max(ZERO, quantities.basis(line, document_type) - invoiced)


def _new_charges(case: Case) -> Decimal:
    """Freight and the like that this document brings along by itself."""
    rate = case.document.exchange_rate
    return sum(
        (
            row.amount * (1 + row.tax_rate / HUNDRED) * rate
            for row in case.allowances
            if row.line_id is None and row.is_charge and row.source_document_id is None
        ),
        ZERO,
    )
