"""Two who post around midnight: the document date is the day on which the series is locked, so numbers and dates agree."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from documents.models import Document
from numbering.proofs import series_proofs
from tests.factories.documents import line
from tests.factories.steps import order
from tests.factories.tenancy import make_company
from tests.factories.world import World, make_world
from valeo.audit.selectors import verify
from valeo.tenancy.scope import company_scope
from workflow.services import day

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    company = make_company("MID")
    with company_scope(company.pk):
        yield make_world(company)


def waiting() -> bool:
    """Whether somebody waits for a lock that is held here; the other test processes have databases of their own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND datname = current_database()"
        )
        found = cursor.fetchone()
    return bool(found and found[0])


def test_who_began_before_midnight_and_comes_second(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """His clock said yesterday, the other's document of today has the number before his."""
    ahead = {threading.get_ident(): DAY}
    clock = SimpleNamespace(now=lambda: timezone.now() + ahead.get(threading.get_ident(), dt.timedelta()))
    monkeypatch.setattr(day, "timezone", clock)
    answers: list[Any] = []

    def late() -> None:
        try:
            with company_scope(world.company.pk):
                answers.append(order(world, line(world.wheat, "1")))
        except Exception as refusal:  # noqa: BLE001 - the test looks at it
            answers.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=late)
    with transaction.atomic():
        first = order(world, line(world.lime, "1"))
        thread.start()
        until = time.monotonic() + 20
        while not (waits := waiting()) and time.monotonic() < until:
            time.sleep(0.02)
        assert waits, answers or "the other one has begun, and waits"
        ahead[thread.ident or 0] = DAY
    thread.join(timeout=30)
    assert isinstance(answers[0], type(first)), answers
    second = answers[0]
    assert first.document.document_date == second.document.document_date == day.today_in(world.company)
    assert first.document.number < second.document.number
    assert Document.objects.count() == 2
    assert all(proof.complete for proof in series_proofs(world.company.pk))
    assert verify(world.company).problems == []
