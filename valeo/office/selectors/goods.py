"""Orders to deliver, deliveries to invoice, articles below their minimum."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import ngettext

from documents import quantities, registry
from documents.kinds import WITHOUT_AMOUNT
from documents.models import Document, Line
from documents.spec import DocumentType
from inventory.selectors.lists import below_minimum, stock
from masterdata.models import Article, Unit
from valeo.core.components import formats
from valeo.core.components.data import BarPart
from valeo.office import kinds
from valeo.office.places import address
from valeo.office.selectors.counting import Count, capped, counts
from valeo.office.selectors.tasks import view_condition, with_supply_day
from valeo.tenancy.actor import Actor

SHOWN: Final = 7
ARTICLES: Final = 6
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Due:
    """A document that waits; ``open_text`` is what is still open of it."""

    document: Document
    url: str
    day: dt.date | None
    is_late: bool = False
    is_today: bool = False
    open_text: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The first rows of a list, with the whole list behind it."""

    rows: list[Any] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)  # (label, url), one per list


def to_deliver(actor: Actor, today: dt.date) -> Shelf:
    """Posted orders with an open quantity, those promised first at the top; at most four queries."""
    types = [item for item in kinds.allowed(actor) if item.traits.needs_delivery]
    if not types:
        return Shelf()
    condition = Q()
    for item in types:
        condition |= Q(kind=item.kind) & view_condition(item, "open")
    waiting = with_supply_day(Document.objects.filter(condition))
    rows = _first(waiting.order_by(F("supply_day").asc(nulls_last=True), "document_date", "pk"))
    texts = _open_texts(rows)
    return Shelf(
        [_due(row, getattr(row, "supply_day", None), today, texts.get(row.pk, "")) for row in rows],
        _links(types, "open"),
    )


def to_invoice(actor: Actor, today: dt.date) -> Shelf:
    """Deliveries that are not invoiced, the oldest first; two queries."""
    types = [item for item in kinds.allowed(actor) if kinds.goes_out(item)]
    if not types:
        return Shelf()
    condition = Q()
    for item in types:
        condition |= Q(kind=item.kind) & view_condition(item, "to_invoice")
    rows = _first(Document.objects.filter(condition).order_by("document_date", "pk"))
    return Shelf([_due(row, row.document_date, None, "") for row in rows], _links(types, "to_invoice"))


def _first(rows: QuerySet[Document]) -> list[Document]:
    return list(rows.select_related("partner").defer("header_text", "footer_text", "search_text")[:SHOWN])


def _due(document: Document, day: dt.date | None, today: dt.date | None, open_text: str) -> Due:
    late = bool(day and today and day < today)
    return Due(
        document,
        address("documents:detail", document.uuid),
        day,
        late,
        day == today and day is not None,
        open_text,
    )


def _links(types: list[DocumentType], view: str) -> list[tuple[str, str]]:
    """One link per kind that has any."""
    found = counts(
        [Document.objects.filter(kind=item.kind).filter(view_condition(item, view)) for item in types]
    )
    return [
        (
            f"{count} {item.title_plural if count.number != 1 else item.title}",
            address("documents:list", item.code, view=view),
        )
        for item, count in zip(types, found, strict=True)
        if count
    ]


def _open_texts(documents: Iterable[Document]) -> dict[int, str]:
    """What is still to be delivered of each: a quantity where all lines have one unit, else how many lines."""
    open_of: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    kinds_of = {document.pk: registry.get(document.kind) for document in documents}
    if not kinds_of:
        return {}
    for line in Line.objects.filter(document__in=list(kinds_of)).exclude(line_kind__in=WITHOUT_AMOUNT):
        left = (
            quantities.to_deliver(line) if quantities.is_delivered(line, kinds_of[line.document_id]) else ZERO
        )
        if left > ZERO:
            open_of[line.document_id].append((line.unit, left))
    codes = {code for rows in open_of.values() for code, _left in rows}
    symbols = {unit.code: unit.symbol() for unit in Unit.objects.filter(code__in=codes)}
    return {pk: _open_text(rows, symbols) for pk, rows in open_of.items()}


def _open_text(rows: list[tuple[str, Decimal]], symbols: dict[str, str]) -> str:
    units = {code for code, _left in rows}
    if len(units) > 1:
        return ngettext("%(count)s line", "%(count)s lines", len(rows)) % {"count": len(rows)}
    code = units.pop()
    whole = sum((left for _code, left in rows), ZERO)
    return f"{formats.quantity(whole)} {symbols.get(code, code)}"


@dataclass(frozen=True, slots=True)
class Scarce:
    """An article of which less is available than its minimum."""

    article: Article
    url: str
    available: Decimal
    minimum: Decimal
    unit: str
    parts: list[BarPart]


@dataclass(frozen=True, slots=True)
class Scarcity:
    rows: list[Scarce]
    count: Count
    url: str


def scarce() -> Scarcity:
    """The articles furthest below their minimum; one query."""
    short = (F("available") - F("minimum_stock")) / F("minimum_stock")
    rows = list(below_minimum(stock()).order_by(short, "number", "pk")[:1000])
    return Scarcity(
        [_scarce(row) for row in rows[:ARTICLES]], capped(len(rows)), address("inventory:stock", show="low")
    )


def _scarce(article: Any) -> Scarce:
    share = max(ZERO, article.available) / article.minimum_stock
    return Scarce(
        article=article, url=address("inventory:article", article.uuid), available=article.available,
        minimum=article.minimum_stock, unit=article.stock_unit.symbol(),
        parts=[BarPart(share, "d" if share < Decimal("0.5") else "w")] if share else [],
    )  # fmt: skip
