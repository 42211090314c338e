from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tests.factories.tenancy import make_company
from valeo.events import jobs, nudge, relay, tasks
from valeo.events.journal import Journal
from valeo.events.models import Job, JobState, LiveEvent
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_in_scope, company_scope
from valeo.tenancy.selectors import system_actor


def order(company: Company, *keys: str, name: str = "test.note") -> None:
    journal = Journal(system_actor(company.pk))
    for key in keys:
        journal.job(name=name, payload={"key": key}, key=key)
    with transaction.atomic():
        journal.flush()


def again(key: str) -> Job:
    """Make a waiting job due now."""
    Job.everywhere.filter(key=key).update(next_try_at=timezone.now())
    return Job.everywhere.get(key=key)


def test_jobs_are_done_once_in_order(company: Company, handled: list[dict[str, Any]]) -> None:
    order(company, "a", "b")
    assert relay.relay_once() == 2
    assert relay.relay_once() == 0
    assert handled == [{"key": "a"}, {"key": "b"}]
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}


def test_a_job_runs_in_its_companys_scope_and_in_no_other(
    company: Company, other_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes: list[int | None] = []
    monkeypatch.setattr(jobs, "_types", {})
    jobs.register("test.scope", lambda _payload: scopes.append(company_in_scope()))
    order(other_company, "elsewhere", name="test.scope")
    relay.relay_once()
    assert scopes == [other_company.pk]
    assert company_in_scope() == company.pk


def test_a_failure_leaves_no_effect_waits_and_is_given_up(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(payload: dict[str, Any]) -> None:
        Company.objects.filter(pk=company.pk).update(name="half done")
        raise ValueError(f"no luck, m.mustermann@example.org {payload['key']}")

    monkeypatch.setattr(jobs, "_types", {})
    jobs.register("test.fail", fail, attempts=2)
    order(company, "a", name="test.fail")
    relay.relay_once()
    job = Job.objects.get(key="a")
    assert (job.state, job.attempts) == (JobState.OPEN, 1)
    assert job.next_try_at > timezone.now() + dt.timedelta(seconds=1)
    assert job.error == "ValueError: no luck, m***@example.org a"
    company.refresh_from_db()
    assert company.name != "half done"
    assert relay.relay_once() == 0
    again("a")
    relay.relay_once()
    assert Job.objects.get(key="a").state == JobState.DEAD


def test_one_failing_job_does_not_hold_the_others(company: Company, handled: list[dict[str, Any]]) -> None:
    order(company, "nobody", name="test.unknown")
    order(company, "b")
    assert relay.relay_once() == 2
    assert handled == [{"key": "b"}]
    assert "test.unknown" in Job.objects.get(key="nobody").error


def test_pauses_grow_to_four_hours() -> None:
    assert [relay.pause_after(n).total_seconds() for n in (1, 2, 5, 30)] == [2, 4, 32, 14400]


def test_an_effect_outside_runs_under_a_lease_without_a_transaction(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[JobState | str] = []
    monkeypatch.setattr(jobs, "_types", {})

    def send(_payload: dict[str, Any]) -> None:
        job = Job.everywhere.get(key="mail")
        assert job.lease_token is not None
        assert job.next_try_at > timezone.now() + dt.timedelta(seconds=200)
        seen.append(job.state)

    jobs.register("test.mail", send, outside=True)
    order(company, "mail", name="test.mail")
    relay.relay_once()
    assert seen == [JobState.OPEN]
    assert Job.objects.get(key="mail").state == JobState.DONE


def test_who_lost_the_lease_reports_nothing(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_types", {})
    jobs.register(
        "test.mail", lambda _p: Job.everywhere.filter(key="mail").update(lease_token=None), outside=True
    )
    order(company, "mail", name="test.mail")
    relay.relay_once()
    assert Job.objects.get(key="mail").state == JobState.OPEN


def test_old_rows_are_pruned_and_open_ones_never(actor: Actor, company: Company, handled: list[Any]) -> None:
    order(company, "done")
    relay.relay_once()
    order(company, "open")
    journal = Journal(actor)
    journal.event(channel="sales", payload={})
    journal.flush()
    relay.prune(timezone.now() + dt.timedelta(days=13))
    assert LiveEvent.objects.exists()
    assert Job.objects.filter(key="done").exists()
    relay.prune(timezone.now() + dt.timedelta(days=31))
    assert not LiveEvent.objects.exists()
    assert list(Job.objects.values_list("key", flat=True)) == ["open"]


@pytest.mark.parametrize("prune", [relay.prune, tasks.drop_old])
def test_expired_sessions_are_dropped_and_live_ones_stay(
    company: Company, prune: Callable[[], object]
) -> None:
    for key, hours in (("expired", -1), ("live", 1)):
        expiry = timezone.now() + dt.timedelta(hours=hours)
        Session.objects.create(session_key=key, session_data="", expire_date=expiry)
    prune()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["live"]


def test_the_clock_prunes_each_hour(settings: Any) -> None:
    planned = {plan["task"]: plan["schedule"] for plan in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned[tasks.drop_old.name] == relay.PRUNE_SECONDS


def test_the_command_does_what_is_due(company: Company, handled: list[dict[str, Any]]) -> None:
    order(company, "a")
    call_command("relay")
    assert handled == [{"key": "a"}]


@pytest.mark.django_db(transaction=True)
def test_the_worker_wakes_within_a_moment_of_the_commit(handled: list[dict[str, Any]], quiet: None) -> None:
    company = make_company()
    stop = threading.Event()
    worker = threading.Thread(target=relay.run_worker, args=(stop,))
    worker.start()
    try:
        time.sleep(0.5)
        with company_scope(company.pk):
            order(company, "first")
        started = time.monotonic()
        while not handled and time.monotonic() - started < 5:
            time.sleep(0.005)
        took = time.monotonic() - started
    finally:
        stop.set()
        worker.join(5)
    assert handled == [{"key": "first"}]
    assert took < 1.0, "the nudge did not arrive; the poll found it"
    assert not worker.is_alive()


class Watched(threading.Event):
    """Notes how long the worker rests."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.rests.append(timeout or 0)
        return self.is_set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("people_write", [True, False])
def test_a_backlog_rests_between_papers_only_while_people_write(
    people_write: bool, monkeypatch: pytest.MonkeyPatch, quiet: None
) -> None:
    company = make_company()

    def paper(_payload: dict[str, Any]) -> None:
        if people_write:
            with relay.listening(nudge.LIVE) as theirs:
                theirs.execute("SELECT pg_notify(%s, '')", [nudge.JOBS])
        time.sleep(0.05)

    monkeypatch.setattr(jobs, "_types", {})
    jobs.register("test.paper", paper)
    with company_scope(company.pk):
        order(company, "a", "b", "c", name="test.paper")
    nudge.settle()
    stop = Watched()
    with relay.listening(nudge.JOBS) as listener:
        relay._do_all(listener, stop)
    assert Job.everywhere.filter(state=JobState.DONE).count() == 3
    assert len(stop.rests) == (3 if people_write else 0)
    assert all(relay.REST * 0.05 <= rest <= relay.LONGEST_REST for rest in stop.rests)


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_jobs_and_do_none_twice(monkeypatch: pytest.MonkeyPatch, quiet: None) -> None:
    company = make_company()
    done: list[str] = []

    def slow(payload: dict[str, Any]) -> None:
        done.append(payload["key"])
        time.sleep(0.01)

    monkeypatch.setattr(jobs, "_types", {})
    jobs.register("test.slow", slow)
    with company_scope(company.pk):
        order(company, *(str(number) for number in range(20)), name="test.slow")

    def work() -> None:
        try:
            relay.relay_once(100)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done, key=int) == [str(number) for number in range(20)]
