"""Page and section heads, breadcrumbs, tabs."""
# ruff: noqa: A002 - the names are the templates' props, and HTML calls them so

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from valeo.core.components import formats, markup
from valeo.core.components.markup import Text


def crumbs(content: str, *, position: Text = "", previous: str = "", next: str = "") -> SafeString:
    """The way here; ``previous`` and ``next`` walk through the list one came from."""
    return markup.render("crumbs", content=content, position=position, previous=previous, next=next)


def crumb(label: Text, url: str = "") -> SafeString:
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li><span aria-current="page">{}</span></li>', label)


def page_head(
    content: str,
    title: Text,
    *,
    kind: Text = "",
    state: Any = "",
    state_label: Text = "",
    badges: list[Text] | None = None,
    meta: Text = "",
    sticky: bool = False,
) -> SafeString:
    """Title, state and actions; ``sticky`` keeps a document's head in sight."""
    return markup.render(
        "page_head",
        content=content,
        title=title,
        kind=kind,
        state=state,
        state_label=state_label,
        badges=badges or [],
        meta=meta,
        sticky=sticky,
    )


def section_head(content: str, title: Text, *, meta: Text = "", id: str = "") -> SafeString:
    end = format_html('<span class="end actions">{}</span>', content) if content.strip() else ""
    note = format_html('<span class="meta">{}</span>', meta) if meta else ""
    return format_html(
        '<div class="section-head"><h2{}>{}</h2>{}{}</div>', markup.attrs(id=id), title, note, end
    )


def tabs(content: str, label: Text) -> SafeString:
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label, content)


def tab(label: Text, url: str, *, current: bool = False, count: int | None = None) -> SafeString:
    number = "" if count is None else format_html(' <span class="n">{}</span>', formats.number(count))
    return format_html(
        '<a href="{}"{}>{}{}</a>', url, markup.attrs(aria_current="page" if current else ""), label, number
    )


def segments(content: str, label: Text) -> SafeString:
    return format_html('<span class="seg" role="group" aria-label="{}">{}</span>', label, content)


def segment(
    label: Text, url: str = "", *, current: bool = False, name: str = "", value: Any = "", lang: str = ""
) -> SafeString:
    """One side of a switch: a link, or a submit with ``name`` and ``value``."""
    if url:
        extra = markup.attrs(lang=lang, hreflang=lang, aria_current="true" if current else "")
        return format_html('<a href="{}"{}>{}</a>', url, extra, label)
    extra = markup.attrs(name=name, value=value, lang=lang, aria_pressed="true" if current else "false")
    return format_html("<button{}>{}</button>", extra, label)
