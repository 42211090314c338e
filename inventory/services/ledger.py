"""The only writer of stock: locks balances in their order, costs every move, writes movements and balances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from documents.models import Document, Line
from inventory import costing
from inventory.costing import Stand, Step
from inventory.guards import below_zero_text, lot_short
from inventory.kinds import MovementKind
from inventory.models import Lot, StockMovement
from inventory.needs import Key
from valeo.core import rows as core_rows
from valeo.core.exceptions import Refused, Violation
from valeo.core.prepared import prepared

ZERO: Final = Decimal(0)
_INSERT: Final = core_rows.Insert(StockMovement)
QUANTITY_LIMIT: Final = Decimal(10) ** 12
AMOUNT_LIMIT: Final = Decimal(10) ** 16
COST_LIMIT: Final = Decimal(10) ** 11

_KEYS: Final = (
    "unnest(%(articles)s::bigint[], %(warehouses)s::bigint[], %(lots)s::text[], %(owners)s::bigint[])"
    " AS k(article, warehouse, lot, owner)"
)
_SAME_KEY: Final = (
    "b.company_id = %(company)s AND b.article_id = k.article AND b.warehouse_id = k.warehouse"
    " AND b.lot IS NOT DISTINCT FROM k.lot AND b.owner_id IS NOT DISTINCT FROM k.owner"
)
# In the order of the keys: two that make the same missing rows wait for each other in one direction only.
_MAKE: Final = f"""
INSERT INTO inventory_stockbalance (company_id, article_id, warehouse_id, lot, owner_id, on_hand, value, average_cost)
SELECT %(company)s, k.article, k.warehouse, k.lot, k.owner, 0, 0, NULL FROM {_KEYS}
WHERE NOT EXISTS (SELECT 1 FROM inventory_stockbalance b WHERE {_SAME_KEY})
ORDER BY k.article, k.warehouse, k.lot NULLS FIRST, k.owner NULLS FIRST
ON CONFLICT DO NOTHING
"""  # noqa: S608 - constants
_LOCK: Final = f"""
SELECT b.id, b.article_id, b.warehouse_id, b.lot, b.owner_id, b.on_hand, b.value, b.average_cost
FROM inventory_stockbalance b JOIN {_KEYS} ON {_SAME_KEY}
ORDER BY b.id FOR NO KEY UPDATE OF b
"""  # noqa: S608 - constants
_UPDATE: Final = """
UPDATE inventory_stockbalance AS b SET on_hand = v.on_hand, value = v.value, average_cost = v.average
FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[]) AS v(id, on_hand, value, average)
WHERE b.id = v.id
"""


@dataclass(slots=True)
class Move:
    """One change that is asked for. ``quantity`` signed.

    A move at a cost of its own (receipt, return, opening) brings ``value`` and ``unit_cost``; without them the moving
    average counts. ``counters`` is the movement that this one takes back, wholly or in part.
    """

    key: Key
    quantity: Decimal
    kind: MovementKind
    line: Line | None = None
    value: Decimal | None = None
    unit_cost: Decimal | None = None
    counters: int | None = None
    row: StockMovement | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """What all moves of one booking share. ``below_zero``: quantity per key that was accepted; None: no limit."""

    company_id: int
    user_id: int | None
    effective_on: date
    document: Document | None = None
    reason: str = ""
    entry_key: UUID | None = None
    below_zero: Mapping[Key, Decimal] | None = field(default_factory=dict)
    standard_costs: Mapping[int, Decimal | None] = field(default_factory=dict)


@dataclass(slots=True)
class _Held:
    pk: int
    stand: Stand


def lock_balances(company_id: int, keys: Iterable[Key], *, may_lack: bool = True) -> dict[Key, _Held]:
    """The balances of the keys, made where they lack, locked in the order of their ids."""
    wanted = list(dict.fromkeys(keys))
    parameters: dict[str, Any] = {
        "company": company_id,
        "articles": [key.article for key in wanted],
        "warehouses": [key.warehouse for key in wanted],
        "lots": [key.lot for key in wanted],
        "owners": [key.owner for key in wanted],
    }
    with prepared() as cursor:
        if may_lack:
            cursor.execute(_MAKE, parameters)
        cursor.execute(_LOCK, parameters)
        return {
            Key(article, warehouse, lot, owner): _Held(pk, Stand(on_hand, value, average))
            for pk, article, warehouse, lot, owner, on_hand, value, average in cursor.fetchall()
        }


def book(booking: Booking, moves: Sequence[Move], *, may_lack: bool = True) -> list[StockMovement]:
    """Cost and write the moves in their order; returns the movements, revaluations included.

    Raises ``Refused`` (409) with every key that would fall below zero without having been accepted, and (422) for
    figures beyond what the ledger holds; nothing is written then.
    """
    if not moves:
        return []
    held = lock_balances(booking.company_id, [move.key for move in moves], may_lack=may_lack)
    problems: list[Violation] = []
    rows: list[StockMovement] = []
    missing: dict[Key, Decimal] = {}
    for move in moves:
        balance = held[move.key]
        step = _step(balance.stand, move, booking)
        problems += _below_zero(move, step, booking, missing) or _too_large(move, step)
        balance.stand = step.after
        move.row = _row(booking, move, step)
        rows.append(move.row)
        if step.revaluation:
            rows.append(_revaluation(booking, move, step))
    if problems:
        raise Refused(problems, status=409)
    _make_lots(booking, moves)
    _INSERT(rows)
    _save(held.values())
    return rows


def _step(stand: Stand, move: Move, booking: Booking) -> Step:
    quantity = abs(move.quantity)
    standard = booking.standard_costs.get(move.key.article)
    if move.quantity > ZERO:
        if move.value is None:
            cost = stand.average if stand.average is not None else standard or ZERO
            return costing.receive(stand, quantity, costing.worth(quantity, cost), unit_cost=cost)
        return costing.receive(stand, quantity, move.value, unit_cost=move.unit_cost)
    if move.counters is not None and move.value is not None:
        return costing.take_back(stand, quantity, move.value, unit_cost=move.unit_cost or ZERO)
    return costing.issue(stand, quantity, standard_cost=standard)


def _below_zero(move: Move, step: Step, booking: Booking, missing: dict[Key, Decimal]) -> list[Violation]:
    after = step.after.quantity
    if move.quantity > ZERO or after >= ZERO:
        return []
    short = min(-move.quantity, -after)
    if move.key.lot is not None:
        if move.line is not None:
            return [lot_short(move.line, move.key.lot, short)]
        return [Violation("lot-short", _("The lot would fall below zero."), "quantity")]
    missing[move.key] = missing.get(move.key, ZERO) + short
    if booking.below_zero is None or missing[move.key] <= booking.below_zero.get(move.key, ZERO):
        return []
    if move.line is None:
        return [Violation("stock-below-zero", _("The stock would fall below zero."), "quantity")]
    return [Violation("stock-below-zero", below_zero_text(move.line, short), "quantity", move.line.position)]


def _too_large(move: Move, step: Step) -> list[Violation]:
    fits = (
        abs(step.after.quantity) < QUANTITY_LIMIT
        and abs(step.after.value) < AMOUNT_LIMIT
        and abs(step.value) < AMOUNT_LIMIT
        and abs(step.revaluation) < AMOUNT_LIMIT
        and max(step.unit_cost, step.after.average or ZERO) < COST_LIMIT
    )
    if fits:
        return []
    position = move.line.position if move.line else None
    return [Violation("too-large", _("The figure is too large for the stock ledger."), "quantity", position)]


def _row(booking: Booking, move: Move, step: Step) -> StockMovement:
    return StockMovement(
        company_id=booking.company_id,
        article_id=move.key.article,
        warehouse_id=move.key.warehouse,
        lot=move.key.lot,
        owner_id=move.key.owner,
        kind=move.kind,
        stock_quantity=step.quantity,
        effective_on=booking.effective_on,
        unit_cost=step.unit_cost,
        value=step.value,
        document=booking.document,
        source_line=move.line,
        reversal_of_id=move.counters,
        reason=booking.reason,
        entry_key=booking.entry_key,
        created_by_id=booking.user_id,
    )


def _revaluation(booking: Booking, move: Move, step: Step) -> StockMovement:
    row = _row(booking, move, step)
    row.kind, row.stock_quantity, row.value = MovementKind.REVALUATION, ZERO, step.revaluation
    row.entry_key = None
    row.reversal_of_id = None
    return row


def _make_lots(booking: Booking, moves: Sequence[Move]) -> None:
    new = {
        (move.key.article, move.key.lot): Lot(
            company_id=booking.company_id,
            article_id=move.key.article,
            number=move.key.lot,
            received_on=booking.effective_on,
        )
        for move in moves
        if move.key.lot is not None and move.quantity > ZERO and move.counters is None
    }
    if new:
        Lot.objects.bulk_create([new[key] for key in sorted(new)], ignore_conflicts=True)


def _save(held: Iterable[_Held]) -> None:
    rows = sorted(held, key=lambda row: row.pk)
    columns: list[list[Any]] = [
        [row.pk for row in rows],
        [row.stand.quantity for row in rows],
        [row.stand.value for row in rows],
        [row.stand.average for row in rows],
    ]
    with prepared() as cursor:
        cursor.execute(_UPDATE, columns)
