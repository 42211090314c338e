"""Articles: list, page, form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from masterdata import hooks
from masterdata.forms import ArticleForm, ArticleUnitFormSet
from masterdata.kinds import ArticleKind
from masterdata.listing import Page
from masterdata.models import Article, ArticleGroup
from masterdata.selectors.articles import matching
from masterdata.services.articles import create_article, set_article_active, update_article
from masterdata.views.forms import edit, found, posted, version_of
from masterdata.views.lists import Choice, Filter, ListScreen, may_write, yes_no
from valeo.tenancy.access import scoped
from valeo.tenancy.scopes import READ_SCOPES

WRITE = ("sales:write", "purchase:write")


def _kinds() -> Sequence[Choice]:
    return [
        Choice(value, label, lambda rows, value=value: rows.filter(kind=value))  # type: ignore[misc]
        for value, label in ArticleKind.choices
    ]


def _groups() -> Sequence[Choice]:
    return [
        Choice(group.code, str(group), lambda rows, pk=group.pk: rows.filter(group_id=pk))  # type: ignore[misc]
        for group in ArticleGroup.objects.order_by("code")
    ]


class ArticleList(ListScreen):
    template_name = "masterdata/article_list.html"
    table_template = "masterdata/_article_table.html"
    title = gettext_lazy("Articles")
    placeholder = gettext_lazy("Number, name, barcode")
    sorts: ClassVar[dict[str, str]] = {"number": "number", "name": "sort_name", "changed": "changed_at"}
    default_sort = "number"
    filters = (
        Filter("kind", gettext_lazy("Kind"), _kinds),
        Filter("group", gettext_lazy("Article group"), _groups),
        yes_no("stock", gettext_lazy("Stock is managed"), "stock_managed"),
        yes_no("active", gettext_lazy("Active"), "active", preset="yes"),
    )

    def rows(self) -> QuerySet[Article]:
        return Article.objects.select_related("group", "stock_unit", "price_unit")

    def search(self, rows: QuerySet[Article], text: str) -> QuerySet[Article]:
        return matching(rows, text)

    def extend(self, page: Page) -> dict[str, Any]:
        available = hooks.availability([row.pk for row in page.rows if row.stock_managed])
        for row in page.rows:
            row.available = available.get(row.pk)
        return {"shows_stock": bool(available)}


@scoped(*READ_SCOPES)
def article_page(request: Any, uuid: UUID) -> HttpResponse:
    """All about one article."""
    rows = Article.objects.select_related("group", "stock_unit", "sales_unit", "price_unit").prefetch_related(
        "units__unit", "prices__price_list", "prices__unit"
    )
    article = found(rows, uuid=uuid)
    available = hooks.availability([article.pk]).get(article.pk) if article.stock_managed else None
    context = {"article": article, "available": available, "may_write": may_write(request)}
    return render(request, "masterdata/article_detail.html", context)


@scoped(*WRITE)
def article_new(request: Any) -> HttpResponse:
    form = ArticleForm(posted(request))
    rows = ArticleUnitFormSet(posted(request), prefix="rows")

    def save() -> str:
        units = [row.row() for row in rows.forms if _kept(row)]
        article = create_article(actor=request.actor, values=form.values(), units=units)
        return reverse("masterdata:article", args=[article.uuid])

    done, back = _("The article has been created."), reverse("masterdata:articles")
    return edit(
        request,
        "masterdata/article_form.html",
        form=form,
        rows=rows,
        rows_name=_("Further unit"),
        save=save,
        done=done,
        back=back,
    )


@scoped(*WRITE)
def article_edit(request: Any, uuid: UUID) -> HttpResponse:
    article = found(Article.objects.all(), uuid=uuid)
    form = ArticleForm(posted(request), instance=article)
    initial = list(article.units.order_by("id").values("unit", "factor", "text_de", "text_en", "gtin"))
    rows = ArticleUnitFormSet(posted(request), initial=initial, prefix="rows")
    back = reverse("masterdata:article", args=[uuid])

    def save() -> str:
        units = [row.row() for row in rows.forms if _kept(row)]
        update_article(
            actor=request.actor,
            uuid=uuid,
            values=form.values(),
            units=units,
            expected_version=version_of(request),
        )
        return back

    return edit(
        request,
        "masterdata/article_form.html",
        form=form,
        rows=rows,
        rows_name=_("Further unit"),
        save=save,
        article=article,
        back=back,
    )


def _kept(row: Any) -> bool:
    return bool(row.cleaned_data) and not row.cleaned_data.get("DELETE")


@scoped(*WRITE)
@require_POST
def article_active(request: Any, uuid: UUID) -> HttpResponse:
    set_article_active(actor=request.actor, uuid=uuid, active=request.POST.get("active") == "yes")
    return HttpResponseRedirect(reverse("masterdata:article", args=[uuid]))
