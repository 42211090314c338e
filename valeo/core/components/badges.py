"""State badges and small marks."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from valeo.core.components import formats, markup
from valeo.core.components.markup import Text
from valeo.core.components.states import look_of


def state_badge(state: Any, label: Text = "", *, compact: bool = False) -> SafeString:
    """Icon, text, colour of a document state; ``label`` is the kind's own word for it."""
    code = str(getattr(state, "value", state) or "")
    look = look_of(code)
    return format_html(
        '<span class="{}" data-state="{}">{}<span class="badge-text">{}</span></span>',
        "state" if compact else "badge",
        code,
        markup.icon(look.icon),
        label or look.label or code,
    )


def badge(text: Text, tone: str = "", *, icon: str = "") -> SafeString:
    """A plain badge, or one in the colour of a state."""
    return format_html(
        '<span class="badge{}"{}>{}<span>{}</span></span>',
        "" if tone else " badge-plain",
        markup.attrs(data_state=tone),
        markup.icon(icon) if icon else "",
        text,
    )


def avatar(name: str, *, small: bool = False) -> SafeString:
    """A person's initials; the name is their title."""
    return format_html(
        '<abbr class="avatar{}" title="{}">{}</abbr>',
        " avatar-s" if small else "",
        name,
        formats.initials(name),
    )
