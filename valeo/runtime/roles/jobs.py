"""What happens after a commit: the outbox' worker, and with Redis Celery's worker and clock."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

import django
from django.conf import settings

django.setup()

from valeo.events.relay import run_worker  # noqa: E402  # needs Django set up by the line above

WORKER_PROCESSES = 2
#: on a machine shared with the web processes papers wait for people, not people for papers
NICENESS = 10


def run() -> None:
    """The loop over the outbox table until SIGTERM; with Redis Celery's worker takes its place."""
    if settings.REDIS_URL:
        _become_celery("worker", "--concurrency", str(WORKER_PROCESSES))
    os.nice(NICENESS)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    run_worker(stop)


def run_beat() -> NoReturn:
    """Celery's clock; only where there is Redis."""
    _become_celery("beat", "--schedule", str(settings.DATA_DIR / "beat-schedule"))


def _become_celery(role: str, *arguments: str) -> NoReturn:
    """Go on as Celery in the same process, so that signals reach it."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "valeo.celery",
        role,
        "--loglevel",
        "WARNING",
        *arguments,
    ]
    os.execv(sys.executable, command)  # noqa: S606  # no shell is meant
