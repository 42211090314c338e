"""Celery's side of the outbox, for installations with Redis. State lies in the table: what Celery loses is no loss."""

from __future__ import annotations

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from valeo.events.relay import prune, relay_once

logger = logging.getLogger(__name__)


@shared_task(name="valeo.events.relay")  # type: ignore[untyped-decorator]
def relay() -> None:
    """Do all due jobs; nudged on commit, and every few seconds by beat."""
    while relay_once():
        pass


@shared_task(name="valeo.events.prune")  # type: ignore[untyped-decorator]
def drop_old() -> None:
    """Drop done jobs, old live events and expired sessions."""
    prune()


def start() -> None:
    """Have a worker do the due jobs; a broker that is away is no failure, the clock tries again in seconds."""
    try:
        relay.apply_async(retry=False)
    except OperationalError:
        logger.warning("The broker does not answer; jobs wait for the clock", exc_info=True)
