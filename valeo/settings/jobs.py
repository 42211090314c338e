"""Background work in production: Celery with Redis. The embedded default needs neither (valeo.runtime)."""

from __future__ import annotations

from valeo.settings.caches import REDIS_URL

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
# A task is acknowledged when it is done, so that a killed worker loses none; state lives in the outbox table.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Rendering keeps memory: a worker is replaced after this many tasks.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
# The nudge after a commit starts the relay at once; the clock is for what a nudge or a crash has left.
CELERY_BEAT_SCHEDULE = {
    "relay": {"task": "valeo.events.relay", "schedule": 10.0},
    "prune": {"task": "valeo.events.prune", "schedule": 3600.0},
}
