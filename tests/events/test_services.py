from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.events.test_relay import order
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotPermitted, Refused
from valeo.events import relay
from valeo.events.models import Job
from valeo.events.services import retry
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company


def give_up(key: str) -> Job:
    Job.objects.filter(key=key).update(state="dead", attempts=12, error="ValueError: no")
    found: Job = Job.objects.get(key=key)
    return found


def test_a_given_up_job_is_done_again(company: Company, actor: Actor, handled: list[dict[str, str]]) -> None:
    order(company, "a", "b")
    assert retry(actor=actor, job_ids=[give_up("a").pk]) == 1
    relay.relay_once()
    assert sorted(payload["key"] for payload in handled) == ["a", "b"]
    assert AuditEntry.objects.get(action="job.retry").data == {"job": "test.note", "key": "a", "was": "dead"}


def test_a_job_in_a_workers_hand_is_left_alone(company: Company, actor: Actor) -> None:
    order(company, "a")
    Job.objects.update(
        lease_token="8a2d7a0e-0000-4000-8000-000000000000", next_try_at=timezone.now() + dt.timedelta(hours=1)
    )
    job = Job.objects.get()
    with pytest.raises(Refused) as refusal:
        retry(actor=actor, job_ids=[job.pk])
    assert refusal.value.violations[0].code == "job-in-hand"
    assert Job.objects.get().lease_token == job.lease_token
    assert not AuditEntry.objects.filter(action="job.retry").exists()


def test_retrying_is_the_administrators_and_in_his_company(
    company: Company, other_company: Company, actor: Actor
) -> None:
    order(other_company, "theirs")
    assert retry(actor=actor, job_ids=Job.everywhere.values_list("pk", flat=True)) == 0
    clerk = Actor(
        user_id=actor.user_id, name="x", company_id=actor.company_id, scopes=frozenset({"sales:write"})
    )
    with pytest.raises(NotPermitted):
        retry(actor=clerk, job_ids=[])


def test_jobs_are_seen_and_started_again_in_the_admin(
    company: Company, client_for: Callable[..., Client]
) -> None:
    client = client_for("administrator")
    order(company, "a")
    job = give_up("a")
    assert "ValueError: no" in client.get("/admin/events/job/").content.decode()
    assert client.get(f"/admin/events/job/{job.pk}/change/").status_code == 200
    answer = client.post("/admin/events/job/", {"action": "do_again", "_selected_action": [job.pk]})
    assert answer.status_code == 302
    assert Job.objects.get().state == "open"
    assert client_for("manager").get("/admin/events/job/").status_code == 403


@pytest.mark.parametrize("page", ["events/job", "audit/auditentry"])
def test_the_lists_take_as_many_queries_for_many_rows_as_for_few(
    company: Company, actor: Actor, client_for: Callable[..., Client], page: str
) -> None:
    client = client_for("administrator")
    client.get(f"/admin/{page}/")  # the session is read and completed once
    counts = []
    for number in range(3):
        order(company, str(number))
        retry(actor=actor, job_ids=[Job.objects.get(key=str(number)).pk])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/admin/{page}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_the_audit_record_is_read_only(
    company: Company, actor: Actor, client_for: Callable[..., Client]
) -> None:
    client = client_for("administrator")
    order(company, "a")
    retry(actor=actor, job_ids=[Job.objects.get().pk])
    entry = AuditEntry.objects.get(action="job.retry")
    page = client.get(f"/admin/audit/auditentry/{entry.pk}/change/").content.decode()
    assert entry.hash in page
    assert actor.name in page
    assert client.post(f"/admin/audit/auditentry/{entry.pk}/delete/").status_code == 403
    assert client.get("/admin/audit/auditentry/add/").status_code == 403
