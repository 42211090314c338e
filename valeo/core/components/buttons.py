"""Buttons, action rows and menus."""
# ruff: noqa: A002 - the names are the templates' props, and HTML calls them so

from __future__ import annotations

from typing import Any

from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from valeo.core.components import markup
from valeo.core.components.markup import Text

KINDS = {"": "", "primary": " btn-primary", "plain": " btn-plain", "danger": " btn-danger"}


def button(
    label: Text,
    *,
    kind: str = "",
    href: str = "",
    name: str = "",
    value: Any = "",
    type: str = "submit",
    icon: str = "",
    keys: str = "",
    shortcut: str = "",
    key: str = "",
    reason: Text = "",
    reason_shown: bool = True,
    small: bool = False,
    icon_only: bool = False,
    form: str = "",
    formaction: str = "",
    dialog: str = "",
    note: Text = "",
    id: str = "",
    title: Text = "",
) -> dict[str, Any]:
    """A link or a submit; with ``reason`` it is shown as not possible now, the reason in words beside it."""
    return {
        "label": label,
        "classes": f"btn{KINDS[kind]}{' btn-s' if small else ''}{' btn-icon' if icon_only else ''}",
        "href": href,
        "name": name,
        "value": value,
        "type": "button" if reason or (dialog and not name) else type,
        "icon": ("lock" if reason else icon),
        "keys": keys,
        "shortcut": shortcut or keys.replace("Ctrl ", "Control+") if keys else shortcut,
        "key": key,
        "reason": reason,
        "reason_shown": reason_shown,
        "reason_id": f"why-{get_random_string(6)}" if reason else "",
        "small": small,
        "icon_only": icon_only,
        "form": form,
        "formaction": formaction,
        "dialog": dialog,
        "note": note,
        "id": id,
        "title": title or (label if icon_only else ""),
    }


def menu_item(
    label: Text,
    *,
    href: str = "",
    name: str = "",
    value: Any = "",
    icon: str = "",
    keys: str = "",
    end: Text = "",
    reason: Text = "",
    active: bool = False,
    danger: bool = False,
    dialog: str = "",
    form: str = "",
    formaction: str = "",
    key: str = "",
) -> dict[str, Any]:
    """One row of a menu: link, submit, or not possible now with its reason."""
    return {
        "label": label,
        "href": href,
        "name": name,
        "value": value,
        "icon": "lock" if reason else icon,
        "keys": keys,
        "end": end,
        "reason": reason,
        "active": active,
        "danger": danger,
        "dialog": dialog,
        "form": form,
        "formaction": formaction,
        "key": key,
    }


def menu_separator() -> SafeString:
    return mark_safe('<hr class="menu-sep">')


def actions(content: str, *, document: bool = False, label: Text = "") -> SafeString:
    """A row of buttons; ``document`` keeps the primary one under the thumb on a phone."""
    return format_html(
        '<div class="actions{}"{}>{}</div>',
        " actions-doc" if document else "",
        markup.attrs(role="group", aria_label=label) if label else "",
        content,
    )


def menu(
    content: str,
    label: Text,
    *,
    icon: str = "",
    icon_only: bool = False,
    align: str = "start",
    kind: str = "",
    small: bool = False,
    note: Text = "",
    group: str = "",
) -> SafeString:
    """A button that opens rows below it, without a script too."""
    return markup.render(
        "menu",
        content=content,
        label=label,
        icon=icon,
        icon_only=icon_only,
        align=align,
        classes=f"btn{KINDS[kind]}{' btn-s' if small else ''}{' btn-icon' if icon_only else ''}",
        note=note,
        group=group,
    )
