"""What order lines should reserve: ordered − closed − delivered + returned for replacement, in stock units.

Only what has left the house counts as delivered: a delivery that waits for approval has claimed its quantity from the
order, but its goods still lie there and stay reserved.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from documents import registry
from valeo.core.prepared import prepared
from valeo.tenancy.scope import current_company_id

# %(posting)s is being posted, %(leaving)s are being cancelled by the transaction that asks.
OPEN_LINES: Final = """
SELECT l.id AS line, l.article_id AS article, coalesce(l.warehouse_id, d.warehouse_id) AS warehouse,
  round(greatest(0, l.quantity - l.closed - coalesce(moved.delivered, 0) + coalesce(moved.replaced, 0))
        * l.stock_factor, 6) AS quantity
FROM documents_line l
JOIN documents_document d ON d.id = l.document_id
LEFT JOIN LATERAL (
  SELECT sum(k.quantity) FILTER (WHERE k.measure = 'delivered' AND k.counts) AS delivered,
         sum(k.quantity) FILTER (WHERE k.measure = 'returned' AND k.replaces) AS replaced
  FROM documents_link k
  JOIN documents_document t ON t.id = k.target_document_id
  LEFT JOIN documents_link v ON v.id = k.via_id
  LEFT JOIN documents_document vt ON vt.id = v.target_document_id
  WHERE k.source_line_id = l.id
    AND (t.state = 'posted' OR t.id = ANY(%(posting)s)) AND t.id <> ALL(%(leaving)s)
    AND (v.id IS NULL OR ((vt.state = 'posted' OR vt.id = ANY(%(posting)s)) AND vt.id <> ALL(%(leaving)s)))
) moved ON true
WHERE d.company_id = %(company)s AND d.kind = ANY(%(kinds)s) AND l.is_stocked AND l.article_id IS NOT NULL
  AND coalesce(l.warehouse_id, d.warehouse_id) IS NOT NULL
  AND (d.state = 'posted' OR d.id = ANY(%(posting)s)) AND d.id <> ALL(%(leaving)s)
"""

_STORED: Final = """
SELECT r.order_line_id, r.warehouse_id, r.quantity FROM inventory_reservation r
WHERE r.company_id = %(company)s AND r.quantity > 0
"""


def reserving_kinds() -> list[str]:
    return [item.code for item in registry.all_types() if item.traits.reserves_stock]


def expected() -> dict[tuple[int, int], Decimal]:
    """What should be reserved now, by order line and warehouse; for the proof."""
    rows = _rows(OPEN_LINES)
    return {(line, warehouse): quantity for line, _article, warehouse, quantity in rows if quantity}


def stored() -> dict[tuple[int, int], Decimal]:
    return {(line, warehouse): quantity for line, warehouse, quantity in _rows(_STORED)}


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with prepared() as cursor:
        cursor.execute(
            sql, {"company": current_company_id(), "kinds": reserving_kinds(), "posting": [], "leaving": []}
        )
        return list(cursor.fetchall())
