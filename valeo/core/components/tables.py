"""Tables as work tools: sorting, selection, filters, pages."""
# ruff: noqa: A002 - the names are the templates' props, and HTML calls them so

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from valeo.core.components import formats, markup
from valeo.core.components.markup import Text

KINDS = {
    "list": "list stack",
    "lines": "lines stack",
    "stack": "stack",
    "due": "due stack",
    "stk": "stk stack",
    "plain": "",
}
CURSORS = ("after", "before", "cursor", "page")
WEIGHTS = {"": "", "low": " low", "low2": " low2"}


def _parameters(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


def query(context: Context, **changes: Any) -> str:
    """The current query string with changes (None removes a key); a changed query starts at its first page."""
    parameters = _parameters(context)
    for key in CURSORS:
        parameters.pop(key, None)
    for key, value in changes.items():
        if value is None or value == "":
            parameters.pop(key, None)
        elif isinstance(value, (list, tuple)):
            parameters.setlist(key, [str(item) for item in value])
        else:
            parameters[key] = str(value)
    return f"?{parameters.urlencode()}"


def data_table(
    content: str,
    caption: Text,
    *,
    kind: str = "list",
    id: str = "",
    keyboard: bool = False,
    live: str = "",
    live_url: str = "",
) -> SafeString:
    """The frame of a table: region with a name, caption, live refresh."""
    return markup.render(
        "data_table",
        content=content,
        caption=caption,
        classes=KINDS[kind],
        id=id,
        keyboard=keyboard,
        live=live,
        live_url=live_url,
    )


def sort_head(
    context: Context, label: Text, key: str, *, num: bool = False, weight: str = "", default: str = ""
) -> SafeString:
    """A column head that sorts: first ascending, then descending."""
    current = _parameters(context).get("sort") or default
    ascending, descending = current == key, current == f"-{key}"
    target = query(context, sort=f"-{key}" if ascending else key)
    mark = markup.icon("asc" if ascending else "desc", small=True) if ascending or descending else ""
    classes = f"{'num' if num else ''}{WEIGHTS[weight]}".strip()
    order = "ascending" if ascending else "descending" if descending else ""
    return format_html(
        '<th scope="col"{}><a class="sort" href="{}">{}{}</a></th>',
        markup.attrs(class_=classes, aria_sort=order),
        target,
        label,
        mark,
    )


def pick_head() -> SafeString:
    """Head of the checkbox column; a script makes it pick all, without one it is empty."""
    return format_html(
        '<th scope="col" class="pick"><label><span class="sr">{0}</span>'
        '<input type="checkbox" data-pick-all aria-label="{0}"></label></th>',
        gettext("Select all rows of this page"),
    )


def pick_cell(
    value: Any, label: Text, *, amount: Any = None, name: str = "ids", checked: bool = False
) -> SafeString:
    """Checkbox of a row; ``amount`` is added up in the bulk bar."""
    return format_html(
        '<td class="pick m-pick"><label><input type="checkbox"{} aria-label="{}"></label></td>',
        markup.attrs(
            name=name, value=value, data_amount=None if amount is None else str(amount), checked=checked
        ),
        gettext("Select %(label)s") % {"label": label},
    )


def bulk_bar(content: str, *, total: int | None = None, noun: Text = "", currency: str = "") -> SafeString:
    """What can be done with the picked rows; hidden by the script until one is picked."""
    return markup.render("bulk_bar", content=content, total=total, noun=noun, currency=currency)


def pager(
    context: Context,
    *,
    summary: Text = "",
    newer: str = "",
    older: str = "",
    size: int | None = None,
    sizes: list[int] | None = None,
) -> dict[str, Any]:
    """Keyset pages: newer and older, no page numbers."""
    links = [(number, query(context, size=number), number == size) for number in sizes or []]
    return {"summary": summary, "newer": newer, "older": older, "sizes": links}


def filter_bar(
    context: Context,
    content: str,
    label: Text,
    *,
    q: str = "",
    placeholder: Text = "",
    action: str = "",
    keep: list[str] | None = None,
) -> SafeString:
    """Search field, chips and filter menus; other filters are sent along as hidden fields."""
    parameters = _parameters(context)
    kept = [
        (key, value)
        for key, value in parse_qsl(parameters.urlencode())
        if key != "q" and key not in CURSORS and (keep is None or key in keep)
    ]
    return markup.render(
        "filter_bar", content=content, label=label, q=q, placeholder=placeholder, action=action, kept=kept
    )


def filter_chip(label: Text, value: Text, remove: str) -> SafeString:
    """One filter that is on, with its way out."""
    return format_html(
        '<span class="chip"><span><span class="k">{}</span> {}</span>'
        '<a class="chip-x" href="{}" aria-label="{}">{}</a></span>',
        label,
        value,
        remove,
        gettext("Remove filter %(label)s") % {"label": label},
        markup.icon("x", small=True),
    )


def num(
    value: Any,
    form: str = "amount",
    *,
    decimals: int | None = None,
    unit: Text = "",
    currency: str = "EUR",
    dash: bool = False,
) -> SafeString:
    """A figure for a right-aligned cell, its unit in a column of its own; ``dash`` shows zero as a dash."""
    figure = formats.decimal_of(value)
    if figure is None:
        return markup.EMPTY
    if dash and figure == 0:
        return format_html('<span class="zero" title="{}">–</span>', pgettext("figure", "none"))
    shown = {
        "amount": lambda: formats.amount(figure),
        "money": lambda: formats.money(figure, currency),
        "quantity": lambda: formats.quantity(figure, decimals),
        "price": lambda: formats.price(figure),
        "percent": lambda: formats.percent(figure, decimals),
    }[form]()
    return format_html('{}<span class="unit">{}</span>', shown, unit) if unit else format_html("{}", shown)
