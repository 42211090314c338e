"""``/healthz`` and ``/readyz``: no login, no company, no detail that helps an outsider."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from valeo.tenancy.access import public

logger = logging.getLogger(__name__)

#: a process that has seen its schema complete need not look again: migrations only ever add
_schema_seen: list[bool] = []


@public
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked, or a database failure would restart all of them."""
    return JsonResponse({"status": "ok"})


@public
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 where the database answers with a complete schema and Redis answers where there is one, else 503."""
    checks = {"database": _database(), "redis": _redis()}
    ready = all(checks.values())
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _schema_seen:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return False
            _schema_seen.append(True)
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", error)
        return False
    return True


def _redis() -> bool:
    if not settings.REDIS_URL:
        return True
    try:
        cache.get("readyz")
    except (RedisError, OSError) as error:
        logger.warning("Redis does not answer: %s", error)
        return False
    return True
