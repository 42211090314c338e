"""The proof of the open items: what is stored beside what documents and settlements say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from documents import registry
from valeo.tenancy.scope import company_scope, current_company_id

_ITEMS: Final = """
SELECT i.id, i.open_amount, i.amount - coalesce(s.amount, 0) + coalesce(c.amount, 0),
  i.open_company, i.amount_company - coalesce(s.company, 0) + coalesce(c.company, 0)
FROM payments_openitem i
LEFT JOIN (SELECT item_id, sum(amount) AS amount, sum(amount_company) AS company
  FROM payments_settlement WHERE company_id = %(company)s GROUP BY item_id) s ON s.item_id = i.id
LEFT JOIN (SELECT counter_item_id, sum(amount) AS amount, sum(counter_company) AS company
  FROM payments_settlement WHERE company_id = %(company)s GROUP BY counter_item_id) c ON c.counter_item_id = i.id
WHERE i.company_id = %(company)s
  AND (i.open_amount <> i.amount - coalesce(s.amount, 0) + coalesce(c.amount, 0)
    OR i.open_company <> i.amount_company - coalesce(s.company, 0) + coalesce(c.company, 0))
ORDER BY i.id
"""
_DOCUMENTS: Final = """
SELECT d.id, d.number, k.sign * d.payable_total, coalesce(sum(i.amount), 0),
  k.sign * d.payable_company, coalesce(sum(i.amount_company), 0)
FROM documents_document d
JOIN unnest(%(kinds)s::text[], %(signs)s::int[]) AS k(kind, sign) ON k.kind = d.kind
LEFT JOIN payments_openitem i ON i.company_id = d.company_id AND i.document_id = d.id
WHERE d.company_id = %(company)s AND d.number <> ''
GROUP BY d.id, d.number, k.sign, d.payable_total, d.payable_company
HAVING k.sign * d.payable_total <> coalesce(sum(i.amount), 0)
  OR k.sign * d.payable_company <> coalesce(sum(i.amount_company), 0)
ORDER BY d.id
"""
_PARTNERS: Final = """
SELECT s.id FROM payments_settlement s JOIN payments_openitem a ON a.id = s.item_id
JOIN payments_openitem b ON b.id = s.counter_item_id
WHERE s.company_id = %(company)s
  AND (a.partner_id <> b.partner_id OR a.currency <> b.currency OR a.amount < 0 OR b.amount > 0)
"""
#: an item says what its document's instalment says; the document itself is vouched for by its posting entry
_TERMS: Final = """
SELECT i.id, d.number FROM payments_openitem i
JOIN documents_document d ON d.company_id = i.company_id AND d.id = i.document_id
LEFT JOIN documents_instalment t ON t.document_id = d.id AND t.position = i.position
WHERE i.company_id = %(company)s AND (i.currency <> d.currency
  OR i.posting_date <> coalesce(d.posting_date, d.document_date) OR i.due <> coalesce(t.due, d.document_date)
  OR (i.side = 'customer' AND i.partner_id <> d.bill_to_id) OR i.skonto_until IS DISTINCT FROM t.skonto_until
  OR i.skonto_percent IS DISTINCT FROM t.skonto_percent OR i.skonto_base IS DISTINCT FROM t.skonto_base)
ORDER BY i.id
"""


def verify(company_id: int) -> Iterator[str]:
    """One line per fault, for ``verify_audit``: item ≠ amount − settlements, items ≠ the posted document's payable."""
    with company_scope(company_id):
        found = list(_faults())
    yield from found


def _faults() -> Iterator[str]:
    opening = [item for item in registry.all_types() if item.traits.opens_items]
    parameters: dict[str, Any] = {
        "company": current_company_id(),
        "kinds": [item.code for item in opening],
        "signs": [item.ledger_sign for item in opening],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, parameters)
        for pk, open_amount, should, company, should_company in cursor.fetchall():
            yield f"payments: item {pk}: open {open_amount} / {company}, should be {should} / {should_company}"
        cursor.execute(_DOCUMENTS, parameters)
        for _pk, number, payable, amount, in_company, amount_company in cursor.fetchall():
            yield f"payments: {number}: payable {payable} / {in_company}, items {amount} / {amount_company}"
        cursor.execute(_TERMS, parameters)
        for pk, number in cursor.fetchall():
            yield f"payments: item {pk} of {number}: partner, currency, dates or discount are not the document's"
        cursor.execute(_PARTNERS, parameters)
        for (pk,) in cursor.fetchall():
            yield f"payments: settlement {pk} joins items that do not belong together"
