"""Notices, reasons, dialogs, toasts, empty states."""
# ruff: noqa: A002 - the names are the templates' props, and HTML calls them so

from __future__ import annotations

from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from valeo.core.components import markup
from valeo.core.components.markup import Text

NOTICES = {
    "info": ("", "info"),
    "ok": (" notice-ok", "check"),
    "success": (" notice-ok", "check"),
    "warn": (" notice-warn", "alert"),
    "warning": (" notice-warn", "alert"),
    "error": (" notice-danger", "error"),
    "quiet": (" notice-quiet", "info"),
    "debug": (" notice-quiet", "info"),
}
REASONS = {"ask": "alert", "ok": "check", "stop": "error"}


def notice(
    content: str, kind: str = "info", *, title: Text = "", icon: str = "", role: str = ""
) -> SafeString:
    """A message in its place; takes Django's message levels as ``kind`` too."""
    classes, mark = NOTICES[kind]
    return markup.render(
        "notice",
        content=content,
        classes=classes,
        icon=icon or mark,
        title=title,
        role=role or ("alert" if kind == "error" else "status"),
    )


def reasons(content: str) -> SafeString:
    return format_html('<ul class="reasons">{}</ul>', content)


def reason(content: str, kind: str = "ask", *, title: Text = "", end: Text = "") -> SafeString:
    """One reason for asking (``ask``), one that is fine (``ok``), one that forbids (``stop``)."""
    said = {"ask": gettext("needs a decision"), "ok": gettext("fine"), "stop": gettext("not possible")}[kind]
    mark = format_html('<span class="is-{}">{}</span>', kind, markup.icon(REASONS[kind], said))
    bold = format_html("<b>{}</b> ", title) if title else ""
    tail = format_html('<span class="end">{}</span>', end) if end else ""
    return format_html("<li>{}<div><p>{}{}</p></div>{}</li>", mark, bold, content, tail)


def next_step(content: str, *, blocked: Text = "", blocked_title: Text = "") -> SafeString:
    """Who acts next, and what is not possible now and why."""
    return markup.render("next_step", content=content, blocked=blocked, blocked_title=blocked_title)


def empty_state(content: str, title: Text) -> SafeString:
    """An empty list says what belongs here and how to begin."""
    return format_html('<section class="empty"><h2>{}</h2>{}</section>', title, content)


def toast(text: Text, *, state: str = "", meta: Text = "", url: str = "") -> dict[str, Any]:
    """A quiet message about what somebody else did; never for an error."""
    return {"text": text, "state": state, "meta": meta, "url": url}


def dialog(content: str, id: str, title: Text) -> SafeString:
    """A native dialog, opened by any ``data-dialog``."""
    return markup.render("dialog", content=content, id=id, title=title)


def reason_dialog(
    context: Context,
    content: str,
    id: str,
    title: Text,
    *,
    action: str = "",
    name: str = "action",
    value: str = "",
    submit: Text = "",
    danger: bool = True,
    required: bool = True,
    hint: Text = "",
    label: Text = "",
    hidden: dict[str, Any] | None = None,
) -> SafeString:
    """Asks for the reason of a final step and posts it as ``reason`` with ``name=value``."""
    return markup.render(
        "reason_dialog",
        content=content,
        csrf_token=context.get("csrf_token", ""),
        id=id,
        title=title,
        action=action,
        name=name,
        value=value,
        submit=submit or title,
        danger=danger,
        required=required,
        hint=hint,
        label=label,
        hidden=(hidden or {}).items(),
    )
