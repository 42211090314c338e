"""What the stock says to a document: blocks, and the exception of a stock below zero (contract § 4).

They read without locks and report everything; the ledger decides again under its locks.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents.case import Case
from documents.findings import ExceptionFound
from documents.kinds import Measure
from documents.models import Line
from documents.selectors.lots import lots_left
from inventory.needs import Key, Need, countered, needs_of, stocked_lines, warehouse_of
from inventory.selectors.stock import KeyRead, read_keys
from masterdata.selectors.reference import unit_symbol
from valeo.core.components import formats
from valeo.core.exceptions import Violation
from valeo.tenancy.reference import reference

ZERO: Final = Decimal(0)
READ: Final = "inventory.read"
ALLOWED: Final = "inventory.below_zero"
FREE: Final = "inventory.below_zero_is_free"


def read(case: Case) -> dict[Key, KeyRead]:
    """The keys that the case touches, read once."""
    found: dict[Key, KeyRead] | None = case.facts.get(READ)
    if found is None:
        if case.type.traits.moves_stock:
            keys = [need.key for need in needs_of(case)]
            # a line that names no lot yet is still asked for its article and warehouse
            keys += [
                Key(line.article_id or 0, warehouse) for line, warehouse in _placed(case) if line.lot_duty
            ]
        else:
            keys = [Key(line.article_id or 0, warehouse) for line, warehouse in _placed(case)]
        found = case.facts[READ] = read_keys(keys)
    return found


def _placed(case: Case) -> Iterator[tuple[Line, int]]:
    for line in stocked_lines(case):
        warehouse = warehouse_of(case, line)
        if warehouse is not None:
            yield line, warehouse


def warehouse_is_given(case: Case) -> Iterator[Violation]:
    """Goods come from somewhere."""
    for line in stocked_lines(case):
        if warehouse_of(case, line) is None:
            yield Violation("warehouse-missing", _("Choose the warehouse."), "warehouse", line.position)


def article_and_warehouse_are_active(case: Case) -> Iterator[Violation]:
    """A reversal passes: what left a closed warehouse may come back to it."""
    found = read(case)
    by_pair = {(key.article, key.warehouse): row for key, row in found.items()}
    for line, warehouse in _placed(case):
        row = by_pair.get((line.article_id or 0, warehouse))
        if row is None or countered(case, line):
            continue
        if row.warehouse_active is None:
            yield Violation("warehouse-unknown", _("There is no such warehouse."), "warehouse", line.position)
        elif not row.warehouse_active:
            yield Violation(
                "warehouse-inactive", _("This warehouse is not active."), "warehouse", line.position
            )
        if not row.article_active:
            yield Violation(
                "article-inactive",
                _("%(article)s is not active.") % {"article": line.article_number},
                "article",
                line.position,
            )


def lots_are_complete(case: Case) -> Iterator[Violation]:
    """The lots of a line are together its stock quantity, in its direction."""
    for line in stocked_lines(case):
        lots = case.lots.get(line.pk, [])
        if not line.lot_duty:
            continue
        rest = line.stock_quantity - sum((lot.stock_quantity for lot in lots), ZERO)
        if rest:
            yield Violation(
                "lots-incomplete",
                _("The lots do not add up to the line: %(rest)s %(unit)s without a lot.")
                % {"rest": formats.quantity(rest), "unit": unit_symbol(case.reference, line.stock_unit)},
                "lots",
                line.position,
            )
        if any(lot.stock_quantity * line.stock_quantity <= ZERO for lot in lots):
            yield Violation(
                "lot-direction",
                _("Each lot of a line goes in the direction of the line."),
                "lots",
                line.position,
            )


def lots_come_back_as_they_left(case: Case) -> Iterator[Violation]:
    """A lot that did not leave with the line, or came back already, would be in stock twice."""
    lines = {line.pk: line for line in case.amount_lines if line.lot_duty and case.lots.get(line.pk)}
    sources = {
        link.target_line_id: link.source_line_id
        for link in case.links_in
        if link.measure == Measure.RETURNED and link.via_id is None and link.target_line_id in lines
    }
    left = lots_left({pk for pk in sources.values() if pk}, besides=case.document.pk) if sources else {}
    for pk, source in sources.items():
        line, out = lines[pk or 0], left.get(source or 0, {})
        for lot in case.lots[line.pk]:
            open_quantity = max(ZERO, out.get(lot.lot, ZERO))
            if abs(lot.stock_quantity) <= open_quantity:
                out[lot.lot] = open_quantity - abs(lot.stock_quantity)
                continue
            text = _("Of lot %(lot)s only %(open)s %(unit)s of what was delivered can still come back.")
            yield Violation(
                "lot-not-out",
                text
                % {
                    "lot": lot.lot,
                    "open": formats.quantity(open_quantity),
                    "unit": unit_symbol(case.reference, line.stock_unit),
                },
                "lots",
                line.position,
            )


def lots_are_in_stock(case: Case) -> Iterator[Violation]:
    """A lot is never taken below zero, approved or not."""
    for need, missing in _shortages(case):
        if need.key.lot is not None:
            yield lot_short(need.line, need.key.lot, missing)


def lot_short(line: Line, lot: str, missing: Decimal) -> Violation:
    return Violation(
        "lot-short",
        _("Of lot %(lot)s of %(article)s %(missing)s %(unit)s are missing in the warehouse.")
        % {
            "lot": lot,
            "article": line.article_number,
            "missing": formats.quantity(missing),
            "unit": unit_symbol(reference(), line.stock_unit),
        },
        "lots",
        line.position,
    )


STOCK: Final = (
    warehouse_is_given,
    article_and_warehouse_are_active,
    lots_are_complete,
    lots_come_back_as_they_left,
    lots_are_in_stock,
)
RESERVATION: Final = (warehouse_is_given, article_and_warehouse_are_active)


def stock_below_zero(case: Case) -> Iterator[ExceptionFound]:
    """Articles without lot duty: a person decides; the figure is the missing quantity in the stock unit."""
    allowed: dict[Key, Decimal] = {}
    found = [(need, missing) for need, missing in _shortages(case) if need.key.lot is None]
    for need, missing in found:
        allowed[need.key] = allowed.get(need.key, ZERO) + missing
    case.facts[ALLOWED] = allowed
    for need, missing in found:
        yield ExceptionFound(
            "stock-below-zero",
            below_zero_text(need.line, missing),
            figure=missing,
            unit=need.line.stock_unit,
            line=need.line.position,
        )


def below_zero_text(line: Line, missing: Decimal) -> str:
    return _("%(article)s: %(missing)s %(unit)s are missing, the stock would fall below zero.") % {
        "article": line.article_number,
        "missing": formats.quantity(missing),
        "unit": unit_symbol(reference(), line.stock_unit),
    }


def allow_below_zero(case: Case) -> None:
    """The company asks nobody about stock below zero: the ledger lets it pass (never for lots)."""
    case.facts[FREE] = True


def _shortages(case: Case) -> Iterator[tuple[Need, Decimal]]:
    """What each part of a line lacks, taking the parts in order."""
    if not case.type.traits.moves_stock:
        return
    found = read(case)
    left: dict[Key, Decimal] = {}
    for need in needs_of(case):
        row = found.get(need.key)
        stock = left.get(need.key, row.on_hand if row else ZERO) + need.quantity
        left[need.key] = stock
        if need.quantity < ZERO and stock < ZERO:
            yield need, min(-need.quantity, -stock)
