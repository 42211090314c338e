"""Lists of the stock screens, page by page (keyset, never OFFSET)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from documents.models import Document
from inventory.models import Reservation, StockBalance, StockMovement
from masterdata.models import Article, Warehouse
from masterdata.search import fold

ZERO: Final = Decimal(0)
PAGE: Final = 50
_QUANTITY: Final = DecimalField(max_digits=24, decimal_places=6)
_AMOUNT: Final = DecimalField(max_digits=24, decimal_places=2)


def _sum(rows: QuerySet[Any], column: str, field: DecimalField[Any, Any]) -> Coalesce:
    total = (
        rows.filter(article=OuterRef("pk"))
        .order_by()
        .values("article")
        .annotate(total=Sum(column))
        .values("total")
    )
    return Coalesce(Subquery(total, output_field=field), Value(ZERO), output_field=field)


def stock(warehouse: Warehouse | None = None) -> QuerySet[Article]:
    """Stock-managed articles with ``on_hand``, ``reserved``, ``available`` and ``stock_value``; in one warehouse or all."""
    balances = _balances(warehouse)
    reservations = Reservation.objects.filter(quantity__gt=0)
    if warehouse is not None:
        reservations = reservations.filter(warehouse=warehouse)
    rows: QuerySet[Article] = (
        Article.objects.filter(stock_managed=True)
        .select_related("stock_unit")
        .annotate(
            on_hand=_sum(balances, "on_hand", _QUANTITY),
            reserved=_sum(reservations, "quantity", _QUANTITY),
            stock_value=_sum(balances, "value", _AMOUNT),
        )
        .annotate(available=F("on_hand") - F("reserved"))
    )
    return rows


def _balances(warehouse: Warehouse | None) -> QuerySet[StockBalance]:
    rows = StockBalance.objects.filter(owner__isnull=True)
    return rows if warehouse is None else rows.filter(warehouse=warehouse)


def matching(rows: QuerySet[Article], text: str) -> QuerySet[Article]:
    """By number, name, barcode or lot."""
    lots = StockBalance.objects.filter(lot__icontains=text).values("article")
    return rows.filter(Q(search_text__contains=fold(text)) | Q(pk__in=lots))


def below_minimum(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Articles of ``stock()`` of which less is available than their minimum."""
    return rows.filter(active=True, minimum_stock__gt=0, available__lt=F("minimum_stock"))


def in_stock(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.exclude(on_hand=ZERO)


def stock_value(rows: QuerySet[Article], warehouse: Warehouse | None = None) -> Decimal:
    """What the stock of these articles is worth, in the company's currency."""
    balances = _balances(warehouse).filter(article__in=rows.order_by().values("pk"))
    return balances.aggregate(total=Sum("value"))["total"] or ZERO


def below_minimum_count() -> int:
    """How many articles have less than their minimum (for the dashboard)."""
    return below_minimum(stock()).count()


def balances_of(article: Article) -> QuerySet[StockBalance]:
    """Where the article lies, lot by lot; what was emptied is left out."""
    return (
        StockBalance.objects.filter(article=article)
        .exclude(Q(on_hand=0) & Q(value=0))
        .select_related("warehouse", "owner")
        .order_by("warehouse__code", "lot", "pk")
    )


def reservations_of(article: Article) -> QuerySet[Reservation]:
    """Which order lines still take of the article."""
    return (
        Reservation.objects.filter(article=article, quantity__gt=0)
        .select_related("warehouse", "order_line__document__partner")
        .order_by("order_line__document__document_date", "pk")
    )


def movements_of(
    article: Article, *, before: int | None = None, size: int = PAGE
) -> tuple[list[StockMovement], str]:
    """Movements, newest first, and the cursor of the older ones."""
    rows = StockMovement.objects.filter(article=article).select_related(
        "warehouse", "document__partner", "created_by"
    )
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


def movements_of_document(document: Document) -> QuerySet[StockMovement]:
    return (
        StockMovement.objects.filter(document=document)
        .select_related("article__stock_unit", "warehouse")
        .order_by("pk")
    )


def lots_of(article: Article, warehouse: Warehouse | None = None) -> QuerySet[StockBalance]:
    """Lots with stock, the longest stored first: what a delivery may take."""
    rows = StockBalance.objects.filter(article=article, lot__isnull=False, owner__isnull=True, on_hand__gt=0)
    if warehouse is not None:
        rows = rows.filter(warehouse=warehouse)
    return rows.select_related("warehouse").order_by("pk")


def find_article(uuid: UUID) -> Article | None:
    return Article.objects.select_related("stock_unit").filter(uuid=uuid, stock_managed=True).first()


def search_articles(text: str, size: int = 12) -> list[Article]:
    """Stock-managed articles for a type-ahead."""
    rows = matching(stock(), text) if text else stock()
    return list(rows.filter(active=True).order_by("number")[:size])


def has_movements(article_id: int) -> bool:
    return StockMovement.objects.filter(article=article_id).exists()
