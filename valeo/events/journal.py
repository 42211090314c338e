"""The journal of one use case: audit entries, live events and jobs, written by the last two statements.

>>> journal = Journal(actor)
>>> journal.entry(action="post", obj=order, label="SO-2026-00001", from_state="approved", to_state="posted")
>>> journal.event(channel="sales", payload={...})
>>> journal.job(name="archive.issue", payload={"revision": 7}, key="archive.issue:7")
>>> journal.flush()
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import connection, models, transaction
from django.utils import timezone

from valeo.audit.canonical import plain, stamp
from valeo.audit.services import Happening, append
from valeo.core.prepared import prepared
from valeo.events import nudge
from valeo.events.models import Channel
from valeo.tenancy.actor import Actor

# One statement for both. The company's head is raised by the number of events and stays locked until commit.
_PUBLISH: Final = """
WITH job AS (
  INSERT INTO events_job
    (company_id, name, key, payload, state, attempts, next_try_at, error, request_id, created_at)
  SELECT %(company)s, j.name, j.key, j.payload, 'open', 0, COALESCE(j.at, %(now)s), '', %(request)s, %(now)s
    FROM jsonb_to_recordset(%(jobs)s::jsonb) AS j(name text, key text, payload jsonb, at timestamptz)
  ON CONFLICT (company_id, key) DO NOTHING
), head AS (
  INSERT INTO events_eventhead (company_id, seq) SELECT %(company)s, %(count)s WHERE %(count)s > 0
  ON CONFLICT (company_id) DO UPDATE SET seq = events_eventhead.seq + excluded.seq
  RETURNING seq
)
INSERT INTO events_liveevent (company_id, seq, channel, payload, created_at)
SELECT %(company)s, head.seq - %(count)s + e.ord, e.channel, e.payload, %(now)s
  FROM head, jsonb_to_recordset(%(events)s::jsonb) AS e(ord bigint, channel text, payload jsonb)
 ORDER BY e.ord
"""


class Journal:
    """Collects in memory; nothing reaches the database before ``flush``."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.now: dt.datetime = timezone.now()
        self._entries: list[Happening] = []
        self._events: list[dict[str, Any]] = []
        self._jobs: list[dict[str, Any]] = []

    def entry(
        self,
        *,
        action: str,
        obj: models.Model | None = None,
        label: str = "",
        from_state: str = "",
        to_state: str = "",
        reason: str = "",
        changes: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
    ) -> None:
        """Remember an audit entry.

        ``changes`` is field → [old, new]; fields not declared impersonal are kept erasable. ``data`` is hashed and
        never erased, so it holds no personal text; ``personal`` takes what does.
        """
        self._entries.append(
            Happening(
                action=action,
                at=self.now,
                obj=obj,
                label=label or (str(obj) if obj is not None else ""),
                from_state=from_state,
                to_state=to_state,
                reason=reason,
                changes=changes or {},
                data=data or {},
                personal=personal or {},
            )
        )

    def event(self, *, channel: str, payload: Mapping[str, Any]) -> None:
        """Remember a live event; it gets ``id``, ``ts`` and ``company`` when it is sent.

        Raises ``ValueError`` for a channel that does not exist.
        """
        self._events.append(
            {"channel": Channel(channel).value, "payload": plain(payload), "ord": len(self._events) + 1}
        )

    def job(
        self,
        *,
        name: str,
        payload: Mapping[str, Any] | None = None,
        key: str = "",
        at: dt.datetime | None = None,
    ) -> None:
        """Remember a job for the worker, not before ``at``. A second job with the same key is none."""
        self._jobs.append(
            {
                "name": name,
                "key": key or f"{name}:{uuid.uuid4()}",
                "payload": plain(payload or {}),
                "at": stamp(at) if at else None,
            }
        )

    def flush(self) -> None:
        """Write everything in two statements; the last ones of the transaction, after its numbers.

        Raises ``TransactionManagementError`` outside of a transaction.
        """
        entries, self._entries = self._entries, []
        events, self._events = self._events, []
        jobs, self._jobs = self._jobs, []
        append(self.actor, entries)
        if events or jobs:
            self._publish(events, jobs)
            company_id = self.actor.company_id
            transaction.on_commit(
                lambda: nudge.after_commit(company_id, events=bool(events), jobs=bool(jobs))
            )

    def _publish(self, events: list[dict[str, Any]], jobs: list[dict[str, Any]]) -> None:
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("Events are written inside a transaction.")
        with prepared() as cursor:
            cursor.execute(
                _PUBLISH,
                {
                    "company": self.actor.company_id,
                    "now": self.now,
                    "request": self.actor.request_id,
                    "count": len(events),
                    "events": json.dumps(events),
                    "jobs": json.dumps(jobs),
                },
            )
