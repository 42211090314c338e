"""Statements that PostgreSQL parses and plans once per connection.

The hot statements of ``valeo.core.rows`` and of the services join many tables: planning one takes longer than running
it. They are constants with values of fixed types, so a plan kept by the connection serves every call. Searches are
no such statements: a plan without the text that is looked for would read every row. The ORM keeps Django's binding.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


class PreparedCursor(ServerBindingCursor):
    """Prepares what it executes; psycopg keeps the 100 statements used last."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Any:
        return super().execute(query, params, prepare=True)  # type: ignore[misc]

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        # psycopg notes the query for Django's query log only where it does not prepare
        self._query = super()._convert_query(query, params)  # type: ignore[misc]
        return self._query


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor for one constant statement whose values are bound by the server."""
    connection.ensure_connection()
    raw = connection.connection
    usual, raw.cursor_factory = raw.cursor_factory, PreparedCursor
    try:
        cursor = connection.cursor()
    finally:
        raw.cursor_factory = usual
    with cursor:
        yield cursor
