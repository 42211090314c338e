"""Finding articles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from masterdata.models import Article
from masterdata.search import holds_all, suggest, words_of


def matching(rows: QuerySet[Article], text: str) -> QuerySet[Article]:
    """Articles whose number, names or barcodes hold every word; the trigram index serves it."""
    return rows.filter(holds_all(words_of(text)))


def suggestions(text: str, *, limit: int = 12) -> list[Article]:
    """For the type-ahead, see ``masterdata.search.suggest``; a scanned barcode is exact."""
    rows = Article.objects.filter(active=True).select_related("sales_unit", "price_unit", "stock_unit")
    number = text.strip().upper()
    return suggest(rows, Q(number=number) | Q(gtin=number), text, limit=limit)


def by_ids(ids: Iterable[int]) -> dict[int, Article]:
    """Articles with their units and group, by id; one query."""
    return Article.objects.select_related("stock_unit", "sales_unit", "price_unit", "group").in_bulk(
        list(ids)
    )
