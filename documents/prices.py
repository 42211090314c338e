"""Prices of two lines side by side, whatever unit and base each is stated in. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from documents.models import Line

#: frozen factors have six decimals: 1 ÷ 30 sacks to the kilogram is off by one part in 100,000
ROUNDED_FACTORS: Final = Decimal("0.0001")


def in_price_unit_of(line: Line, other: Line) -> Decimal:
    """The line's price for one price unit of the other."""
    price = line.price / line.price_base
    if line.price_unit == other.price_unit:
        return price
    here, there = line.price_factor * other.stock_factor, other.price_factor * line.stock_factor
    return price * here / there if there else price


def same_price(line: Line, other: Line) -> bool:
    """Whether the two charge the same for the same goods."""
    mine, theirs = in_price_unit_of(line, other), other.price / other.price_base
    if line.price_unit == other.price_unit:
        return mine == theirs
    return abs(mine - theirs) <= theirs * ROUNDED_FACTORS
