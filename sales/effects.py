"""What posting does in sales, beyond what every kind does."""

from __future__ import annotations

from collections.abc import Iterator

from documents.case import Case
from documents.findings import ExceptionFound
from inventory.guards import allow_below_zero, stock_below_zero
from inventory.services import movements
from workflow.selectors.limits import limits


def move_goods(case: Case) -> None:
    """A delivery moves stock out and releases its reservation; its reversal moves exactly that back."""
    original = case.facts.get("reverses")
    if original is not None:
        # its exceptions are asked for nowhere, so neither is what the company says of them
        if not limits(case.reference).negative_stock_asks:
            allow_below_zero(case)
        movements.reverse(case)
    else:
        movements.issue(case)


def stock_exceptions(case: Case) -> Iterator[ExceptionFound]:
    """Stock below zero asks a person, unless the company says that it does not."""
    if limits(case.reference).negative_stock_asks:
        yield from stock_below_zero(case)
    else:
        allow_below_zero(case)
