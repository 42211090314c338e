"""What of its articles a document may still promise or take, for the editor and the document page."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents.case import Case
from documents.hooks import Available
from inventory.needs import stocked_lines, warehouse_of
from inventory.selectors.lists import has_movements
from inventory.selectors.stock import levels
from valeo.core.exceptions import Violation

ZERO: Final = Decimal(0)
#: what the ledger's rows are counted in; it stays what it is once the article has moved
FIXED: Final = frozenset({"stock_unit", "stock_unit_id", "lot_duty", "stock_managed"})


def for_document(case: Case) -> Mapping[int, Available]:
    """Per line position: a promise takes of what is not reserved, a delivery of what lies there. One query."""
    traits = case.type.traits
    if not traits.takes_stock:
        return {}
    placed = [
        (line, line.article_id, warehouse)
        for line in stocked_lines(case)
        if line.article_id is not None and (warehouse := warehouse_of(case, line)) is not None
    ]
    found = {
        (level.article_id, level.warehouse_id): level
        for level in levels((article, warehouse) for _line, article, warehouse in placed)
    }
    left: dict[tuple[int, int], Decimal] = {}
    shown: dict[int, Available] = {}
    for line, article, warehouse in placed:
        level = found.get((article, warehouse))
        if level is None:
            continue
        whole = level.on_hand if traits.moves_stock else level.available
        rest = left.get((article, warehouse), whole) - line.stock_quantity
        left[article, warehouse] = rest
        short = min(max(ZERO, line.stock_quantity), max(ZERO, -rest))
        shown[line.position] = Available(quantity=whole, unit=line.stock_unit, short=short)
    return shown


def article_objections(article_id: int, fields: AbstractSet[str]) -> list[Violation]:
    """What the ledger says to a change of an article that has moved."""
    wanted = sorted(fields & FIXED)
    if not wanted or not has_movements(article_id):
        return []
    return [
        Violation(
            "article-has-moved",
            _("The article has stock movements: this stays as it is."),
            name.removesuffix("_id"),
        )
        for name in wanted
    ]
