"""What a document's lines do to the stock, by key: pure, from the rows in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from documents.case import Case
from documents.kinds import Relation
from documents.models import Line, Link


class Key(NamedTuple):
    """The key of the ledger inside a company. ``owner`` None is our own stock."""

    article: int
    warehouse: int
    lot: str | None = None
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One part of a line: ``quantity`` in stock units, plus comes in."""

    line: Line
    key: Key
    quantity: Decimal


def stocked_lines(case: Case) -> list[Line]:
    return [line for line in case.amount_lines if line.is_stocked and line.article_id is not None]


def warehouse_of(case: Case, line: Line) -> int | None:
    """The line's warehouse, else the document's."""
    return line.warehouse_id or case.document.warehouse_id


def countered(case: Case, line: Line) -> list[Link]:
    """The links by which the line takes back lines of the document that this one cancels."""
    return [link for link in case.links_of(line) if link.relation == Relation.CANCELS and link.source_line_id]


def needs_of(case: Case) -> Iterator[Need]:
    """Every part of every stocked line that names its warehouse, in the order of the lines; lots where they are due."""
    sign = case.type.traits.moves_stock
    for line in stocked_lines(case):
        warehouse = warehouse_of(case, line)
        if warehouse is None or line.article_id is None:
            continue
        if not line.lot_duty:
            yield Need(line, Key(line.article_id, warehouse), sign * line.stock_quantity)
            continue
        for lot in case.lots.get(line.pk, []):
            yield Need(line, Key(line.article_id, warehouse, lot.lot), sign * lot.stock_quantity)
