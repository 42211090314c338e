"""Small changes to the lines of a document, for amendments and corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from documents.inputs import LineInput

LineChange = Callable[[LineInput, int], LineInput]


def price(position: int, amount: str) -> LineChange:
    """Another price on one line."""

    def change(line: LineInput, at: int) -> LineInput:
        return replace(line, price=Decimal(amount)) if at == position else line

    return change


def quantity(position: int, wanted: str) -> LineChange:
    """Another quantity on one line, counted and charged in the same unit."""

    def change(line: LineInput, at: int) -> LineInput:
        number = Decimal(wanted)
        return replace(line, quantity=number, price_quantity=number) if at == position else line

    return change


def line_discount(position: int, percent: str) -> LineChange:
    """A discount on one line."""

    def change(line: LineInput, at: int) -> LineInput:
        return replace(line, discount_percent=Decimal(percent)) if at == position else line

    return change
