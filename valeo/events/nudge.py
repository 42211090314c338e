"""The nudge after a commit: tells hubs and workers of all processes, by NOTIFY, that there is something to read.

NOTIFY takes a lock of the whole server at commit, so business transactions don't send it. One thread per process
does, on a connection of its own, at most once in ``PAUSE`` seconds for all commits since the last time. A nudge that
is lost with its process costs a second: hubs and workers also look by themselves.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Final

import psycopg
from django.db import DatabaseError, connection

LIVE: Final = "valeo_live"
JOBS: Final = "valeo_jobs"
PAUSE: Final = 0.01
#: an idle connection is closed after this many seconds
IDLE: Final = 2.0
logger = logging.getLogger(__name__)

#: called besides NOTIFY when there are jobs, in the nudging thread (Celery, where there is one)
_job_hooks: list[Callable[[], object]] = []


def on_jobs(hook: Callable[[], object]) -> None:
    """Have something called after commits that left jobs; at most once a pause."""
    _job_hooks.append(hook)


class _Nudger:
    """The thread of one process; started with the first commit that has something to tell."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._wake = threading.Condition()
        self._companies: set[int] = set()
        self._jobs = False
        self._ending = False
        self._thread: threading.Thread | None = None

    def tell(self, company_id: int, *, events: bool, jobs: bool) -> None:
        with self._wake:
            if events:
                self._companies.add(company_id)
            self._jobs = self._jobs or jobs
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="valeo-nudge", daemon=True)
                self._thread.start()
            self._wake.notify()

    def settle(self) -> None:
        """Let what waits be sent, then end the thread and its connection."""
        with self._wake:
            thread, self._ending = self._thread, True
            self._wake.notify()
        if thread is not None:
            thread.join(5)
        self._ending = False

    def of_this_process(self) -> bool:
        return self._pid == os.getpid()

    def _run(self) -> None:
        try:
            while self._wait():
                self._send()
                time.sleep(PAUSE)
        finally:
            connection.close()

    def _wait(self) -> bool:
        """Until there is something; False, and the thread ends, when there was nothing for a while."""
        with self._wake:
            self._wake.wait_for(lambda: self._companies or self._jobs or self._ending, timeout=IDLE)
            if self._companies or self._jobs:
                return True
            self._thread = None
            return False

    def _send(self) -> None:
        with self._wake:
            companies, self._companies = sorted(self._companies), set()
            jobs, self._jobs = self._jobs, False
        try:
            with connection.cursor() as cursor:
                if companies:
                    cursor.execute("SELECT pg_notify(%s, %s)", [LIVE, json.dumps(companies)])
                if jobs:
                    cursor.execute("SELECT pg_notify(%s, '')", [JOBS])
        except (DatabaseError, psycopg.Error):
            # nothing is lost: readers look by themselves; the next nudge opens a new connection
            logger.warning("A nudge could not be sent", exc_info=True)
            connection.close()
        if jobs:
            for hook in _job_hooks:
                hook()


_nudger = _Nudger()


def after_commit(company_id: int, *, events: bool, jobs: bool) -> None:
    """Called on commit; returns at once."""
    global _nudger  # noqa: PLW0603 - a fork inherits the object, but not the thread
    if not _nudger.of_this_process():
        _nudger = _Nudger()
    _nudger.tell(company_id, events=events, jobs=jobs)


def settle() -> None:
    """Send what waits and close the connection: at the end of a command, before a database is dropped."""
    _nudger.settle()
