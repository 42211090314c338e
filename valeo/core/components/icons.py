"""The icons the product uses: our word for each, and the Lucide drawing behind it.

``sprite.svg`` holds exactly these (``manage.py build_icons``). Names that are equal in both stand in ``SAME``.
"""

from __future__ import annotations

RENAMED: dict[str, str] = {
    "alert": "triangle-alert",
    "approve": "check",
    "arrow": "arrow-right",
    "article": "package",
    "asc": "arrow-up",
    "cart": "shopping-cart",
    "chart": "chart-column",
    "columns": "columns-3",
    "comment": "message-square",
    "corrected": "file-pen-line",
    "credit": "undo-2",
    "desc": "arrow-down",
    "down": "chevron-down",
    "error": "circle-alert",
    "export": "download",
    "external": "external-link",
    "filter": "list-filter",
    "genuine": "shield-check",
    "grid": "table-2",
    "help": "circle-question-mark",
    "home": "layout-dashboard",
    "import": "upload",
    "invoice": "receipt-text",
    "key": "key-round",
    "left": "chevron-left",
    "logout": "log-out",
    "money": "banknote",
    "more": "ellipsis",
    "order": "clipboard-list",
    "partner": "users",
    "pinv": "file-input",
    "policy": "shield-check",
    "quote": "file-text",
    "receipt": "package-check",
    "request": "list-plus",
    "reopen": "rotate-ccw",
    "return": "undo-2",
    "right": "chevron-right",
    "rules": "shield-check",
    "slim": "panel-left-close",
    "st-approved": "circle-check",
    "st-cancelled": "ban",
    "st-draft": "circle-dashed",
    "st-pending": "clock-3",
    "st-rejected": "circle-x",
    "star": "bookmark",
    "stock": "boxes",
    "trash": "trash-2",
    "undo": "rotate-ccw",
    "unknown": "search-x",
    "up": "chevron-up",
    "view": "eye",
}
SAME: tuple[str, ...] = (
    "archive", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "banknote", "ban", "barcode", "bell", "book-open",
    "bookmark", "boxes", "building-2", "calendar", "check", "chevron-down", "chevron-left", "chevron-right", "chevron-up",
    "circle-alert", "circle-check", "circle-x", "clipboard-check", "clipboard-list", "clock", "copy", "credit-card",
    "database", "download", "ellipsis", "external-link", "eye", "file", "file-check", "file-code", "file-input",
    "file-pen-line", "file-plus", "file-text", "file-x", "files", "filter", "flag", "folder", "gauge", "globe",
    "grip-vertical", "hand-coins", "handshake", "history", "hash", "inbox", "info", "key-round", "keyboard", "landmark",
    "layout-dashboard", "link", "list", "list-checks", "list-filter", "list-plus", "lock", "log-in", "log-out", "mail",
    "map-pin", "menu", "message-square", "monitor", "moon", "package", "package-check", "package-minus", "package-open",
    "package-plus", "package-x", "paperclip", "pause", "pencil", "percent", "phone", "play", "plug", "plus", "printer",
    "qr-code", "receipt", "receipt-text", "refresh-cw", "rotate-ccw", "save", "scale", "scan-line", "search", "send",
    "settings", "shield-alert", "shield-check", "shopping-cart", "sliders-horizontal", "smartphone", "square-pen",
    "star-off", "sun", "table-2", "tag", "thumbs-up", "timer", "trash-2", "trending-down", "trending-up",
    "triangle-alert", "truck", "undo-2", "unlock", "upload", "user", "user-check", "users", "wallet", "warehouse",
    "webhook", "wrench", "x", "zap",
)  # fmt: skip
OWN: dict[str, str] = {
    # A filled circle with the check cut out: at 14 px Lucide's line drawing is not told from "approved".
    "st-posted": (
        '<path fill="currentColor" stroke="none" fill-rule="evenodd" d="M12 1.8a10.2 10.2 0 1 0 0 20.4 10.2 10.2 0 0 0 '
        "0-20.4Zm5.3 7.9-6.1 6.9a1.3 1.3 0 0 1-1.9.05l-2.7-2.7a1.3 1.3 0 1 1 1.84-1.84l1.73 1.73 5.2-5.86a1.3 1.3 0 0 1 "
        '1.93 1.72Z"/>'
    ),
}
SOURCES: dict[str, str] = {name: name for name in SAME} | RENAMED
NAMES: frozenset[str] = frozenset(SOURCES) | frozenset(OWN)


def symbol(name: str) -> str:
    """The id in the sprite for one of our names.

    An unknown name raises: it would otherwise be an empty square nobody notices.
    """
    if name in OWN:
        return name
    try:
        return SOURCES[name]
    except KeyError:
        message = (
            f"no icon {name!r}: choose one from valeo/core/components/icons.py or add it and run build_icons"
        )
        raise LookupError(message) from None
