"""What an administrator does with jobs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from valeo.core.exceptions import Refused, Violation
from valeo.events import nudge
from valeo.events.journal import Journal
from valeo.events.models import Job, JobState
from valeo.tenancy.actor import Actor


@transaction.atomic
def retry(*, actor: Actor, job_ids: Iterable[int]) -> int:
    """Have waiting, given-up or done jobs done (again) now; returns how many. Audited.

    Raises ``Refused`` where a worker has one of them in hand.
    """
    actor.require("admin:all")
    jobs = Job.everywhere.select_for_update(no_key=True).filter(
        company_id=actor.company_id, pk__in=list(job_ids)
    )
    chosen = list(jobs.order_by("id"))
    now = timezone.now()
    if any(job.lease_token is not None and job.next_try_at > now for job in chosen):
        raise Refused(
            Violation("job-in-hand", _("A worker has one of these jobs in hand. Try again in a few minutes."))
        )
    journal = Journal(actor)
    for job in chosen:
        journal.entry(action="job.retry", obj=job, data={"job": job.name, "key": job.key, "was": job.state})
        job.state, job.attempts, job.next_try_at = JobState.OPEN, 0, now
        job.lease_token, job.done_at = None, None
    Job.everywhere.bulk_update(chosen, ["state", "attempts", "next_try_at", "lease_token", "done_at"])
    journal.flush()
    company_id = actor.company_id
    transaction.on_commit(lambda: nudge.after_commit(company_id, events=False, jobs=True))
    return len(chosen)
