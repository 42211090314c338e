"""The list screen of the master data: search, filters, sorting, keyset pages, live update."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from masterdata.listing import Page, page_of
from valeo.core.components import formats
from valeo.tenancy.access import ScopedMixin
from valeo.tenancy.scopes import READ_SCOPES

Text = str | Promise
SIZES = [25, 50, 100]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter and what it does to the rows."""

    value: str
    label: Text
    apply: Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A query key with its values. ``preset`` is on when the key is absent."""

    key: str
    label: Text
    choices: Callable[[], Sequence[Choice]]
    preset: str = ""


def yes_no(key: str, label: Text, field: str, *, preset: str = "") -> Filter:
    """A filter on a boolean column."""
    return Filter(
        key,
        label,
        lambda: (
            Choice("yes", gettext_lazy("yes"), lambda rows: rows.filter(**{field: True})),
            Choice("no", gettext_lazy("no"), lambda rows: rows.filter(**{field: False})),
        ),
        preset,
    )


class ListScreen(ScopedMixin, View):  # type: ignore[misc]  # the access middleware extends the request
    """Subclasses name their rows, columns to sort by and filters; the template draws the table."""

    required_scopes = READ_SCOPES
    template_name: ClassVar[str]
    table_template: ClassVar[str]
    title: ClassVar[Text]
    placeholder: ClassVar[Text] = ""
    sorts: ClassVar[Mapping[str, str]]
    default_sort: ClassVar[str]
    filters: ClassVar[Sequence[Filter]] = ()

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        raise NotImplementedError

    def extend(self, page: Page) -> dict[str, Any]:
        """Further context for the page's rows."""
        return {}

    def get(self, request: Any) -> HttpResponse:
        given = request.GET
        text = given.get("q", "").replace("\x00", "").strip()[:100]
        rows = self.search(self.rows(), text) if text else self.rows()
        shown = []
        for one in self.filters:
            rows, facts = _filtered(rows, one, given.get(one.key, one.preset))
            shown.append(facts)
        sort = given.get("sort", self.default_sort)
        if sort.removeprefix("-") not in self.sorts:
            sort = self.default_sort
        size = int(given["size"]) if given.get("size") in {str(size) for size in SIZES} else SIZES[1]
        page = page_of(
            rows,
            sorts=self.sorts,
            sort=sort,
            after=given.get("after", ""),
            before=given.get("before", ""),
            size=size,
        )
        context = {
            "page": page, "q": text, "filters": shown, "title": self.title, "placeholder": self.placeholder,
            "size": size, "sizes": SIZES, "summary": summary(page), "default_sort": self.default_sort,
            "newer": page_link(given, before=page.newer), "older": page_link(given, after=page.older),
            "live_url": request.get_full_path(), "may_write": may_write(request), **self.extend(page),
        }  # fmt: skip
        part = request.headers.get("X-Valeo-Live") or request.headers.get("HX-Request")
        return render(request, self.table_template if part else self.template_name, context)


def _filtered(rows: QuerySet[Any], one: Filter, value: str) -> tuple[QuerySet[Any], dict[str, Any]]:
    choices = list(one.choices())
    chosen = next((choice for choice in choices if choice.value == value), None)
    off = "all" if one.preset else None
    facts = {
        "key": one.key, "label": one.label, "chosen": chosen, "off": off,
        "choices": [(choice.value, choice.label, choice is chosen) for choice in choices],
    }  # fmt: skip
    return (chosen.apply(rows) if chosen else rows), facts


def page_link(given: Any, **tokens: str) -> str:
    ((key, token),) = tokens.items()
    if not token:
        return ""
    query = given.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query[key] = token
    return f"?{query.urlencode()}"


def summary(page: Page) -> str:
    """How many there are, in words."""
    if page.more_than_counted:
        return _("more than %(count)s") % {"count": formats.quantity(page.count - 1)}
    return _("%(shown)s of %(count)s") % {"shown": len(page.rows), "count": formats.quantity(page.count)}


def may_write(request: Any) -> bool:
    return bool(request.actor.has_any("sales:write", "purchase:write"))
