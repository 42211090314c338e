from __future__ import annotations

import threading

import pytest
from django.core.cache import caches
from django.db import connection, connections
from django.test import RequestFactory
from django_ratelimit.core import is_ratelimited

from valeo.limits.cache import CounterCache

pytestmark = pytest.mark.django_db


@pytest.fixture
def counters() -> CounterCache:
    return CounterCache("default", {})


def test_add_starts_a_counter_once(counters: CounterCache) -> None:
    assert counters.add("a", 1, 60)
    assert not counters.add("a", 5, 60)
    assert counters.get("a") == 1
    assert counters.get("b", 7) == 7


def test_incr_counts_and_needs_a_live_counter(counters: CounterCache) -> None:
    counters.set("a", 1, 60)
    assert counters.incr("a") == 2
    assert counters.incr("a", 3) == 5
    with pytest.raises(ValueError, match="not found"):
        counters.incr("b")


def test_an_expired_counter_is_none(counters: CounterCache) -> None:
    counters.set("a", 9, 0)
    assert counters.get("a") is None
    with pytest.raises(ValueError, match="not found"):
        counters.incr("a")
    assert not counters.touch("a", 60)
    assert counters.add("a", 1, 60)


def test_touch_delete_clear(counters: CounterCache) -> None:
    counters.set("a", 1, None)
    assert counters.touch("a", 60)
    assert counters.delete("a")
    assert not counters.delete("a")
    counters.set("b", 1)
    counters.clear()
    assert counters.get("b") is None


@pytest.mark.parametrize("value", ["1", 1.5, True, None])
def test_only_whole_numbers(counters: CounterCache, value: object) -> None:
    with pytest.raises(TypeError):
        counters.set("a", value)


def test_the_table_is_unlogged(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'limits_counter'::regclass")
        assert cursor.fetchone() == ("u",)


@pytest.mark.django_db(transaction=True)
def test_parallel_steps_are_all_counted() -> None:
    counters = CounterCache("default", {})
    results: list[int] = []

    def count() -> None:
        try:
            for _ in range(50):
                if counters.add("p", 1, 60):
                    results.append(1)
                else:
                    results.append(counters.incr("p"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(1, 201))
    counters.clear()


def test_django_ratelimit_counts_with_it() -> None:
    caches["counters"].clear()
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    answers = [is_ratelimited(request, group="g", key="ip", rate="3/h", increment=True) for _ in range(5)]
    assert answers == [False, False, False, True, True]
