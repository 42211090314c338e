"""Keyset pages: as quick at the end of a list as at its beginning."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet

COUNT_LIMIT = 1001
MAX_ID = 2**63


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with the tokens of the neighbouring pages; ``count`` stops at 1,001."""

    rows: list[Any]
    newer: str
    older: str
    count: int

    @property
    def more_than_counted(self) -> bool:
        return self.count >= COUNT_LIMIT


def page_of(
    rows: QuerySet[Any],
    *,
    sorts: Mapping[str, str],
    sort: str,
    after: str = "",
    before: str = "",
    size: int = 50,
) -> Page:
    """One page of ``rows`` by ``sort`` (a key of ``sorts``, with ``-`` descending), then by id.

    A token that nobody gave out starts at the first page.
    """
    descending = sort.startswith("-")
    column = sorts[sort.lstrip("-")]
    backwards = bool(before) and not after
    edge = _read(rows.model, column, after or before)
    down = descending != backwards
    found = rows.order_by(f"{'-' if down else ''}{column}", f"{'-' if down else ''}id")
    if edge is not None:
        found = found.filter(_beyond(column, edge, down=down))
    got = list(found[: size + 1])
    more, got = len(got) > size, got[:size]
    if backwards:
        got.reverse()
    count = rows.order_by()[:COUNT_LIMIT].count()
    has_newer = more if backwards else edge is not None
    has_older = (edge is not None) if backwards else more
    return Page(
        rows=got,
        newer=_token(got[0], column) if got and has_newer else "",
        older=_token(got[-1], column) if got and has_older else "",
        count=count,
    )


def _beyond(column: str, edge: tuple[Any, int], *, down: bool) -> Q:
    """A range on the column first, so that the index is used (a plain OR would walk it)."""
    value, pk = edge
    step = "lt" if down else "gt"
    return Q(**{f"{column}__{step}e": value}) & (Q(**{f"{column}__{step}": value}) | Q(**{f"id__{step}": pk}))


def _token(row: models.Model, column: str) -> str:
    value = getattr(row, column)
    plain = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(json.dumps([plain, row.pk]).encode()).decode().rstrip("=")


def _read(model: type[models.Model], column: str, token: str) -> tuple[Any, int] | None:
    if not token or len(token) > 1000:
        return None
    try:
        plain, pk = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        field: Any = model._meta.get_field(column)
        value, key = field.to_python(plain), int(pk)
    except (ValueError, TypeError, ValidationError, OverflowError):
        return None
    return None if "\x00" in str(plain) or value is None or not 0 < key < MAX_ID else (value, key)
