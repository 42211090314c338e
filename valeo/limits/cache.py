"""A cache backend that only counts: whole numbers in one UNLOGGED table, each step one atomic statement.

django-ratelimit needs ``add`` and ``incr`` that are exact under concurrency and shared by all processes. Django's
database cache reads and writes in two steps, its local memory is one process's own.

Count outside a transaction: inside one the row stays locked until it ends, and a rollback forgets the step.
"""

from __future__ import annotations

import random
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections

_FOREVER = 10 * 365 * 86_400
#: one in so many new counters clears away expired ones
_CULL_EVERY = 200
_CULL_ROWS = 1000

_ADD = """
    INSERT INTO limits_counter AS counter (key, value, expires_at)
    VALUES (%(key)s, %(value)s, clock_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
    WHERE {condition}
    RETURNING value
"""
_INCREMENT = """
    UPDATE limits_counter SET value = value + %(delta)s
    WHERE key = %(key)s AND expires_at > clock_timestamp() RETURNING value
"""
_GET = "SELECT value FROM limits_counter WHERE key = %(key)s AND expires_at > clock_timestamp()"
_TOUCH = """
    UPDATE limits_counter SET expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
    WHERE key = %(key)s AND expires_at > clock_timestamp() RETURNING value
"""
_DELETE = "DELETE FROM limits_counter WHERE key = %(key)s RETURNING value"
_CULL = """
    DELETE FROM limits_counter WHERE key IN (
        SELECT key FROM limits_counter WHERE expires_at <= clock_timestamp()
        LIMIT %(rows)s FOR UPDATE SKIP LOCKED
    )
"""


class CounterCache(BaseCache):
    """Counters with an expiry. Values are whole numbers; anything else raises TypeError."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.alias = location or "default"

    def add(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Start a counter; False where a live one exists."""
        row = self._write(
            _ADD.format(condition="counter.expires_at <= clock_timestamp()"), key, version, value, timeout
        )
        if row is not None and random.randrange(_CULL_EVERY) == 0:  # noqa: S311  # no secret depends on it
            self._run(_CULL, {"rows": _CULL_ROWS}, fetch=False)
        return row is not None

    def set(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Start a counter or replace the one there is."""
        self._write(_ADD.format(condition="true"), key, version, value, timeout)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count on by ``delta`` and return the new value; ValueError where there is no live counter."""
        value = self._run(_INCREMENT, {"key": self._key(key, version), "delta": delta})
        if value is None:
            raise ValueError(f"Key {key!r} not found")
        return value

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value of a live counter, else ``default``."""
        value = self._run(_GET, {"key": self._key(key, version)})
        return default if value is None else value

    def touch(self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a live counter a new expiry."""
        values = {"key": self._key(key, version), "seconds": self._seconds(timeout)}
        return self._run(_TOUCH, values) is not None

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a counter; False where there was none."""
        return self._run(_DELETE, {"key": self._key(key, version)}) is not None

    def clear(self) -> None:
        """Forget all counters."""
        self._run("DELETE FROM limits_counter", {}, fetch=False)

    def _key(self, key: Any, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _seconds(self, timeout: float | None) -> float:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return _FOREVER if timeout is None else timeout

    def _write(
        self, statement: str, key: Any, version: int | None, value: Any, timeout: float | None
    ) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError("This cache counts: it keeps whole numbers only.")
        values = {"key": self._key(key, version), "value": value, "seconds": self._seconds(timeout)}
        return self._run(statement, values)

    def _run(self, statement: str, values: dict[str, Any], *, fetch: bool = True) -> int | None:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone() if fetch else None
        return None if row is None else int(row[0])
