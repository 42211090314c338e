"""Of the lots that left with a line: what has not come back yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from documents.kinds import Measure
from documents.models import Line, LineLot, Link
from documents.states import LIVE
from masterdata.rounding import MICRO, round_to

ZERO: Final = Decimal(0)


def lots_left(line_ids: Iterable[int], *, besides: int | None = None) -> dict[int, dict[str, Decimal]]:
    """By line and lot: the stock quantity that left with it and has not come back; ``besides``: a return that asks."""
    left: dict[int, dict[str, Decimal]] = {}
    keys = list(line_ids)
    if not keys:
        return left
    for row in LineLot.objects.filter(line__in=keys):
        left.setdefault(row.line_id, {})[row.lot] = row.stock_quantity
    back = Link.objects.filter(
        source_line__in=keys, measure=Measure.RETURNED, via__isnull=True, target_document__state__in=LIVE
    ).exclude(target_document=besides)
    returns = dict(back.values_list("target_line", "source_line"))
    for row in LineLot.objects.filter(line__in=[pk for pk in returns if pk]):
        held = left.setdefault(returns[row.line_id] or 0, {})
        held[row.lot] = held.get(row.lot, ZERO) + row.stock_quantity  # a return's quantities are negative
    return left


def returning(line: Line, quantity: Decimal, left: Mapping[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    """A quantity of the line that comes back, over the lots that are left, in proportion; the largest takes what is odd."""
    out = {lot: amount for lot, amount in sorted(left.items()) if amount > ZERO}
    whole = sum(out.values(), ZERO)
    if not whole:
        return ()
    stock = round_to(quantity * line.stock_factor, MICRO)
    parts = {lot: round_to(stock * amount / whole, MICRO) for lot, amount in out.items()}
    parts[max(out, key=lambda lot: out[lot])] += stock - sum(parts.values(), ZERO)
    return tuple((lot, -part) for lot, part in parts.items() if part)
