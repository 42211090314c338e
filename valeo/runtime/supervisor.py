"""Keeps the processes of one installation running: starts them, restarts what dies, stops all of them cleanly."""

from __future__ import annotations

import logging
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from valeo.runtime.places import RuntimeProblem
from valeo.runtime.processes import HANDLED, spawn

#: after the grace time of a process (server.GRACE_SECONDS) it is killed
KILL_SECONDS = 25.0
#: a process that lived this many times its last pause is restarted at once, others after a growing pause: restarts
#: take a small share of the time, and who is killed once is back at once
STEADY_TIMES = 10
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
TICK_SECONDS = 0.5
logger = logging.getLogger(__name__)


class Service(Protocol):
    """Something the supervisor keeps running."""

    name: str

    def start(self) -> None:
        """Bring it up; RuntimeProblem where that fails."""

    def poll(self) -> int | None:
        """None while it runs, else its exit status."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it, now."""


@dataclass
class Process:
    """One child process."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    descriptors: Sequence[int] = ()
    handle: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the child."""
        self.handle = spawn(self.command, env=self.env, descriptors=self.descriptors)

    def poll(self) -> int | None:
        """None while it runs, else its exit status."""
        return self.handle.poll() if self.handle is not None else -1

    def terminate(self) -> None:
        """SIGTERM: requests and jobs in flight are finished."""
        if self.handle is not None and self.handle.poll() is None:
            self.handle.terminate()

    def kill(self) -> None:
        """SIGKILL."""
        if self.handle is not None and self.handle.poll() is None:
            self.handle.kill()
            self.handle.wait()


@dataclass
class _Watch:
    """What the supervisor remembers of a service."""

    service: Service
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float | None = None


class Supervisor:
    """Runs the foundation (the database) and the services that stand on it."""

    def __init__(self, *, foundation: Sequence[Service], services: Sequence[Service]) -> None:
        self._foundation = list(foundation)
        self._services = list(services)
        self._watched = [_Watch(service) for service in (*foundation, *services)]

    def start(self) -> None:
        """Start every service that does not run yet; from here on signals wait until ``run`` takes them."""
        signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
        for watch in self._watched:
            if watch.service.poll() is not None:
                watch.service.start()
            watch.started = time.monotonic()

    def run(self) -> signal.Signals:
        """Watch until SIGINT, SIGTERM or SIGHUP arrives; returns it."""
        while True:
            received = signal.sigtimedwait(HANDLED, TICK_SECONDS)
            if received is not None and received.si_signo != signal.SIGCHLD:
                return signal.Signals(received.si_signo)
            for watch in self._watched:
                self._look_after(watch)

    def stop(self) -> None:
        """End the services, then what they stand on; a second Ctrl+C ends the patience with them."""
        for group in (self._services, self._foundation):
            for service in group:
                service.terminate()
            deadline = time.monotonic() + KILL_SECONDS
            for service in group:
                while service.poll() is None and time.monotonic() < deadline:
                    if signal.sigtimedwait({signal.SIGINT}, 0.05) is not None:
                        deadline = time.monotonic()
                if service.poll() is None:
                    logger.error("%s does not end and is killed", service.name)
                    service.kill()

    def _look_after(self, watch: _Watch) -> None:
        now = time.monotonic()
        if watch.again_at is None:
            status = watch.service.poll()
            if status is None:
                return
            steady = now - watch.started > STEADY_TIMES * watch.pause
            watch.pause = FIRST_PAUSE if steady else min(watch.pause * 2, LONGEST_PAUSE)
            watch.again_at = now if steady else now + watch.pause
            logger.error("%s ended with status %s and is started again", watch.service.name, status)
        if now >= watch.again_at:
            watch.again_at = None
            watch.started = now
            try:
                watch.service.start()
            except (RuntimeProblem, OSError):
                logger.exception("%s does not start", watch.service.name)
                watch.again_at = now + watch.pause
