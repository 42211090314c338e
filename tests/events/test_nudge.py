from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time

import pytest
from django.db import DatabaseError, transaction

from tests.factories.tenancy import make_company
from valeo.events import nudge, relay
from valeo.events.journal import Journal
from valeo.tenancy.selectors import system_actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet")]


def test_many_commits_share_a_nudge() -> None:
    company = make_company()
    nudge.settle()
    with relay.listening(nudge.LIVE) as listener:
        for _ in range(30):
            journal = Journal(system_actor(company.pk))
            journal.event(channel="sales", payload={})
            with transaction.atomic():
                journal.flush()
        heard = list(listener.notifies(timeout=0.5))
    assert 1 <= len(heard) < 30
    assert {tuple(json.loads(notice.payload)) for notice in heard} == {(company.pk,)}


def test_a_rollback_nudges_nobody() -> None:
    company = make_company()
    nudge.settle()
    with relay.listening(nudge.LIVE) as listener:
        journal = Journal(system_actor(company.pk))
        journal.event(channel="sales", payload={})
        with transaction.atomic():
            journal.flush()
            transaction.set_rollback(True)
        assert list(listener.notifies(timeout=0.3)) == []


def test_a_nudge_that_fails_disturbs_nobody_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    nudge.settle()
    broken = threading.Event()
    original = nudge._Nudger._send

    def fail_once(self: nudge._Nudger) -> None:
        if not broken.is_set():
            broken.set()
            raise DatabaseError("gone")
        original(self)

    monkeypatch.setattr(nudge._Nudger, "_send", fail_once)
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)
    nudge.after_commit(1, events=True, jobs=False)
    broken.wait(5)
    time.sleep(0.2)
    with relay.listening(nudge.LIVE) as listener:
        nudge.after_commit(2, events=True, jobs=True)
        [notice] = listener.notifies(timeout=2, stop_after=1)
    assert json.loads(notice.payload) == [1, 2]


def test_the_thread_ends_and_closes_its_connection_when_it_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    nudge.settle()
    monkeypatch.setattr(nudge, "IDLE", 0.1)
    nudge.after_commit(1, events=True, jobs=False)
    deadline = time.monotonic() + 3
    while any(thread.name == "valeo-nudge" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_with_redis_celery_is_started_and_a_broker_that_is_away_is_no_failure() -> None:
    program = (
        "import django; django.setup(); from valeo.events import nudge, tasks; assert nudge._job_hooks == [tasks.start];"
        "import valeo.celery; tasks.start(); print('fine')"
    )
    environment = {
        **os.environ,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "fine\n", done.stderr
    assert "broker does not answer" in done.stderr
