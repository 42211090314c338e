"""Figures, key facts, bars, the chain of papers, the timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from valeo.core.components import formats, markup
from valeo.core.components.data import BarPart, ChainStep
from valeo.core.components.markup import Text

SIZES = {"": "", "mini": " bar-mini", "tall": " bar-tall"}
FILLS = {"1": "f1", "2": "f2", "3": "f3", "w": "fw", "d": "fd", "o": "fo"} | {
    f"a{n}": f"a{n}" for n in range(5)
}
GAP = Decimal("0.5")  # per cent of the bar between two stretches


def figures(content: str) -> SafeString:
    return format_html('<dl class="figures">{}</dl>', content)


def figure(
    label: Text,
    value: Any,
    *,
    tone: str = "",
    total: bool = False,
    big: bool = False,
    key: str = "",
    strong: bool = False,
) -> SafeString:
    """One fact with its figure on the right."""
    head = " ".join(filter(None, [f"is-{tone}" if tone == "bad" else "", "total" if total else ""]))
    body = " ".join(
        filter(
            None,
            [
                f"is-{tone}" if tone else "",
                "total" if total else "",
                "big" if big else "",
                "strong" if strong else "",
            ],
        )
    )
    mark = format_html('<span class="key key-{}"></span>', key) if key else ""
    return format_html(
        "<dt{}>{}{}</dt><dd{}>{}</dd>",
        markup.attrs(class_=head),
        mark,
        label,
        markup.attrs(class_=body),
        value,
    )


def facts(content: str) -> SafeString:
    return format_html('<dl class="facts">{}</dl>', content)


def fact(label: Text, value: Any, *, sub: Text = "", url: str = "") -> SafeString:
    """One key fact; an empty value is a dash, so that the grid keeps its order."""
    shown = format_html('<a href="{}">{}</a>', url, value) if url and value else value or "–"
    small = format_html("<small>{}</small>", sub) if sub else ""
    return format_html("<div><dt>{}</dt><dd>{}{}</dd></div>", label, shown, small)


def bar(parts: Sequence[BarPart], *, label: Text = "", size: str = "") -> SafeString:
    """Stretches of a whole as attributes of an SVG: no style is needed."""
    rects, start = [], Decimal(0)
    for part in parts:
        width = max(Decimal(0), min(Decimal(str(part.share)) * 100, 100 - start))
        gap = GAP if start + width < 100 and width > GAP else 0
        rects.append(
            format_html(
                '<rect class="{}" x="{}%" width="{}%" height="100%"></rect>',
                FILLS[part.kind],
                f"{start:.2f}",
                f"{width - gap:.2f}",
            )
        )
        start += width
    said = label or ", ".join(f"{part.label} {formats.share(part.share)}" for part in parts if part.label)
    name = markup.attrs(role="img", aria_label=said) if said else markup.attrs(aria_hidden="true")
    return format_html(
        '<svg class="bar{}"{}><rect class="track" width="100%" height="100%"></rect>{}</svg>',
        SIZES[size],
        name,
        mark_safe("".join(rects)),
    )


def share_bar(share: Decimal | float | None, *, label: Text = "") -> SafeString:
    """Small bar and percentage for a table cell; nothing done is a dash."""
    if not share:
        return mark_safe('<span class="zero">–</span>')
    mini = bar([BarPart(min(Decimal(str(share)), Decimal(1)), "1")], size="mini")
    said = format_html('<span class="sr">{} </span>', label) if label else ""
    return format_html(
        '<span class="share-cell">{}<span>{}{}</span></span>', mini, said, formats.share(share)
    )


def chain(steps: Sequence[ChainStep]) -> dict[str, Any]:
    """Which paper came from which, and how much of it."""
    return {"steps": steps}


def timeline(content: str) -> SafeString:
    return format_html('<ol class="timeline">{}</ol>', content)


def timeline_entry(
    content: str,
    *,
    icon: str = "history",
    state: str = "",
    when: dt.datetime | None = None,
    meta: Text = "",
    reason: Text = "",
    quote: Text = "",
    fresh: bool = False,
) -> SafeString:
    """Who did what and when; ``reason`` is what he gave, ``quote`` a comment."""
    return markup.render(
        "timeline_entry",
        content=content,
        icon=icon,
        state=state,
        when=when,
        shown=formats.moment(when),
        meta=meta,
        reason=reason,
        quote=quote,
        fresh=fresh,
    )


def job(
    title: Text,
    *,
    done: int = 0,
    total: int | None = None,
    state: str = "",
    meta: Text = "",
    cancel: str = "",
    url: str = "",
) -> dict[str, Any]:
    """Long work: its progress, or how it ended. ``url`` is polled by the live script."""
    progress = gettext("%(done)s of %(total)s") % {
        "done": formats.number(done),
        "total": formats.number(total),
    }
    return {
        "title": title,
        "done": done,
        "total": total,
        "state": state,
        "meta": meta,
        "cancel": cancel,
        "url": url,
        "progress": progress if total else "",
    }
