"""What the outbox holds about people (contract § 9)."""

from __future__ import annotations

from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal
from valeo.events.models import Job, LiveEvent

declare(
    LiveEvent,
    {
        "payload": personal(
            purpose="Showing at once what a colleague did; gone after two weeks",
            basis=Basis.LEGITIMATE_INTEREST,
            retention=Retention.NONE,
            erase=Erase.DELETE,
        )
    },
    label_is_personal=False,
)
declare(
    Job,
    {
        "payload": personal(
            purpose="What a worker needs to do a job; gone thirty days after it is done",
            basis=Basis.CONTRACT,
            retention=Retention.NONE,
            erase=Erase.DELETE,
        ),
        **impersonal("name", "key", "error", "request_id"),
    },
    label_is_personal=False,
)
