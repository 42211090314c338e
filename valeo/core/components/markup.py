"""What all components share: rendering their template, the icon and small attribute helpers."""

from __future__ import annotations

from typing import Any

from django.template import loader
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from valeo.core.components.icons import symbol

Text = str | Promise
SPRITE = "vendor/lucide/sprite.svg"
EMPTY = mark_safe("")


def render(template: str, **props: Any) -> SafeString:
    """A component's template with its props and nothing else in scope."""
    return loader.render_to_string(f"components/{template}.html", props)


def icon(name: str, label: Text = "", *, small: bool = False) -> SafeString:
    """One icon; without a label it is decoration and hidden from screen readers."""
    return format_html(
        '<svg class="icon{}"{}><use href="{}#{}"></use></svg>',
        " icon-s" if small else "",
        format_html(' role="img" aria-label="{}"', label) if label else mark_safe(' aria-hidden="true"'),
        static(SPRITE),
        symbol(name),
    )


def attrs(**values: Any) -> SafeString:
    """Attributes that have a value; ``True`` stands alone, underscores become hyphens."""
    parts: list[str] = []
    for name, value in values.items():
        if value is None or value is False or value == "":
            continue
        key = name.rstrip("_").replace("_", "-")
        parts.append(format_html(" {}", key) if value is True else format_html(' {}="{}"', key, value))
    return mark_safe("".join(parts))


def key_name(name: str) -> str:
    """A key as it is printed on the user's keyboard (Ctrl is Strg in German)."""
    names = {
        "Ctrl": gettext("Ctrl"),
        "Shift": gettext("Shift"),
        "Del": gettext("Del"),
        "Enter": "↵",
        "Esc": gettext("Esc"),
        "Down": "↓",
        "Up": "↑",
    }
    return names.get(name, name)


def kbd(*keys: str) -> SafeString:
    """Keys in order, each in its own cap."""
    return mark_safe(" ".join(format_html("<kbd>{}</kbd>", key_name(key)) for key in keys))


def keys_hint(keys: str) -> SafeString:
    """The quiet key hint inside a button; the real name is in ``aria-keyshortcuts``."""
    if not keys:
        return EMPTY
    return format_html(' <kbd aria-hidden="true">{}</kbd>', " ".join(key_name(key) for key in keys.split()))


def text_of(value: Any) -> SafeString:
    """Escaped text of anything a template hands over."""
    return mark_safe(conditional_escape(value))
