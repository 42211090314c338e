"""Lists of the open items and their sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum

from documents.models import Document
from masterdata.models import Partner
from masterdata.search import fold
from payments.ages import Age
from payments.kinds import Side
from payments.models import OpenItem, Settlement
from payments.progress import PaymentState, payment_state

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items; ``overdue_on`` keeps what was due before that day, ``age`` what is of that age on ``today``."""

    text: str = ""
    side: str = ""
    settled: bool | None = False  # None: both
    overdue_on: date | None = None
    partner: Partner | None = None
    age: Age | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class ItemSums:
    """Sums in company currency."""

    count: int
    receivable: Decimal
    payable: Decimal
    overdue: Decimal

    @property
    def total(self) -> Decimal:
        return self.receivable + self.payable


def items(wanted: ItemFilter) -> QuerySet[OpenItem]:
    """The items of a filter, with partner and document."""
    rows = OpenItem.objects.select_related("partner", "document")
    if wanted.settled is not None:
        rows = rows.filter(settled_at__isnull=not wanted.settled)
    if wanted.side in Side.values:
        rows = rows.filter(side=wanted.side)
    if wanted.overdue_on is not None:
        rows = rows.filter(settled_at__isnull=True, due__lt=wanted.overdue_on, open_amount__gt=0)
    if wanted.age is not None and wanted.today is not None:
        rows = rows.filter(wanted.age.condition(wanted.today))
    if wanted.partner is not None:
        rows = rows.filter(partner=wanted.partner)
    if wanted.text:
        by_partner = Q(partner__search_text__contains=fold(wanted.text))
        rows = rows.filter(by_partner | Q(document__number__icontains=wanted.text))
    return rows


def sums(wanted: ItemFilter, today: date) -> ItemSums:
    """What all items of the filter leave open, whatever the page. One query."""
    late = Q(due__lt=today, open_amount__gt=0)
    found = (
        items(wanted)
        .order_by()
        .aggregate(
            count=Count("pk"),
            receivable=Sum("open_company", filter=Q(open_company__gt=0)),
            payable=Sum("open_company", filter=Q(open_company__lt=0)),
            overdue=Sum("open_company", filter=late),
        )
    )
    return ItemSums(
        found["count"], found["receivable"] or ZERO, found["payable"] or ZERO, found["overdue"] or ZERO
    )


def items_of(document: Document) -> list[OpenItem]:
    return list(OpenItem.objects.filter(document=document).order_by("position"))


def settlements_of(document: Document) -> QuerySet[Settlement]:
    """What has settled the document's items, with both documents."""
    return (
        Settlement.objects.filter(Q(item__document=document) | Q(counter_item__document=document))
        .select_related("document")
        .order_by("pk")
    )


def payment_of(document: Document, today: date) -> PaymentState:
    """How far a document is paid, and what of it is overdue."""
    return payment_state(items_of(document), today)


def payments_of(documents: Iterable[Document], today: date) -> dict[int, PaymentState]:
    """The same for a list, in one query; documents without items are left out."""
    found: dict[int, list[OpenItem]] = {}
    for item in OpenItem.objects.filter(document__in=[row.pk for row in documents]).order_by("position"):
        found.setdefault(item.document_id or 0, []).append(item)
    return {pk: payment_state(rows, today) for pk, rows in found.items()}
