"""The stock screens: list, one article with its movements, opening balances and corrections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.forms import CorrectionForm, EntryForm, OpeningForm
from inventory.models import StockMovement
from inventory.selectors import lists
from inventory.selectors.stock import availability
from inventory.services.entries import StockEntry, record_correction, record_opening
from masterdata.listing import Page
from masterdata.models import Article, Warehouse
from masterdata.views.forms import edit
from masterdata.views.lists import Choice, Filter, ListScreen
from valeo.core.components import formats
from valeo.core.exceptions import NotFound
from valeo.tenancy.access import scoped
from valeo.tenancy.actor import Actor

READ = "inventory:read"
WRITE = "inventory:write"
MAX_QUERY = 100
MAX_KEY = 18
Record = Callable[..., StockMovement]


def _same(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


def _warehouses() -> Sequence[Choice]:
    """The warehouse decides what is summed, not which rows there are: ``StockList.rows`` reads it."""
    return [Choice(row.code, str(row), _same) for row in Warehouse.objects.order_by("code")]


class StockList(ListScreen):
    required_scopes = (READ,)
    template_name = "inventory/stock_list.html"
    table_template = "inventory/_stock_table.html"
    title = gettext_lazy("Stock")
    placeholder = gettext_lazy("Number, name, barcode, lot")
    sorts: ClassVar[dict[str, str]] = {"number": "number", "name": "name_de"}
    default_sort = "number"
    filters = (
        Filter("warehouse", gettext_lazy("Warehouse"), _warehouses),
        Filter(
            "show",
            gettext_lazy("Show"),
            lambda: (
                Choice("stocked", gettext_lazy("in stock"), lists.in_stock),
                Choice("low", gettext_lazy("below minimum"), lists.below_minimum),
            ),
        ),
    )

    @cached_property
    def warehouse(self) -> Warehouse | None:
        code = self.request.GET.get("warehouse", "").replace("\x00", "")[:12]
        return Warehouse.objects.filter(code=code).first() if code else None

    def rows(self) -> QuerySet[Article]:
        return lists.stock(self.warehouse)

    def search(self, rows: QuerySet[Article], text: str) -> QuerySet[Article]:
        return lists.matching(rows, text)

    def extend(self, page: Page) -> dict[str, Any]:
        text = self.request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
        rows = lists.matching(Article.objects.all(), text) if text else Article.objects.all()
        return {
            "value": lists.stock_value(rows, self.warehouse),
            "may_enter": self.actor.has(WRITE),
            "currency": self.request.company.currency,
        }


@scoped(READ)
def stock_article(request: Any, uuid: UUID) -> HttpResponse:
    """Where an article lies, what takes of it, and how it came to be so."""
    article = lists.find_article(uuid)
    if article is None:
        raise NotFound
    before = request.GET.get("before", "")
    known = before.isascii() and before.isdigit() and len(before) <= MAX_KEY
    movements, older = lists.movements_of(article, before=int(before) if known else None)
    context = {
        "article": article,
        "level": availability([article.pk])[article.pk],
        "balances": list(lists.balances_of(article)),
        "reservations": list(lists.reservations_of(article)),
        "movements": movements,
        "older": f"?before={older}" if older else "",
        "newest": "" if not known else reverse("inventory:article", args=[article.uuid]),
        "may_enter": request.actor.has(WRITE),
        "currency": request.company.currency,
        "live_url": request.get_full_path(),
    }
    part = request.headers.get("X-Valeo-Live") or request.headers.get("HX-Request")
    return render(
        request, "inventory/_stock_article.html" if part else "inventory/stock_article.html", context
    )


@scoped(WRITE)
def opening(request: Any) -> HttpResponse:
    """Enter the first stock of an article, then the next one."""
    return _entry(request, OpeningForm, record_opening, "inventory:opening", _("Opening balance"))


@scoped(WRITE)
def correction(request: Any) -> HttpResponse:
    """Enter what counting found."""
    return _entry(request, CorrectionForm, record_correction, "inventory:correction", _("Stock correction"))


def _entry(request: Any, form_class: type[EntryForm], record: Record, name: str, title: str) -> HttpResponse:
    form = form_class(request.POST if request.method == "POST" else None, initial=_initial(request))
    answer: list[StockMovement] = []

    def save() -> str:
        entry = form.entry()
        answer.append(_record(record, request.actor, entry))
        return f"{reverse(name)}?warehouse={entry.warehouse}"

    return edit(
        request,
        "inventory/entry_form.html",
        form=form,
        save=save,
        done=_("Recorded. The next one, please."),
        title=title,
        is_opening=form_class is OpeningForm,
    )


def _record(record: Record, actor: Actor, entry: StockEntry) -> StockMovement:
    return record(actor=actor, entry=entry)


def _initial(request: Any) -> dict[str, Any]:
    """Warehouse and article may come along in the address; what they are not is left out."""
    initial: dict[str, Any] = {"effective_on": timezone.localdate()}
    for key, model, shown in (("warehouse", Warehouse, "uuid"), ("article", Article, "number")):
        try:
            wanted = UUID(request.GET.get(key, ""))
        except ValueError:
            continue
        row = model.objects.filter(uuid=wanted).first()
        if row is not None:
            initial[key] = getattr(row, shown)
    if "warehouse" not in initial:
        house = Warehouse.objects.filter(is_default=True, active=True).first()
        if house is not None:
            initial["warehouse"] = house.uuid
    return initial


@scoped(READ, "sales:read", "purchase:read")
def lookup_articles(request: Any) -> JsonResponse:
    """Type-ahead of stock-managed articles with what is available."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
    found = [_choice(row) for row in lists.search_articles(text)]
    return JsonResponse({"results": found, "none": _("There is no such article.")})


def _choice(article: Any) -> dict[str, str]:
    stock = f"{formats.quantity(article.available)} {article.stock_unit.symbol()}"
    return {
        "id": str(article.uuid),
        "number": article.number,
        "label": article.name(),
        "sub": _("needs a lot") if article.lot_duty else "",
        "right": _("%(quantity)s available") % {"quantity": stock},
        "tone": "warn" if article.available <= 0 else "",
    }


def _of_warehouse(given: Mapping[str, str]) -> dict[str, Any]:
    """Which warehouse is asked for, as a filter; what can be none is left out."""
    code, key = given.get("warehouse", "").replace("\x00", "").strip()[:12], given.get("warehouse_id", "")
    if code:
        return {"warehouse__code": code}
    if key.isascii() and key.isdigit() and len(key) <= MAX_KEY:
        return {"warehouse_id": int(key)}
    try:
        return {"warehouse__uuid": UUID(given.get("warehouse_uuid", ""))}
    except ValueError:
        return {}


@scoped(READ, "sales:read", "purchase:read")
def lookup_lots(request: Any) -> JsonResponse:
    """Lots in stock of ``?article=`` (a number), the longest stored first.

    ``?warehouse=`` (a code), ``?warehouse_id=`` or ``?warehouse_uuid=`` narrows, as the form at hand knows it.
    """
    number = request.GET.get("article", "").replace("\x00", "").strip()[:32]
    text = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    article = Article.objects.filter(number=number).select_related("stock_unit").first()
    if article is None:
        return JsonResponse({"results": [], "none": _("Enter the article first.")})
    rows = lists.lots_of(article).filter(**_of_warehouse(request.GET))
    if text:
        rows = rows.filter(lot__icontains=text)
    symbol = article.stock_unit.symbol()
    return JsonResponse(
        {
            "results": [
                {
                    "id": row.lot,
                    "number": row.lot,
                    "label": str(row.warehouse),
                    "sub": "",
                    "right": f"{formats.quantity(row.on_hand)} {symbol}",
                    "tone": "",
                    "quantity": format(row.on_hand, "f"),
                }
                for row in rows[:12]
            ],
            "none": _("No such lot in stock."),
        }
    )
