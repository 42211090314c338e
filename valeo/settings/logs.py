"""Logs go to standard error, one line an event, with the request's id and without secrets."""

from __future__ import annotations

from typing import Any

from valeo.settings import env

_LEVEL = env.text("VALEO_LOG_LEVEL", "WARNING").upper()

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "valeo.core.logs.RequestIdFilter"},
        "redact": {"()": "valeo.core.logs.RedactionFilter"},
    },
    "formatters": {
        "line": {
            "()": "valeo.core.logs.RedactingFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        },
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "redact"],
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stderr"], "level": _LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": _LEVEL, "propagate": True},
        # a refused request (404, 403) is no event for the operator
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
