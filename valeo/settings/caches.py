"""Caches, sessions and rate counters: shared by all processes, with Redis or without it."""

from __future__ import annotations

from typing import Any

from valeo.settings import env

REDIS_URL = env.text("REDIS_URL")

_REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}

CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    CACHES = {
        "default": {**_REDIS, "KEY_PREFIX": "valeo"},
        "counters": {**_REDIS, "KEY_PREFIX": "valeo-counters"},
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    CACHES = {
        # per process, so only for what may differ between processes for a moment; never for sessions
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "counters": {"BACKEND": "valeo.limits.cache.CounterCache"},
    }
    # several web processes without Redis: a logout must be seen by all of them at once, so the session is
    # read from the database (one primary-key read, 0.2 ms) and not from a cache of one process
    SESSION_ENGINE = "valeo.core.sessions"

# every login is stored once and then only read: no write per request
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_AGE = env.number("VALEO_SESSION_HOURS", 12) * 3600

# messages live in the session only while there are any
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
