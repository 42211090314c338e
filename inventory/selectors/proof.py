"""The proof of the stock ledger: what is stored beside what the movements and links say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.db import connection

from inventory.kinds import MovementKind
from inventory.models import StockMovement
from inventory.selectors.reservations import expected, stored
from valeo.audit.models import AuditEntry
from valeo.tenancy.scope import company_scope, current_company_id

_DIFFERENT: Final = """
SELECT coalesce(b.article_id, m.article_id), coalesce(b.warehouse_id, m.warehouse_id), coalesce(b.lot, m.lot),
  coalesce(b.on_hand, 0), coalesce(m.quantity, 0), coalesce(b.value, 0), coalesce(m.value, 0)
FROM (SELECT * FROM inventory_stockbalance WHERE company_id = %(company)s) b
FULL JOIN (
  SELECT article_id, warehouse_id, lot, owner_id, sum(stock_quantity) AS quantity, sum(value) AS value
  FROM inventory_stockmovement WHERE company_id = %(company)s GROUP BY article_id, warehouse_id, lot, owner_id
) m ON m.article_id = b.article_id AND m.warehouse_id = b.warehouse_id
  AND coalesce(m.lot, '') = coalesce(b.lot, '') AND coalesce(m.owner_id, 0) = coalesce(b.owner_id, 0)
WHERE coalesce(b.on_hand, 0) <> coalesce(m.quantity, 0) OR coalesce(b.value, 0) <> coalesce(m.value, 0)
ORDER BY 1, 2, 3
"""


#: every column of a movement as stored
_DIGEST: Final = "encode(sha256(convert_to(to_jsonb(r)::text, 'UTF8')), 'hex')"


def digests_of(movements: Iterable[int]) -> dict[int, str]:
    """SHA-256 of these movements, by key; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.id, {_DIGEST} FROM inventory_stockmovement r WHERE r.id = ANY(%s) ORDER BY r.id",  # noqa: S608
            [list(movements)],
        )
        return dict(cursor.fetchall())


def verify(company_id: int) -> Iterator[str]:
    """One line per fault, for ``verify_audit``.

    Balance ≠ sum of movements, reservation ≠ open quantity, entry of a person ≠ what the audit says that he entered.
    Movements of documents are sealed by the posting entry (``documents.services.proofs``).
    """
    with company_scope(company_id):
        found = [*_faults(), *_entered()]
    yield from found


def _faults() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT, {"company": current_company_id()})
        for article, warehouse, lot, on_hand, quantity, value, worth in cursor.fetchall():
            yield (
                f"inventory: article {article} warehouse {warehouse} lot {lot or '-'}: balance {on_hand} / {value},"
                f" movements {quantity} / {worth}"
            )
    should, is_ = expected(), stored()
    for line, warehouse in sorted(should.keys() | is_.keys()):
        want, have = should.get((line, warehouse), 0), is_.get((line, warehouse), 0)
        if want != have:
            yield f"inventory: order line {line} warehouse {warehouse}: reserved {have}, open {want}"


def _entered() -> Iterator[str]:
    """Opening balances and corrections against their audit entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.id, r.kind, {_DIGEST} FROM inventory_stockmovement r "  # noqa: S608 - constants
            "WHERE r.company_id = %s AND r.document_id IS NULL ORDER BY r.id",
            [current_company_id()],
        )
        found = {pk: (kind, digest) for pk, kind, digest in cursor.fetchall()}
    told = AuditEntry.objects.filter(
        object_type=StockMovement._meta.label_lower, action__startswith="stock."
    ).order_by("seq")
    known: set[int] = set()
    for pk, data in told.values_list("object_id", "data").iterator(chunk_size=2000):
        sealed: dict[str, str] = data.get("rows", {})
        known.update({int(key) for key in sealed} | {pk or 0})
        for key, digest in sealed.items():
            if found.get(int(key), ("", ""))[1] != digest:
                yield f"inventory: movement {key} is not what the audit says that was entered"
    for pk, (kind, _digest) in found.items():
        if pk not in known and kind != MovementKind.REVALUATION:
            yield f"inventory: movement {pk} belongs to no document and nobody entered it"
