from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from valeo.audit.models import AuditEntry
from valeo.events.journal import Journal
from valeo.events.models import EventHead, Job, LiveEvent
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company


def test_a_journal_is_written_by_two_statements(actor: Actor, company: Company) -> None:
    journal = Journal(actor)
    for number in range(3):
        journal.entry(
            action="post", obj=company, label=f"SO-{number}", from_state="approved", to_state="posted"
        )
        journal.event(channel="sales", payload={"number": number})
    journal.job(name="archive.issue", payload={"revision": 7}, key="archive.issue:7")
    with CaptureQueriesContext(connection) as queries:
        journal.flush()
    assert len(queries) == 2
    assert AuditEntry.objects.filter(action="post").count() == 3
    assert Job.objects.get(key="archive.issue:7").payload == {"revision": 7}


def test_event_ids_are_the_companys_own_count(actor: Actor, company: Company) -> None:
    before = EventHead.objects.filter(company=company).values_list("seq", flat=True).first() or 0
    for channels in (["workflow", "sales"], ["sales"]):
        journal = Journal(actor)
        for channel in channels:
            journal.event(channel=channel, payload={})
        journal.flush()
    found = LiveEvent.objects.order_by("seq").values_list("seq", "channel")
    assert list(found)[-3:] == [(before + 1, "workflow"), (before + 2, "sales"), (before + 3, "sales")]


def test_a_job_with_a_known_key_is_none(actor: Actor) -> None:
    for revision in (1, 2):
        journal = Journal(actor)
        journal.job(name="archive.issue", payload={"revision": revision}, key="same")
        journal.flush()
    assert Job.objects.get(key="same").payload == {"revision": 1}


def test_a_second_flush_writes_nothing_twice(actor: Actor) -> None:
    journal = Journal(actor)
    journal.entry(action="look")
    journal.flush()
    journal.flush()
    assert AuditEntry.objects.filter(action="look").count() == 1


def test_a_channel_that_does_not_exist_is_refused(actor: Actor) -> None:
    with pytest.raises(ValueError, match="gossip"):
        Journal(actor).event(channel="gossip", payload={})


def test_a_live_event_never_changes(actor: Actor) -> None:
    journal = Journal(actor)
    journal.event(channel="sales", payload={"a": 1})
    journal.flush()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        LiveEvent.objects.update(payload={})


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_written() -> None:
    actor = Actor(user_id=None, name="x", company_id=1, scopes=frozenset())
    for fill in (lambda j: j.entry(action="x"), lambda j: j.event(channel="sales", payload={})):
        journal = Journal(actor)
        fill(journal)  # type: ignore[no-untyped-call]
        with pytest.raises(transaction.TransactionManagementError):
            journal.flush()
