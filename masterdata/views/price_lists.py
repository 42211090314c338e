"""Price lists with their prices."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from masterdata.forms import PriceForm, PriceListForm
from masterdata.listing import page_of
from masterdata.models import Price, PriceList
from masterdata.search import words_of
from masterdata.services.price_lists import (
    create_price_list,
    remove_price,
    save_price,
    update_price_list,
)  # fmt: skip
from masterdata.views.forms import edit, found, posted, version_of
from masterdata.views.lists import ListScreen, may_write, page_link, summary, yes_no
from valeo.tenancy.access import scoped
from valeo.tenancy.scopes import READ_SCOPES

WRITE = ("sales:write", "purchase:write")


class PriceListList(ListScreen):
    template_name = "masterdata/price_list_list.html"
    table_template = "masterdata/_price_list_table.html"
    title = gettext_lazy("Price lists")
    placeholder = gettext_lazy("Code, name")
    sorts: ClassVar[dict[str, str]] = {"code": "code", "name": "name", "changed": "changed_at"}
    default_sort = "code"
    filters = (yes_no("active", gettext_lazy("Active"), "active", preset="yes"),)

    def rows(self) -> QuerySet[PriceList]:
        rows: QuerySet[Any] = PriceList.objects.annotate(price_count=Count("prices"))
        return rows

    def search(self, rows: QuerySet[PriceList], text: str) -> QuerySet[PriceList]:
        return rows.filter(Q(code__icontains=text) | Q(name__icontains=text))


@scoped(*READ_SCOPES)
def price_list_page(request: Any, uuid: UUID) -> HttpResponse:
    """The list's head and its prices, searchable."""
    price_list = found(PriceList.objects.all(), uuid=uuid)
    prices = price_list.prices.select_related("article", "article_group", "unit")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    for word in words_of(text):
        prices = prices.filter(
            Q(article__search_text__contains=word) | Q(article_group__code__icontains=word)
        )
    page = page_of(
        prices, sorts={"entered": "id"}, sort="entered", after=request.GET.get("after", ""),
        before=request.GET.get("before", ""), size=100,
    )  # fmt: skip
    context = {
        "price_list": price_list, "page": page, "q": text, "summary": summary(page), "may_write": may_write(request),
        "newer": page_link(request.GET, before=page.newer), "older": page_link(request.GET, after=page.older),
    }  # fmt: skip
    return render(request, "masterdata/price_list_detail.html", context)


@scoped(*WRITE)
def price_list_new(request: Any) -> HttpResponse:
    form = PriceListForm(posted(request))

    def save() -> str:
        price_list = create_price_list(actor=request.actor, values=form.values())
        return reverse("masterdata:price-list", args=[price_list.uuid])

    back, title = reverse("masterdata:price-lists"), _("New price list")
    return edit(request, "masterdata/plain_form.html", form=form, save=save, back=back, title=title)


@scoped(*WRITE)
def price_list_edit(request: Any, uuid: UUID) -> HttpResponse:
    price_list = found(PriceList.objects.all(), uuid=uuid)
    form = PriceListForm(posted(request), instance=price_list)
    back = reverse("masterdata:price-list", args=[uuid])

    def save() -> str:
        update_price_list(
            actor=request.actor, uuid=uuid, values=form.values(), expected_version=version_of(request)
        )
        return back

    title = _("Change price list")
    return edit(
        request, "masterdata/plain_form.html", form=form, save=save, back=back, title=title, row=price_list
    )


@scoped(*WRITE)
def price_edit(request: Any, uuid: UUID, pk: int | None = None) -> HttpResponse:
    """Add or change one price."""
    price_list = found(PriceList.objects.all(), uuid=uuid)
    form = PriceForm(posted(request), instance=found(price_list.prices.all(), pk=pk) if pk else Price())
    back = reverse("masterdata:price-list", args=[uuid])

    def save() -> str:
        save_price(actor=request.actor, list_uuid=uuid, price_id=pk, values=form.values())
        return back

    title = _("Change price") if pk else _("New price")
    return edit(
        request,
        "masterdata/price_form.html",
        form=form,
        save=save,
        back=back,
        title=title,
        price_list=price_list,
    )


@scoped(*WRITE)
@require_POST
def price_remove(request: Any, uuid: UUID, pk: int) -> HttpResponse:
    remove_price(actor=request.actor, list_uuid=uuid, price_id=pk)
    return HttpResponseRedirect(reverse("masterdata:price-list", args=[uuid]))
