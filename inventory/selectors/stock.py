"""What lies where, for many articles in one query each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from inventory.needs import Key
from valeo.tenancy.scope import current_company_id

ZERO: Final = Decimal(0)

_READ: Final = """
SELECT k.article, k.warehouse, k.lot, a.active, a.standard_cost, w.active, b.id, b.on_hand
FROM unnest(%(articles)s::bigint[], %(warehouses)s::bigint[], %(lots)s::text[]) AS k(article, warehouse, lot)
LEFT JOIN masterdata_article a ON a.company_id = %(company)s AND a.id = k.article
LEFT JOIN masterdata_warehouse w ON w.company_id = %(company)s AND w.id = k.warehouse
LEFT JOIN inventory_stockbalance b ON b.company_id = %(company)s AND b.article_id = k.article
  AND b.warehouse_id = k.warehouse AND b.lot IS NOT DISTINCT FROM k.lot AND b.owner_id IS NULL
"""

_LEVELS: Final = """
SELECT a.id, a.uuid, a.number, w.id, w.uuid, w.code,
  (SELECT coalesce(sum(b.on_hand), 0) FROM inventory_stockbalance b
    WHERE b.company_id = %(company)s AND b.article_id = a.id AND b.warehouse_id = w.id AND b.owner_id IS NULL),
  (SELECT coalesce(sum(r.quantity), 0) FROM inventory_reservation r
    WHERE r.company_id = %(company)s AND r.article_id = a.id AND r.warehouse_id = w.id AND r.quantity > 0)
FROM unnest(%(articles)s::bigint[], %(warehouses)s::bigint[]) AS k(article, warehouse)
JOIN masterdata_article a ON a.company_id = %(company)s AND a.id = k.article
JOIN masterdata_warehouse w ON w.company_id = %(company)s AND w.id = k.warehouse
ORDER BY a.id, w.id
"""

_TOTALS: Final = """
SELECT k.article,
  (SELECT coalesce(sum(b.on_hand), 0) FROM inventory_stockbalance b
    WHERE b.company_id = %(company)s AND b.article_id = k.article AND b.owner_id IS NULL
      AND (%(warehouse)s::bigint IS NULL OR b.warehouse_id = %(warehouse)s)),
  (SELECT coalesce(sum(r.quantity), 0) FROM inventory_reservation r
    WHERE r.company_id = %(company)s AND r.article_id = k.article AND r.quantity > 0
      AND (%(warehouse)s::bigint IS NULL OR r.warehouse_id = %(warehouse)s))
FROM unnest(%(articles)s::bigint[]) AS k(article)
"""


@dataclass(frozen=True, slots=True)
class KeyRead:
    """A key as it stands without a lock. ``article_active`` or ``warehouse_active`` None: there is none here."""

    on_hand: Decimal
    exists: bool
    article_active: bool | None
    warehouse_active: bool | None
    standard_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Level:
    """Our own stock of an article in one warehouse, all lots together."""

    article_id: int
    article_uuid: UUID
    article_number: str
    warehouse_id: int
    warehouse_uuid: UUID
    warehouse_code: str
    on_hand: Decimal
    reserved: Decimal

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class Availability:
    """Our own stock of an article: what lies there, what orders still take of it."""

    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        """May be negative: more is promised than there is."""
        return self.on_hand - self.reserved


def read_keys(keys: Iterable[Key]) -> dict[Key, KeyRead]:
    """Balances of our own stock with what matters of article and warehouse; one query."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    rows = _rows(
        _READ,
        articles=[key.article for key in wanted],
        warehouses=[key.warehouse for key in wanted],
        lots=[key.lot for key in wanted],
    )
    return {
        Key(article, warehouse, lot): KeyRead(
            on_hand or ZERO, balance is not None, article_on, warehouse_on, cost
        )
        for article, warehouse, lot, article_on, cost, warehouse_on, balance, on_hand in rows
    }


def levels(pairs: Iterable[tuple[int, int]]) -> list[Level]:
    """Stock and reservations of (article, warehouse) pairs; one query."""
    wanted = sorted(set(pairs))
    if not wanted:
        return []
    rows = _rows(_LEVELS, articles=[pair[0] for pair in wanted], warehouses=[pair[1] for pair in wanted])
    return [Level(*row) for row in rows]


def availability(article_ids: Sequence[int], *, warehouse_id: int | None = None) -> dict[int, Availability]:
    """On hand, reserved and available per article, in its stock unit; over all warehouses or in one. One query."""
    if not article_ids:
        return {}
    rows = _rows(_TOTALS, articles=list(article_ids), warehouse=warehouse_id)
    return {article: Availability(on_hand, reserved) for article, on_hand, reserved in rows}


def available(article_ids: Sequence[int]) -> Mapping[int, Decimal]:
    """For choices of articles (``masterdata.hooks``): quantity that is not reserved."""
    return {pk: found.available for pk, found in availability(article_ids).items()}


def _rows(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"company": current_company_id(), **parameters})
        return list(cursor.fetchall())
