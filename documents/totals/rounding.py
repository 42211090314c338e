"""Rounding, percentages and splitting to the cent, exact for any number that `checked` lets through.

Nothing here depends on the thread's decimal context: a caller that changed it gets the same cents.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from functools import reduce
from math import floor

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)
PRICE_STEP = Decimal("0.000000001")

# Amounts are stored as numeric(18, 2).
AMOUNT_LIMIT = Decimal(10) ** 16
# Quantities, prices, rates: wider than any column, and small enough that two of them multiply exactly below.
FIGURE_LIMIT = Decimal(10) ** 18
FIGURE_DECIMALS = 30

# decimal calls rounding half away from zero ROUND_HALF_UP.  200 digits hold the product of three figures.
EXACT = Context(prec=200, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])


@dataclass(frozen=True, slots=True)
class Problem:
    """One figure that can't be calculated with: a stable code, the field, its line's or allowance's key."""

    code: str
    field: str
    key: Hashable = None


class InvalidFigures(ValueError):
    """Refusal of figures, with all problems found.

    Codes: not_finite, too_large, too_precise, negative, not_positive, missing, needs_group, repeated.
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.field}: {p.code}" + _of(p.key) for p in problems))


def _of(key: Hashable) -> str:
    return "" if key is None else f" ({key})"


def problem_code(value: Decimal) -> str | None:
    """Say why a figure can't be calculated with, else None.  TypeError for a float: it has lost its cents."""
    if not isinstance(value, Decimal):
        raise TypeError(f"money is Decimal, not {type(value).__name__}")
    if not value.is_finite():
        return "not_finite"
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -FIGURE_DECIMALS:
        return "too_precise"
    return "too_large" if value.copy_abs().compare(FIGURE_LIMIT) >= 0 else None


def checked(value: Decimal, field: str = "value") -> Decimal:
    """The value itself; raises InvalidFigures for NaN, infinity, 10^18 and more, or over 30 decimals."""
    code = problem_code(value)
    if code:
        raise InvalidFigures(Problem(code, field))
    return value


def cents(value: Decimal, field: str = "amount", key: Hashable = None) -> Decimal:
    """An exact intermediate result rounded to cents; raises InvalidFigures beyond what a column holds."""
    # plus() turns -0.00 into 0.00.
    amount = EXACT.plus(EXACT.quantize(value, CENT))
    if amount.copy_abs().compare(AMOUNT_LIMIT) >= 0:
        raise InvalidFigures(Problem("too_large", field, key))
    return amount


def ratio(numerator: Decimal, denominator: Decimal, step: Decimal = CENT) -> Decimal:
    """Divide and round once, half away from zero, without the double rounding of a cut quotient."""
    scaled = EXACT.divide(numerator.copy_abs(), step)
    quotient, rest = EXACT.divmod(scaled, denominator.copy_abs())
    if EXACT.multiply(rest, Decimal(2)).compare(denominator.copy_abs()) >= 0:
        quotient = EXACT.add(quotient, Decimal(1))
    result = EXACT.multiply(quotient, step)
    # Unlike a plain minus, copy_negate doesn't round to the thread's precision.
    return EXACT.plus(result.copy_negate() if numerator.is_signed() != denominator.is_signed() else result)


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """Their exact sum, 0.00 for none."""
    return reduce(EXACT.add, amounts, ZERO)


def round2(value: Decimal) -> Decimal:
    """Rounded to cents, half away from zero.  Raises InvalidFigures for what is no storable amount."""
    return cents(checked(value))


def percent_of(base: Decimal, percent: Decimal, *, key: Hashable = None) -> Decimal:
    """round2(base × percent ÷ 100); `key` names the line or allowance in a refusal."""
    product = EXACT.multiply(checked(base, "base"), checked(percent, "percent"))
    return cents(product.scaleb(-2, EXACT), "amount", key)


def line_amount(
    price_quantity: Decimal, price: Decimal, price_base: Decimal = Decimal(1), *, key: Hashable = None
) -> Decimal:
    """round2(price_quantity × price ÷ price_base) (BT-129, BT-146, BT-149); the base must be above 0."""
    value = EXACT.multiply(checked(price_quantity, "price_quantity"), checked(price, "price"))
    if checked(price_base, "price_base") <= 0:
        raise InvalidFigures(Problem("not_positive", "price_base"))
    return cents(value if price_base == 1 else ratio(value, price_base), "line", key)


def net_amount(gross: Decimal, rate: Decimal) -> Decimal:
    """round2(gross ÷ (1 + rate)), the rate in percent: the net inside a gross amount."""
    return cents(_without_vat(checked(gross, "gross"), rate, CENT))


def unit_net_price(price: Decimal, rate: Decimal) -> Decimal:
    """The net price inside a gross price, 9 decimals (BT-146 of a paper in gross price mode)."""
    return _without_vat(checked(price, "price"), rate, PRICE_STEP)


def _without_vat(gross: Decimal, rate: Decimal, step: Decimal) -> Decimal:
    if checked(rate, "rate") < 0:
        raise InvalidFigures(Problem("negative", "rate"))
    return ratio(EXACT.multiply(gross, HUNDRED), EXACT.add(HUNDRED, rate), step)


def largest_remainder(total: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Split a total of whole cents in proportion to the weights; the parts add up to the total.

    The largest remainders get the odd cents, ties go to the earlier weight.  Weights count by their size: a
    returned line among delivered ones must not blow the others' shares up.  Without any weight the first part
    takes all.  Raises InvalidFigures for a fraction of a cent, or for no weights at all.
    """
    if not weights:
        raise InvalidFigures(Problem("missing", "weights"))
    sizes = [abs(Fraction(checked(weight, "weight"))) for weight in weights]
    whole = sum(sizes)
    if not whole:
        sizes[0] = whole = Fraction(1)
    amount = Fraction(checked(total, "total"))
    return apportion(total, [amount * size / whole for size in sizes])


def split(total: Decimal, parts: int) -> tuple[Decimal, ...]:
    """Split a total of whole cents into equal parts that add up to it; the first ones take the odd cents."""
    return largest_remainder(total, [Decimal(1)] * parts)


def direction(ideals: Sequence[Fraction]) -> int:
    """1 or -1: to which side the parts lean, whatever their order; the negated parts lean to the other."""
    lean = sum(ideals) or sum(ideal**3 for ideal in ideals)
    return -1 if lean < 0 else 1


def apportion(total: Decimal, ideals: Sequence[Fraction]) -> tuple[Decimal, ...]:
    """Round unrounded parts (of either sign) so that they add up to a total of whole cents.

    `total` is their rounded sum, so each part stays within a cent of its ideal.  Ties go to the earlier
    part; the negated parts give the negated result.
    """
    whole = Fraction(total) * 100
    if whole.denominator != 1:
        raise InvalidFigures(Problem("too_precise", "total"))
    # Work on the positive side: a storno then mirrors its invoice in every cent.
    sign = direction(ideals)
    scaled = [ideal * 100 * sign for ideal in ideals]
    parts = [floor(value) for value in scaled]
    missing = whole.numerator * sign - sum(parts)
    if not 0 <= missing <= len(parts):
        raise ValueError("these parts don't add up to the total")
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - scaled[index], index))
    for index in by_remainder[:missing]:
        parts[index] += 1
    # Decimal(0).scaleb(-2) is 0.00, and an int has no negative zero.
    return tuple(Decimal(part * sign).scaleb(-2, EXACT) for part in parts)
