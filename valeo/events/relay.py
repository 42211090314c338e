"""Doing the outbox's jobs: one ``relay_once`` for the embedded worker, the command and the Celery task."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
import uuid
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from valeo.core.logs import redact
from valeo.events import jobs, nudge
from valeo.events.models import Job, JobState, LiveEvent
from valeo.tenancy.scope import company_scope

BATCH: Final = 50
#: the worker looks by itself this often, should a nudge be lost
POLL_SECONDS: Final = 2.0
#: how long a wait for a nudge lasts at most before the worker looks whether it shall stop
WAIT_SECONDS: Final = 0.5
BUSY_SECONDS: Final = 0.2
#: while people go on writing, the worker rests this many times as long as its last job took
REST: Final = 3.0
LONGEST_REST: Final = 2.0
FIRST_PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(hours=4)
ERROR_LENGTH: Final = 2000
KEEP_DONE: Final = timedelta(days=30)
KEEP_EVENTS: Final = timedelta(days=14)
PRUNE_SECONDS: Final = 3600.0
PRUNE_BATCH: Final = 5000
logger = logging.getLogger(__name__)


def relay_once(batch: int = BATCH) -> int:
    """Do up to ``batch`` due jobs of all companies; returns how many were tried.

    Jobs that another worker holds are skipped. A failing job waits longer each time, then is given up.
    """
    for tried in range(batch):
        if not _try_one():
            return tried
    return batch


def _try_one() -> bool:
    with transaction.atomic():
        job = (
            Job.everywhere.select_for_update(skip_locked=True, no_key=True)
            .filter(state=JobState.OPEN, next_try_at__lte=timezone.now())
            .order_by("next_try_at", "id")
            .first()
        )
        if job is None:
            return False
        kind = jobs.get(job.name)
        job.attempts += 1
        if kind is None:
            _failed(job, f"No app does jobs named {job.name}.", jobs.ATTEMPTS)
        elif kind.outside:
            job.lease_token = uuid.uuid4()
            job.next_try_at = timezone.now() + timedelta(seconds=kind.lease_seconds)
            job.save(update_fields=["attempts", "lease_token", "next_try_at"])
        else:
            _do_inside(job, kind)
    if kind is not None and kind.outside:
        _do_outside(job, kind)
    return True


def _do_inside(job: Job, kind: jobs.JobType) -> None:
    """Claim, effect and done in one transaction."""
    try:
        with transaction.atomic():
            _call(job, kind)
    except Exception as error:  # noqa: BLE001  # whatever a job raises is its own failure, kept and shown with it
        _failed(job, _told(job, error), kind.attempts)
    else:
        _done(job)


def _do_outside(job: Job, kind: jobs.JobType) -> None:
    """The effect first, then the note that it is done, unless the lease was lost meanwhile."""
    error = ""
    try:
        _call(job, kind)
    except Exception as problem:  # noqa: BLE001  # as above
        error = _told(job, problem)
    with transaction.atomic():
        mine = (
            Job.everywhere.select_for_update(no_key=True)
            .filter(pk=job.pk, lease_token=job.lease_token)
            .first()
        )
        if mine is None:
            return
        if error:
            _failed(mine, error, kind.attempts)
        else:
            _done(mine)


def _call(job: Job, kind: jobs.JobType) -> None:
    """In a context of its own, so that a job never inherits scope, language or request of who runs it."""
    contextvars.Context().run(_in_scope, job.company_id, kind.handler, dict(job.payload))


def _in_scope(company_id: int, handler: jobs.Handler, payload: dict[str, Any]) -> None:
    with company_scope(company_id):
        handler(payload)


def _told(job: Job, error: Exception) -> str:
    """The failure in the log with its traceback, and in words for the job."""
    logger.error("Job %s %s failed", job.name, job.pk, exc_info=error)
    return redact(f"{type(error).__name__}: {error}")[:ERROR_LENGTH].replace("\x00", "")


def _done(job: Job) -> None:
    job.state = JobState.DONE
    job.done_at = timezone.now()
    job.error = ""
    job.lease_token = None
    job.save(update_fields=["state", "attempts", "done_at", "error", "lease_token"])


def _failed(job: Job, error: str, attempts: int) -> None:
    job.error = error
    job.lease_token = None
    if job.attempts >= attempts:
        job.state = JobState.DEAD
    else:
        job.next_try_at = timezone.now() + pause_after(job.attempts)
    job.save(update_fields=["state", "attempts", "next_try_at", "error", "lease_token"])


def pause_after(attempts: int) -> timedelta:
    """How long a job waits after its n-th failure: 2, 4, 8 … seconds, at most four hours."""
    doubled: timedelta = FIRST_PAUSE * int(2 ** min(attempts - 1, 20))
    return min(doubled, LONGEST_PAUSE)


def prune(now: datetime | None = None) -> int:
    """Drop done jobs, live events that nobody replays any more and expired sessions; returns how many rows went."""
    now = now or timezone.now()
    done = Job.everywhere.filter(state=JobState.DONE, done_at__lt=now - KEEP_DONE)
    replayed = LiveEvent.everywhere.filter(created_at__lt=now - KEEP_EVENTS)
    expired = Session.objects.filter(expire_date__lt=now)
    return _delete(done) + _delete(replayed) + _delete(expired)


def _delete(rows: QuerySet[Any]) -> int:
    """In portions, so that nobody waits long for a lock."""
    gone = 0
    while ids := list(rows.values_list("pk", flat=True)[:PRUNE_BATCH]):
        gone += rows.filter(pk__in=ids).delete()[0]
    return gone


def run_worker(stop: threading.Event) -> None:
    """Do jobs until ``stop`` is set: at once after a nudge, else every two seconds.

    Survives a database that goes away and comes back.
    """
    pruned = time.monotonic() - PRUNE_SECONDS
    while not stop.is_set():
        try:
            with listening(nudge.JOBS) as listener:
                while not stop.is_set():
                    _do_all(listener, stop)
                    if time.monotonic() - pruned > PRUNE_SECONDS:
                        pruned = time.monotonic()
                        prune()
                    _wait(listener, stop)
        except (DatabaseError, psycopg.Error):
            logger.warning("The worker lost the database and tries again", exc_info=True)
            connection.close()
            stop.wait(1.0)
    connection.close()


def _do_all(listener: psycopg.Connection[Any], stop: threading.Event) -> None:
    """The due jobs, one by one: a stop waits for the job at hand and not for a batch of papers.

    Who has just posted finds the paper made. Where more was committed meanwhile, people are at work on the same
    machine: then the backlog waits a little after each job instead of taking a core from them.
    """
    while not stop.is_set():
        began = time.monotonic()
        if not relay_once(1):
            return
        if list(listener.notifies(timeout=0)):
            stop.wait(min((time.monotonic() - began) * REST, LONGEST_REST))


def listening(channel: str) -> psycopg.Connection[Any]:
    """A connection of its own that listens."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    listener: psycopg.Connection[Any] = psycopg.connect(**parameters, autocommit=True)
    listener.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
    return listener


def _wait(listener: psycopg.Connection[Any], stop: threading.Event) -> None:
    """Until a nudge, the next job's time, or the poll's."""
    deadline = time.monotonic() + min(POLL_SECONDS, _seconds_to_next())
    while not stop.is_set():
        left = deadline - time.monotonic()
        if left <= 0:
            return
        for _ in listener.notifies(timeout=min(left, WAIT_SECONDS), stop_after=1):
            return


def _seconds_to_next() -> float:
    soonest = (
        Job.everywhere.filter(state=JobState.OPEN)
        .order_by("next_try_at")
        .values_list("next_try_at", flat=True)
        .first()
    )
    # a due job that is still there is held by another worker: look again soon, but not in circles
    return max(BUSY_SECONDS, (soonest - timezone.now()).total_seconds()) if soonest else POLL_SECONDS
