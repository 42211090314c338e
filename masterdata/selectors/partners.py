"""Finding partners."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from masterdata.kinds import Side
from masterdata.models import Partner
from masterdata.search import fold, holds_all, suggest, words_of


def matching(rows: QuerySet[Partner], text: str) -> QuerySet[Partner]:
    """Partners whose numbers, names, place or VAT ID hold every word; the trigram index serves it."""
    return rows.filter(holds_all(words_of(text)))


def suggestions(text: str, *, side: str = "", limit: int = 12) -> list[Partner]:
    """For the type-ahead, see ``masterdata.search.suggest``."""
    rows = Partner.objects.filter(active=True)
    if side:
        rows = rows.filter(is_customer=True) if side == Side.SALES else rows.filter(is_supplier=True)
    number = text.strip().upper()
    exact = Q(customer_number=number) | Q(supplier_number=number)
    return suggest(rows, exact, text, limit=limit)


def same_name(name: str, *, vat_id: str = "", but: int | None = None, limit: int = 3) -> list[Partner]:
    """Partners with the same folded name, or the same VAT ID: probably the same partner."""
    folded = fold(name)
    if not folded:
        return []
    candidates = Partner.objects.filter(Q(search_text__contains=folded) | (Q(vat_id=vat_id) & ~Q(vat_id="")))
    if but is not None:
        candidates = candidates.exclude(pk=but)
    found = [
        partner
        for partner in candidates.order_by("id")[:50]
        if fold(partner.name) == folded or (vat_id and partner.vat_id == vat_id)
    ]
    return found[:limit]


def by_ids(ids: Iterable[int]) -> dict[int, Partner]:
    """Partners with what documents copy from them, by id; one query."""
    rows = Partner.objects.select_related("group", "payment_term", "price_list", "bill_to", "ship_to")
    return rows.in_bulk(list(ids))
