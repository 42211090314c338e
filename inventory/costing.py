"""Moving average of one key (contract § 3, Ledgers): pure arithmetic, no database.

Rules: issues leave at the average, the last piece takes the remaining value, an empty stock is worth nothing and a
stock never changes the sign of its value. What is issued below zero costs the last average, else the standard cost;
when goods come in later at another cost, the difference on what was already gone is a revaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Final

CENT: Final = Decimal("0.01")
NANO: Final = Decimal("0.000000001")
ZERO: Final = Decimal(0)
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Stand:
    """Quantity, value and moving average of a key; ``average`` None where there never was a cost."""

    quantity: Decimal = ZERO
    value: Decimal = ZERO
    average: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One movement: signed quantity and value, its cost per stock unit; ``revaluation`` is value alone."""

    quantity: Decimal
    value: Decimal
    unit_cost: Decimal
    revaluation: Decimal
    after: Stand


def worth(quantity: Decimal, unit_cost: Decimal) -> Decimal:
    """round2(quantity × cost), half away from zero."""
    with localcontext(_EXACT):
        return (quantity * unit_cost).quantize(CENT) + ZERO


def per_unit(value: Decimal, quantity: Decimal) -> Decimal:
    """|value ÷ quantity|, nine decimals; 0 for no quantity."""
    with localcontext(_EXACT):
        return abs(value / quantity).quantize(NANO) + ZERO if quantity else ZERO


def part_of(value: Decimal, quantity: Decimal, whole: Decimal) -> Decimal:
    """round2(value × quantity ÷ whole)."""
    with localcontext(_EXACT):
        return (value * quantity / whole).quantize(CENT) + ZERO


def issue(stand: Stand, quantity: Decimal, *, standard_cost: Decimal | None = None) -> Step:
    """Take ``quantity`` (> 0) out at the moving average; below zero at the last average or the standard cost."""
    held = max(ZERO, stand.quantity)
    from_held = min(quantity, held)
    taken = max(ZERO, stand.value) if from_held == held else part_of(stand.value, from_held, held)
    short = quantity - from_held
    cost = _last_cost(stand, standard_cost)
    value = taken + worth(short, cost)
    if not short:
        unit_cost = per_unit(stand.value, stand.quantity)
    else:
        unit_cost = per_unit(value, quantity) if from_held else cost
    return Step(
        -quantity, -value, unit_cost, ZERO, Stand(stand.quantity - quantity, stand.value - value, cost)
    )


def receive(stand: Stand, quantity: Decimal, value: Decimal, *, unit_cost: Decimal | None = None) -> Step:
    """Bring ``quantity`` (> 0) in at ``value`` (≥ 0); what was sold below zero is revalued to the new cost."""
    cost = per_unit(value, quantity) if unit_cost is None else unit_cost
    count = stand.quantity + quantity
    if stand.quantity >= ZERO:
        target = stand.value + value
    elif count > ZERO:
        target = part_of(value, count, quantity)
    elif count < ZERO:
        target = part_of(stand.value, count, stand.quantity)
    else:
        target = ZERO
    average = per_unit(target, count) if count > ZERO else (stand.average if count < ZERO else cost)
    return Step(quantity, value, cost, target - stand.value - value, Stand(count, target, average))


def take_back(stand: Stand, quantity: Decimal, value: Decimal, *, unit_cost: Decimal) -> Step:
    """Counter an incoming movement: ``quantity`` (> 0) leaves at its own ``value`` again, as far as there is any.

    An emptied stock gives all its value, and one that stays above zero never gives more than it holds.
    """
    count = stand.quantity - quantity
    if count == ZERO:
        given = stand.value
    elif count > ZERO:
        given = min(value, stand.value)
    elif stand.quantity > ZERO:
        given = stand.value + worth(-count, unit_cost)
    else:
        given = value
    given = max(ZERO, given)
    target = stand.value - given
    average = per_unit(target, count) if count > ZERO else _last_cost(stand, unit_cost)
    return Step(-quantity, -given, unit_cost, ZERO, Stand(count, target, average))


def _last_cost(stand: Stand, otherwise: Decimal | None) -> Decimal:
    """The average as goods last came in: what is left after many issues may be worth a rounded cent."""
    if stand.average is not None:
        return stand.average
    return per_unit(stand.value, stand.quantity) if stand.quantity > ZERO else otherwise or ZERO
