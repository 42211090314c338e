"""Discounts and charges of a document as they were entered: one per cause, though stored once per VAT rate."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")


def by_cause(rows: Iterable[T], cause: Callable[[T], Hashable]) -> list[list[T]]:
    """The rows of each cause together, in the order of their first ones."""
    found: dict[Hashable, list[T]] = {}
    for row in rows:
        found.setdefault(cause(row), []).append(row)
    return list(found.values())
