"""Hot statements are planned once per connection; the ORM's are not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from valeo.core.prepared import prepared
from valeo.settings.database import database

pytestmark = pytest.mark.django_db


def kept(like: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s", [like])
        return cursor.fetchall()


def test_the_plan_is_kept_and_serves_other_values() -> None:
    for number in (1, 2, 40_000):
        with prepared() as cursor:
            cursor.execute("SELECT %(n)s::bigint + 1 AS kept_once", {"n": number})
            assert cursor.fetchone() == (number + 1,)
    assert 1 <= len(kept("SELECT $1::bigint + 1 AS kept_once")) <= 2, "one for each width of the number"


def test_the_usual_cursor_keeps_none() -> None:
    with prepared():
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint + 2 AS never_kept", [1])
    assert kept("%+ 2 AS never_kept") == []


def test_it_is_counted_like_any_query() -> None:
    with CaptureQueriesContext(connection) as queries, prepared() as cursor:
        cursor.execute("SELECT %s::text", ["x"])
    assert [each["sql"] for each in queries] == ["SELECT $1::text"]


def test_a_statement_is_planned_once() -> None:
    for _ in range(3):
        with prepared() as cursor:
            cursor.execute("SELECT %s::bigint + 3 AS planned_once", [1])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%+ 3 AS planned_once'"
        )
        assert cursor.fetchall() == [(3, 0)]


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {"prepare_threshold": 1_000_000_000, "options": "-c plan_cache_mode=force_generic_plan"}),
        ("?prepare=no", {"prepare_threshold": None}),
    ],
)
def test_a_pool_of_sessions_can_do_without(query: str, options: dict[str, object]) -> None:
    assert database(f"postgresql://valeo@db/valeo{query}")["OPTIONS"] == options
