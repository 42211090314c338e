"""What a customer owes and will owe (contract § 4): open items, posted orders and deliveries not yet invoiced.

In company currency, gross. An order counts with its open and its delivered part, a delivery only where it came from no
order and reverses nothing, so that a chain counts once. What an invoice that waits for approval has claimed counts with
that invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from documents import registry
from documents.kinds import WITHOUT_AMOUNT, Measure
from documents.spec import DocumentType
from masterdata.models import Partner
from masterdata.rounding import CENT, round_to
from payments.kinds import Side
from valeo.core import rows
from valeo.core.prepared import prepared
from valeo.tenancy.scope import current_company_id

ZERO: Final = Decimal(0)
_LIMITED: Final = rows.Read(
    Partner,
    "WHERE t.company_id = %(company)s AND t.id = %(partner)s AND t.credit_limit IS NOT NULL FOR NO KEY UPDATE",
)

_ITEMS: Final = """
SELECT partner_id, sum(open_company) FROM payments_openitem
WHERE company_id = %(company)s AND partner_id = ANY(%(partners)s) AND side = %(side)s AND settled_at IS NULL
GROUP BY partner_id
"""
# own: what the document that asks (and waits for approval) has claimed of the lines, taken out again; w: what a credit
# that waits has claimed, whose invoice still stands
_ORDERS: Final = """
WITH own AS (
  SELECT k.source_line_id AS line,
    coalesce(sum(k.quantity) FILTER (WHERE k.measure = 'delivered' AND k.counts), 0) AS delivered,
    coalesce(sum(k.quantity) FILTER (WHERE k.measure = 'returned' AND k.counts), 0) AS returned,
    coalesce(sum(k.quantity) FILTER (WHERE k.measure = 'returned' AND k.replaces), 0) AS replaced,
    coalesce(sum(k.quantity) FILTER (WHERE k.measure = 'invoiced' AND k.counts), 0) AS invoiced
  FROM documents_link k JOIN documents_document t ON t.id = k.target_document_id
  WHERE k.target_document_id = %(own)s AND t.state IN ('pending', 'approved') AND k.relation <> 'corrects'
    AND k.source_line_id IS NOT NULL
  GROUP BY k.source_line_id
), line AS (
  SELECT d.id AS document, d.bill_to_id, d.gross_company, l.quantity, l.net_amount * (1 + l.tax_rate / 100) AS gross,
    l.delivered - coalesce(o.delivered, 0) AS delivered, l.returned - coalesce(o.returned, 0) AS returned,
    l.invoiced - coalesce(o.invoiced, 0) - l.credited + coalesce(w.credited, 0) AS invoiced,
    l.quantity - l.closed AS ordered,
    l.replaced - coalesce(o.replaced, 0) AS replaced,
    d.kind = ANY(%(promising)s) AND l.is_stocked AS is_delivered, d.kind = ANY(%(moving)s) AS moves,
    d.kind = ANY(%(moving)s) AND EXISTS (
      SELECT 1 FROM documents_link k WHERE k.target_line_id = l.id
        AND (k.measure = 'delivered' OR k.relation = 'cancels')) AS counts_elsewhere
  FROM documents_document d
  JOIN documents_line l ON l.document_id = d.id
  LEFT JOIN own o ON o.line = l.id
  LEFT JOIN LATERAL (
    SELECT sum(k.quantity) AS credited FROM documents_link k JOIN documents_document t ON t.id = k.target_document_id
    WHERE l.credited <> 0 AND k.source_line_id = l.id AND k.measure = 'credited' AND k.counts
      AND t.state IN ('pending', 'approved')
  ) w ON true
  WHERE d.company_id = %(company)s AND d.bill_to_id = ANY(%(partners)s) AND d.state = 'posted'
    AND d.kind = ANY(%(kinds)s) AND l.line_kind <> ALL(%(silent)s) AND l.quantity <> 0
    AND (d.invoicing IN ('open', 'partial')
         OR d.id IN (SELECT source_document_id FROM documents_link WHERE target_document_id = %(own)s))
), rest AS (
  SELECT document, bill_to_id, gross_company, quantity, gross, CASE
    WHEN is_delivered THEN greatest(0, ordered - delivered + replaced) + delivered - returned - invoiced
    WHEN counts_elsewhere OR (moves AND quantity < 0) THEN 0
    WHEN moves THEN quantity - returned - invoiced
    ELSE ordered - invoiced END AS open
  FROM line
)
SELECT bill_to_id, sum(gross_company * open_gross / whole) FROM (
  SELECT document, bill_to_id, gross_company, sum(gross * greatest(0, open) / quantity) AS open_gross, sum(gross) AS whole
  FROM rest GROUP BY document, bill_to_id, gross_company
) per_document WHERE whole > 0 GROUP BY bill_to_id
"""
_WAITING: Final = """
SELECT d.bill_to_id, sum(d.gross_company) FROM documents_document d
WHERE d.company_id = %(company)s AND d.bill_to_id = ANY(%(partners)s) AND d.state IN ('pending', 'approved')
  AND d.kind = ANY(%(invoices)s) AND d.id IS DISTINCT FROM %(own)s
  AND EXISTS (SELECT 1 FROM documents_link k
    WHERE k.target_document_id = d.id AND k.measure = 'invoiced' AND k.relation <> 'corrects')
GROUP BY d.bill_to_id
"""
_EVERYTHING: Final = f"""
SELECT 'items', * FROM ({_ITEMS}) i(partner, amount)
UNION ALL SELECT 'orders', * FROM ({_ORDERS}) o(partner, amount)
UNION ALL SELECT 'orders', * FROM ({_WAITING}) w(partner, amount)
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a partner owes (``open_items``, credits taken off) and will owe (``open_orders``)."""

    open_items: Decimal = ZERO
    open_orders: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.open_items + self.open_orders


def promises(document_type: DocumentType) -> bool:
    """Whether a posted document of the kind is a claim to come: sold, and to be invoiced."""
    return document_type.side == "output" and Measure.INVOICED in document_type.tracks


def claims(document_type: DocumentType) -> bool:
    """Whether posting a document of the kind opens what the customer owes."""
    return (
        document_type.side == "output" and document_type.traits.opens_items and document_type.ledger_sign > 0
    )


def exposures(partner_ids: Sequence[int], *, own: int | None = None) -> dict[int, Exposure]:
    """The exposure of recipients of invoices, without the document ``own`` that asks. One query."""
    if not partner_ids:
        return {}
    kinds = [item for item in registry.all_types() if promises(item)]
    parameters: dict[str, Any] = {
        "company": current_company_id(),
        "partners": list(partner_ids),
        "own": own,
        "side": Side.CUSTOMER,
        "kinds": [item.code for item in kinds],
        "promising": [item.code for item in kinds if item.traits.needs_delivery],
        "moving": [item.code for item in kinds if item.traits.moves_stock],
        "invoices": [item.code for item in registry.all_types() if claims(item)],
        "silent": [str(kind) for kind in WITHOUT_AMOUNT],
    }
    sums = {pk: {"items": ZERO, "orders": ZERO} for pk in partner_ids}
    with prepared() as cursor:
        cursor.execute(_EVERYTHING, parameters)
        for what, partner, amount in cursor.fetchall():
            sums[partner][what] += round_to(amount or ZERO, CENT)
    return {pk: Exposure(found["items"], found["orders"]) for pk, found in sums.items()}


def exposure(partner_id: int, *, lock: bool = False, own: int | None = None) -> Exposure:
    """The exposure of one recipient; with ``lock`` under his row's lock (inside a transaction)."""
    if lock:
        Partner.objects.select_for_update(no_key=True).filter(pk=partner_id).values_list("pk").first()
    return exposures([partner_id], own=own)[partner_id]


def limit_under_lock(partner_id: int) -> Partner | None:
    """The partner locked, or None where he has no credit limit (then nothing needs the lock)."""
    return next(iter(_LIMITED(company=current_company_id(), partner=partner_id)), None)


def free_credit(partner_ids: Sequence[int]) -> dict[int, Decimal]:
    """For choices of partners (``masterdata.hooks``): what is left of the limit; those without one are left out."""
    limits = dict(
        Partner.objects.filter(pk__in=partner_ids, credit_limit__isnull=False).values_list(
            "pk", "credit_limit"
        )
    )
    found = exposures(list(limits))
    return {pk: (limit or ZERO) - found[pk].total for pk, limit in limits.items()}
