"""The registry of jobs: filled by the apps' ``ready()``, read by the relay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Handler = Callable[[dict[str, Any]], object]

#: tries before a job is given up and shown as such; with the growing pauses about a day
ATTEMPTS = 12
#: how long a job with effects outside of the database may take before another worker takes it over
LEASE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class JobType:
    """How a job is done.

    ``outside``: its effect is not in this database (mail, another server), so it runs under a lease and without a
    transaction. Otherwise claim, effect and done are one transaction, and a killed worker leaves nothing behind.
    """

    name: str
    handler: Handler
    outside: bool = False
    attempts: int = ATTEMPTS
    lease_seconds: int = LEASE_SECONDS


_types: dict[str, JobType] = {}


def register(
    name: str,
    handler: Handler,
    *,
    outside: bool = False,
    attempts: int = ATTEMPTS,
    lease_seconds: int = LEASE_SECONDS,
) -> None:
    """Say who does the jobs of a name; raises ``RuntimeError`` for a name that is taken.

    The handler gets the payload, runs in the company's scope and must be idempotent: after a crash it is called again.
    """
    if name in _types:
        raise RuntimeError(f"the job {name} is registered twice")
    _types[name] = JobType(name, handler, outside, attempts, lease_seconds)


def get(name: str) -> JobType | None:
    return _types.get(name)
