"""The amounts of a document (freight, rebate) by document and entry, for what is made from it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

from django.db.models import Max, QuerySet

from documents import registry
from documents.models import AllowanceCharge
from documents.spec import DocumentType

Entry: TypeAlias = tuple[int, int]  # document, number of its entry


def agreed_discounts(entries: Iterable[Entry]) -> dict[Entry, Decimal]:
    """The discounts that the documents themselves state under these entries; one that is gone is left out."""
    wanted = set(entries)
    rows = AllowanceCharge.objects.filter(
        document__in={document for document, _entry in wanted}, line__isnull=True, is_charge=False,
        stated_amount__isnull=False,
    ).values_list("document_id", "entry", "stated_amount")  # fmt: skip
    return {(document, entry): amount for document, entry, amount in rows if (document, entry) in wanted}


def carriers(document_type: DocumentType) -> list[str]:
    """The kinds on which an amount goes once: all orders for an order, else what bills it (no storno: it gives back)."""
    ordering = document_type.traits.needs_delivery
    return [
        item.code
        for item in registry.all_types()
        if (item.traits.needs_delivery if ordering else _bills(item))
    ]


def everywhere() -> list[str]:
    """All kinds on which amounts go once, orders and what bills."""
    return [item.code for item in registry.all_types() if item.traits.needs_delivery or _bills(item)]


def _bills(item: DocumentType) -> bool:
    return item.traits.is_invoice and item.ledger_sign > 0


def carrying(document_ids: Iterable[int], kinds: Iterable[str]) -> QuerySet[AllowanceCharge]:
    """The rows on documents of these kinds that carry an amount of the given ones."""
    return AllowanceCharge.objects.filter(
        source_document__in=list(document_ids), source_entry__isnull=False, line__isnull=True,
        percent__isnull=True, document__kind__in=list(kinds),
    )  # fmt: skip


def highest_taken(document_id: int) -> int:
    """The highest number of an entry that anything took of the document, in force or not; 0 for none."""
    found = AllowanceCharge.objects.filter(source_document=document_id).aggregate(highest=Max("source_entry"))
    return found["highest"] or 0
