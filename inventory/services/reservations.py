"""Reservations of order lines: made at posting, kept in step with deliveries, closings and amendments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from documents.case import Case
from documents.kinds import Relation
from documents.models import Line
from inventory.models import Reservation
from inventory.selectors.reservations import OPEN_LINES, reserving_kinds
from valeo.core.prepared import prepared

# A line reserves in one warehouse; after an amendment another one's row is emptied.
_STORE: Final = f"""
WITH wanted AS ({OPEN_LINES} AND %(which)s), other AS (
  UPDATE inventory_reservation r SET quantity = 0, changed_at = now()
  FROM wanted w WHERE r.order_line_id = w.line AND r.warehouse_id <> w.warehouse AND r.quantity > 0
)
INSERT INTO inventory_reservation (company_id, order_line_id, article_id, warehouse_id, quantity, changed_at)
SELECT %(company)s, w.line, w.article, w.warehouse, w.quantity, now() FROM wanted w
WHERE w.quantity > 0
   OR EXISTS (SELECT 1 FROM inventory_reservation r WHERE r.order_line_id = w.line AND r.warehouse_id = w.warehouse)
ORDER BY w.line
ON CONFLICT (order_line_id, warehouse_id)
DO UPDATE SET quantity = excluded.quantity, article_id = excluded.article_id, changed_at = excluded.changed_at
"""  # noqa: S608 - constants
_OF_DOCUMENT: Final = "l.document_id = ANY(%(documents)s)"
_OF_DELIVERY: Final = """l.id IN (SELECT k.source_line_id FROM documents_link k
  WHERE k.target_document_id = ANY(%(documents)s) AND k.measure IN ('delivered', 'returned'))"""
_BY_DOCUMENT: Final = _STORE.replace("%(which)s", _OF_DOCUMENT)
# An amended line may ask for nothing that is in stock any more: its rows are emptied, too.
_ANEW: Final = _BY_DOCUMENT.replace(
    "\n)\nINSERT",
    """
), gone AS (
  UPDATE inventory_reservation r SET quantity = 0, changed_at = now()
  FROM documents_line l WHERE l.id = r.order_line_id AND l.document_id = ANY(%(documents)s) AND r.quantity > 0
    AND r.company_id = %(company)s AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.line = l.id)
)
INSERT""",
)
_BY_DELIVERY: Final = _STORE.replace("%(which)s", _OF_DELIVERY)


def reserve(case: Case) -> None:
    """Effect of posting an order: its stocked lines reserve their open quantity. One statement, no lock on balances."""
    _of_order(_BY_DOCUMENT, case)


def adjust_reservation(case: Case) -> None:
    """Effect of amending or closing an order, after its lines were saved; a line that is gone took its row along."""
    _of_order(_ANEW, case)


def _of_order(sql: str, case: Case) -> None:
    document = case.document
    _run(sql, company_id=document.company_id, documents=[document.pk], posting=[document.pk])


def release_reservation(lines: Case | Iterable[Line]) -> None:
    """Nothing stays reserved for the order (or for these lines of one)."""
    rows = Reservation.objects.filter(quantity__gt=0)
    if isinstance(lines, Case):
        rows = rows.filter(order_line__document=lines.document)
    else:
        rows = rows.filter(order_line__in=[line.pk for line in lines])
    rows.update(quantity=0)


def follow_deliveries(case: Case) -> None:
    """After a delivery, a return or their reversal: the order lines behind it reserve what is still to leave."""
    cancelled = [link.source_document_id for link in case.links_in if link.relation == Relation.CANCELS]
    if not case.links_in:
        return
    document = case.document
    _run(
        _BY_DELIVERY,
        company_id=document.company_id,
        documents=[document.pk, *cancelled],
        posting=[document.pk],
        leaving=cancelled,
    )


def _run(
    sql: str, *, company_id: int, documents: list[int], posting: list[int], leaving: Iterable[int] = ()
) -> None:
    with prepared() as cursor:
        cursor.execute(
            sql,
            {
                "company": company_id,
                "kinds": reserving_kinds(),
                "documents": documents,
                "posting": posting,
                "leaving": list(leaving),
            },
        )
