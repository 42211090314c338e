"""The database: ``DATABASE_URL``, else the embedded server of ``./dev``."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

from valeo.runtime.postgres import embedded_url
from valeo.settings import env
from valeo.settings.paths import DATA_DIR

#: psycopg then prepares only what asks for it (``valeo.core.prepared``)
_ONLY_WHEN_ASKED = 1_000_000_000
#: and is planned once: by default PostgreSQL plans a statement anew the first five times on each connection, and the
#: connections of all threads together are rarely that far
_ONE_PLAN = "-c plan_cache_mode=force_generic_plan"


def database(url: str) -> dict[str, Any]:
    """Django's settings of a ``postgresql://user:password@host:port/name?host=…&sslmode=…`` address.

    ``prepare=no`` is for a pool that hands a session's statements to another session.
    """
    parts = urlparse(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must read postgresql://user:password@host:port/name.")
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    prepare = options.pop("prepare", "yes") != "no"
    if prepare:
        options.setdefault("options", _ONE_PLAN)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        # kept connections: opening one costs more than most requests
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, "prepare_threshold": _ONLY_WHEN_ASKED if prepare else None},
    }


DATABASE_URL = env.text("DATABASE_URL") or embedded_url(DATA_DIR)
DATABASES = {"default": database(DATABASE_URL)}
