"""Effects of posting a delivery or a receipt: its stocked lines move stock (contract § 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents.case import Case
from documents.models import Line
from inventory import costing
from inventory.guards import ALLOWED, FREE, read
from inventory.kinds import MovementKind
from inventory.models import StockMovement
from inventory.needs import Key, Need, countered, needs_of, stocked_lines, warehouse_of
from inventory.selectors.stock import levels
from inventory.services.ledger import Booking, Move, book
from inventory.services.reservations import follow_deliveries
from valeo.core import rows
from valeo.core.exceptions import Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.scope import current_company_id

ZERO: Final = Decimal(0)
# with the net of what countered the movement: a return that was itself reversed has brought nothing back
_ORIGINALS: Final = rows.Read(
    StockMovement,
    """LEFT JOIN LATERAL (
         WITH RECURSIVE back(id, stock_quantity, value) AS (
           SELECT m.id, m.stock_quantity, m.value FROM inventory_stockmovement m WHERE m.reversal_of_id = t.id
           UNION ALL
           SELECT m.id, m.stock_quantity, m.value
           FROM inventory_stockmovement m JOIN back b ON m.reversal_of_id = b.id
         )
         SELECT coalesce(sum(stock_quantity), 0) AS quantity, coalesce(sum(value), 0) AS value FROM back
       ) back ON true
       WHERE t.company_id = %(company)s AND t.source_line_id = ANY(%(lines)s) AND t.kind <> 'revaluation' ORDER BY t.id""",
    extra="back.quantity, back.value",
)


@dataclass(slots=True)
class _Original:
    """A movement that lines of this document take back, with what is left of it to take."""

    row: StockMovement
    quantity: Decimal
    value: Decimal

    def take(self, quantity: Decimal) -> tuple[Decimal, Decimal]:
        """As much of it as there is, with its value; the last part takes what is left of the value."""
        part = min(quantity, self.quantity)
        if part == self.quantity:
            value = self.value
        else:
            value = min(self.value, costing.part_of(abs(self.row.value), part, abs(self.row.stock_quantity)))
        self.quantity -= part
        self.value -= value
        return part, value


def issue(case: Case) -> None:
    """Post a delivery: lines leave at the average, negative lines come back at their original's cost.

    Runs inside the mover's transaction, after the documents and the partner are locked and before the document's row
    is saved. Sets ``cost_price`` of the lines in memory (the mover saves them after the effects) and brings the
    reservations of the orders in line. Raises ``Refused`` (409) where the stock does not suffice any more.
    """
    _move(case)


def receive(case: Case) -> None:
    """Post a goods receipt: lines come in at their own cost, negative lines leave again at it."""
    _move(case)


def reverse(case: Case) -> None:
    """Post the reversal of a delivery or receipt: the opposite of every movement of the original, at its cost.

    ``case`` is the reversing document, whose lines carry ``cancels`` links; ``issue`` and ``receive`` do the same.
    """
    _move(case)


def _move(case: Case) -> None:
    moves = _moves(case)
    document = case.document
    found = read(case)
    below_zero = None if case.facts.get(FREE) else case.facts.get(ALLOWED, {})
    booking = Booking(
        company_id=document.company_id,
        user_id=case.actor.user_id if case.actor else None,
        effective_on=document.posting_date or document.document_date,
        document=document,
        reason=case.reason[:300],
        below_zero=below_zero,
        standard_costs={key.article: row.standard_cost for key, row in found.items()},
    )
    may_lack = any(move.key not in found or not found[move.key].exists for move in moves)
    booked = book(booking, moves, may_lack=may_lack)
    _set_costs(case, moves)
    follow_deliveries(case)
    if case.journal is not None:
        announce(case.journal, booked)


def _moves(case: Case) -> list[Move]:
    sign = case.type.traits.moves_stock
    if not sign:
        return []
    _refuse_without_warehouse(case)
    originals = _originals(case)
    moves: list[Move] = []
    reversed_lines: set[int] = set()
    for need in needs_of(case):
        sources = _sources_of(case, need.line)
        if countered(case, need.line):
            if need.line.pk not in reversed_lines:
                reversed_lines.add(need.line.pk)
                moves += _reversal(need.line, [row for pk in sources for row in originals.get(pk, [])])
            continue
        candidates = [row for pk in sources for row in originals.get(pk, []) if row.row.lot == need.key.lot]
        moves += _ordinary(case, need, candidates, outward=sign < 0)
    return moves


def _refuse_without_warehouse(case: Case) -> None:
    """The guards have said so before; without them goods must not vanish in silence."""
    lost = [line for line in stocked_lines(case) if warehouse_of(case, line) is None]
    lost += [line for line in stocked_lines(case) if line.lot_duty and not case.lots.get(line.pk)]
    if lost:
        raise Refused(
            [
                Violation("stock-nowhere", _("Warehouse or lot is missing."), "warehouse", line.position)
                for line in lost
            ]
        )


def _sources_of(case: Case, line: Line) -> list[int]:
    return [link.source_line_id for link in case.links_of(line) if link.source_line_id is not None]


def _originals(case: Case) -> dict[int, list[_Original]]:
    """The movements behind the lines that negative lines take back, with what was taken back already; one query."""
    wanted = {
        pk
        for line in stocked_lines(case)
        if line.stock_quantity < ZERO or countered(case, line)
        for pk in _sources_of(case, line)
    }
    found: dict[int, list[_Original]] = {}
    if not wanted:
        return found
    for row, (back, back_value) in _ORIGINALS.with_extra(company=current_company_id(), lines=sorted(wanted)):
        left, value = row.stock_quantity + back, row.value + back_value
        if left:
            found.setdefault(row.source_line_id or 0, []).append(_Original(row, abs(left), abs(value)))
    return found


def _reversal(line: Line, originals: Iterable[_Original]) -> list[Move]:
    """Everything that the original line moved and that has not come back yet."""
    moves = []
    for original in originals:
        sign = -1 if original.row.stock_quantity > ZERO else 1
        quantity, value = original.take(original.quantity)
        key = _key_of(original.row)
        moves.append(
            Move(
                key,
                sign * quantity,
                MovementKind.REVERSAL,
                line,
                value,
                original.row.unit_cost,
                original.row.pk,
            )
        )
    return moves


def _key_of(row: StockMovement) -> Key:
    return Key(row.article_id, row.warehouse_id, row.lot, row.owner_id)


def _ordinary(case: Case, need: Need, candidates: list[_Original], *, outward: bool) -> list[Move]:
    """A line as it stands: back at the original's cost as far as there is an original, else in its own right."""
    line, rest = need.line, abs(need.quantity)
    incoming = need.quantity > ZERO
    if line.stock_quantity > ZERO:
        kind = MovementKind.DELIVERY if outward else MovementKind.RECEIPT
        if not incoming:
            return [Move(need.key, need.quantity, kind, line)]
        value, cost = _receipt_value(case, line, rest)
        return [Move(need.key, rest, kind, line, value, cost)]
    sign = 1 if incoming else -1
    moves = []
    for original in candidates:
        if not rest:
            break
        if not original.quantity:
            continue
        part, value = original.take(rest)
        rest -= part
        unit_cost = original.row.unit_cost
        moves.append(
            Move(need.key, sign * part, MovementKind.RETURN, line, value, unit_cost, original.row.pk)
        )
    if rest:
        moves.append(Move(need.key, sign * rest, MovementKind.RETURN, line))
    return moves


def _receipt_value(case: Case, line: Line, quantity: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """A receipt's cost: the line's own, else its net amount in the company's currency; None: the average."""
    if line.cost_price is not None:
        return costing.worth(quantity, line.cost_price), line.cost_price
    if not case.type.traits.has_prices or not line.net_amount or not line.stock_quantity:
        return None, None
    cost = costing.per_unit(line.net_amount * case.document.exchange_rate, line.stock_quantity)
    return costing.worth(quantity, cost), cost


def _set_costs(case: Case, moves: list[Move]) -> None:
    """The line's cost price is what its movements cost, so that the margin and the ledger agree."""
    sums: dict[int, tuple[Line, Decimal, Decimal]] = {}
    for move in moves:
        if move.line is None or move.row is None:
            continue
        line, quantity, value = sums.get(move.line.pk, (move.line, ZERO, ZERO))
        sums[line.pk] = (line, quantity + abs(move.row.stock_quantity), value + abs(move.row.value))
    for line, quantity, value in sums.values():
        line.cost_price = costing.per_unit(value, quantity)


def announce(journal: Journal, booked: Iterable[StockMovement]) -> None:
    """A live event per article and warehouse (contract § 8), with the stock as it is now."""
    deltas: dict[tuple[int, int], Decimal] = {}
    for row in booked:
        pair = (row.article_id, row.warehouse_id)
        deltas[pair] = deltas.get(pair, ZERO) + row.stock_quantity
    for level in levels(deltas):
        journal.event(
            channel="inventory",
            payload={
                "uuid": str(level.article_uuid),
                "article": level.article_number,
                "warehouse": level.warehouse_code,
                "delta": str(deltas[level.article_id, level.warehouse_id]),
                "on_hand": str(level.on_hand),
                "reserved": str(level.reserved),
            },
        )
