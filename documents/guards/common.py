"""Blocks that hold for every kind: each reports all it finds, with the field or line it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents import quantities, registry
from documents.case import Case
from documents.claims import claims_now
from documents.guards.sources import SOURCES
from documents.kinds import Measure, Relation
from documents.models import Line
from documents.states import State
from masterdata.selectors.reference import unit_symbol
from valeo.core.components import formats
from valeo.core.exceptions import Violation

ZERO: Final = Decimal(0)
EARLIEST_YEAR: Final = 2000
#: a delivery is written down up to a year later, or some days before the goods leave
AGE_OF_DELIVERY: Final = timedelta(days=366)
NOT_YET_DELIVERED: Final = timedelta(days=31)


def has_lines(case: Case) -> Iterator[Violation]:
    """Something to promise, move or charge."""
    if not case.amount_lines:
        yield Violation(
            "no-lines", _("Enter at least one line with an article, a service or a charge."), "lines"
        )


def nothing_is_lost(case: Case) -> Iterator[Violation]:
    """A freight or discount that found no VAT group would vanish silently."""
    if case.facts.get("unplaced"):
        yield Violation(
            "allowance-unplaced", _("A discount or charge has no line that it could belong to."), "allowances"
        )


def lines_are_whole(case: Case) -> Iterator[Violation]:
    """Every amount line says what, how much and in which unit (§ 14 (4) No. 5 UStG)."""
    for line in case.amount_lines:
        if not line.description.strip():
            yield Violation(
                "line-text", _("Say what is sold: the description is empty."), "description", line.position
            )
        if line.quantity == ZERO:
            yield Violation("line-quantity", _("The quantity must not be 0."), "quantity", line.position)
        if line.quantity < ZERO and not case.type.traits.allows_negative:
            yield Violation(
                "line-negative",
                _("A negative quantity is possible on returns only."),
                "quantity",
                line.position,
            )
        if not line.unit:
            yield Violation("line-unit", _("The unit is missing."), "unit", line.position)


def free_lines_have_a_reason(case: Case) -> Iterator[Violation]:
    """A price of 0 on our own papers needs a reason (sample, replacement, bonus)."""
    if not case.type.traits.has_prices:
        return
    for line in case.amount_lines:
        if line.price == ZERO and not line.free_reason:
            yield Violation(
                "free-without-reason", _("A price of 0 needs a reason: sample, replacement or bonus."), "price",
                line.position,
            )  # fmt: skip


def total_is_not_negative(case: Case) -> Iterator[Violation]:
    """What is sold comes to an amount to pay; money goes back by a credit note, which says what for."""
    if case.type.traits.allows_negative or any(line.quantity < ZERO for line in case.amount_lines):
        return
    if case.document.payable_total < ZERO:
        yield Violation(
            "total-negative",
            _("The total is below zero: take the discount off a later document, or write a credit note."),
            "allowances",
        )


def taxes_are_found(case: Case) -> Iterator[Violation]:
    """No rule or no rate on the supply date is a block that names what is missing."""
    if not case.type.traits.has_taxes:
        return
    for line in case.amount_lines:
        problem = line.tax_source.get("problem")
        if problem or not line.tax_category:
            text = problem or _("No tax code was found.")
            yield Violation("tax-missing", text, "tax_code", line.position)


def partner_is_active(case: Case) -> Iterator[Violation]:
    partner = case.document.partner
    for candidate, field in ((partner, "partner"), (case.document.bill_to, "bill_to")):
        if not candidate.active:
            yield Violation(
                "partner-inactive", _("%(name)s is not active.") % {"name": candidate.name}, field
            )
        if candidate.blocked:
            reason = candidate.blocked_reason
            yield Violation(
                "partner-blocked",
                _("%(name)s is blocked: %(reason)s") % {"name": candidate.name, "reason": reason},
                field,
            )
        if candidate.pk == partner.pk == case.document.bill_to_id:
            break


def dates_make_sense(case: Case) -> Iterator[Violation]:
    """Nothing is dated in the future or in another age; a span ends after it begins."""
    document, today = case.document, case.today or date.today()  # noqa: DTZ011 - the mover always sets it
    if document.date_is_set and document.document_date > today:
        yield Violation("date-future", _("The document date lies in the future."), "document_date")
    if document.posting_date and document.posting_date < document.document_date:
        yield Violation(
            "posting-before-document", _("The posting date lies before the document date."), "posting_date"
        )
    # a quotation that is entered later with its own date may have run out in the meantime
    since = document.document_date if document.date_is_set else today
    if document.valid_until and document.valid_until < since and document.state == State.DRAFT:
        yield Violation("validity-past", _("The last day of validity has passed."), "valid_until")
    spans: list[tuple[date | None, date | None, int | None]] = [
        (document.supply_from, document.supply_to, None)
    ]
    spans += [(line.supply_from, line.supply_to, line.position) for line in case.lines]
    for start, end, position in spans:
        if start and end and end < start:
            yield Violation(
                "span-order", _("The period of supply ends before it begins."), "supply_to", position
            )
        if start and not _is_plausible(case, start, today):
            yield Violation(
                "date-age",
                _("%(date)s is no plausible date of supply.") % {"date": formats.day(start)},
                "supply_from",
                position,
            )


def _is_plausible(case: Case, supply: date, today: date) -> bool:
    """A promise may be for later years; goods leave about now, and nothing is invoiced years before it is supplied.

    VAT goes by this date, so a slip of the year would take another rate. What corrects keeps the date of what it
    corrects.
    """
    corrects = any(link.relation in (Relation.CANCELS, Relation.CORRECTS) for link in case.links_in)
    if case.type.traits.moves_stock and not corrects:
        return today - AGE_OF_DELIVERY <= supply <= today + NOT_YET_DELIVERED
    latest = today.year + (1 if case.type.traits.is_invoice and not corrects else 10)
    return EARLIEST_YEAR <= supply.year <= latest


def sources_are_in_force(case: Case) -> Iterator[Violation]:
    """What is cancelled, and what the successor of a correction replaces, may have ended just now."""
    ended = {
        link.source_document_id
        for link in case.links_in
        if link.relation in (Relation.CANCELS, Relation.SETTLES)
        or (link.relation == Relation.CORRECTS and link.source_line_id is None)
    }
    for source in case.sources.values():
        if source.state != State.POSTED and source.pk not in ended:
            yield Violation(
                "source-state",
                _("%(number)s is no longer in force (%(state)s).")
                % {"number": str(source), "state": State(source.state).label},
            )


def open_quantities(case: Case) -> Iterator[Violation]:
    """Above the open quantity is refused (amend first); deliveries have their tolerance and exception."""
    for line, source_line, measure, taken, available in _takings(case):
        if taken <= available or _is_tolerated(case, source_line, measure):
            continue
        yield Violation(
            "above-open",
            _("Only %(open)s of line %(position)s of %(number)s are open.")
            % {
                "open": f"{formats.quantity(available)} {unit_symbol(case.reference, source_line.unit)}",
                "position": source_line.position,
                "number": str(case.sources[source_line.document_id]),
            },
            "quantity",
            line.position,
        )


def _is_tolerated(case: Case, source_line: Line, measure: str) -> bool:
    """Goods may go beyond what was ordered, as an exception; what is not delivered at all may not."""
    source_type = registry.get(case.sources[source_line.document_id].kind)
    return measure == Measure.RECEIVED or (
        measure == Measure.DELIVERED and quantities.is_delivered(source_line, source_type)
    )


def _takings(case: Case) -> Iterator[tuple[Line, Line, str, Decimal, Decimal]]:
    """Per direct link group: what this document takes and what was open without it."""
    grouped: dict[tuple[int, str], tuple[Line, Decimal, Decimal]] = {}
    lines = {line.pk: line for line in case.lines}
    for link in case.links_in:
        source_line = case.source_lines.get(link.source_line_id or 0)
        if (
            link.via_id is not None
            or not link.measure
            or source_line is None
            or link.target_line_id not in lines
        ):
            continue
        key = (source_line.pk, link.measure)
        line, taken, own = grouped.get(key, (lines[link.target_line_id], ZERO, ZERO))
        own += link.quantity if claims_now(case, link) and link.counts else ZERO
        grouped[key] = (line, taken + link.quantity, own)
    released: dict[int, Decimal] = case.facts.get("released", {})
    for (source_pk, measure), (line, taken, own) in grouped.items():
        source_line = case.source_lines[source_pk]
        source_type = registry.get(case.sources[source_line.document_id].kind)
        available = _open_without(source_line, measure, source_type, own + released.get(source_pk, ZERO))
        yield line, source_line, measure, taken, available


def _open_without(line: Line, measure: str, document_type: object, own: Decimal) -> Decimal:
    """The open quantity as it would be without ``own`` that already counts in the column."""
    stored = getattr(line, measure)
    setattr(line, measure, stored - own)
    try:
        return quantities.open_quantity(line, measure, document_type)  # type: ignore[arg-type]
    finally:
        setattr(line, measure, stored)


takings = _takings

COMMON = (
    has_lines,
    nothing_is_lost,
    lines_are_whole,
    free_lines_have_a_reason,
    total_is_not_negative,
    taxes_are_found,
    partner_is_active,
    dates_make_sense,
    sources_are_in_force,
    open_quantities,
    *SOURCES,
)
