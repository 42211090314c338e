"""Eight threads with real transactions, a third of them rolled back: no number is missing, none is given twice."""

from __future__ import annotations

import datetime as dt
import random
import threading

import pytest
from django.db import connection, transaction

from numbering import proofs
from numbering.kinds import SeriesKind
from numbering.models import IssuedNumber, NumberSeries
from numbering.services import NumberRequest, allocate_many, create_default_series
from tests.factories.tenancy import make_company
from valeo.audit.selectors import verify
from valeo.events.journal import Journal
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import system_actor

THREADS, ROUNDS = 8, 30
KINDS = (SeriesKind.SALES_ORDER, SeriesKind.DELIVERY_NOTE, SeriesKind.SALES_INVOICE, SeriesKind.CUSTOMER)
DAYS = (dt.date(2026, 12, 31), dt.date(2027, 1, 1))


@pytest.mark.django_db(transaction=True)
def test_parallel_postings_leave_no_gap_and_no_double() -> None:
    company = make_company()
    with company_scope(company.pk):
        if not NumberSeries.objects.exists():
            create_default_series(company, system_actor(company.pk))
    kept: list[str] = []
    failures: list[BaseException] = []
    start = threading.Barrier(THREADS)

    def work(number: int) -> None:
        dice = random.Random(number)
        try:
            start.wait(30)
            for turn in range(ROUNDS):
                # all threads pass the year's end about the same time; several kinds at once, in any order
                day = DAYS[turn >= ROUNDS // 2]
                requests = [
                    NumberRequest(company.pk, kind, day)
                    for kind in dice.sample(KINDS, k=3)
                    for _ in range(dice.randint(1, 2))
                ]
                given = _post(company.pk, requests, keep=dice.random() >= 0.3)
                kept.extend(given)
        except BaseException as error:  # noqa: BLE001 - told by the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    issued = list(IssuedNumber.everywhere.filter(company=company).values_list("number", flat=True))
    assert len(kept) == len(set(kept)) > THREADS * ROUNDS
    assert sorted(issued) == sorted(kept)
    found = proofs.series_proofs(company.pk)
    assert len(found) == 7  # three yearly series in two years, one that runs on
    assert all(proof.complete and proof.count == proof.next - proof.first for proof in found)
    assert [problem for problem in verify(company).problems if "no document" not in problem] == []


def _post(company_id: int, requests: list[NumberRequest], *, keep: bool) -> list[str]:
    """A posting: its numbers, then its audit entry; a thread of the old year may come too late, which is refused."""
    journal = Journal(system_actor(company_id))
    with transaction.atomic():
        try:
            with transaction.atomic():
                numbers = allocate_many(requests)
        except Exception as refusal:
            if getattr(refusal, "code", "") != "refused":
                raise
            return []
        journal.entry(action="post", data={"numbers": numbers})
        journal.flush()
        transaction.set_rollback(not keep)
    return numbers if keep else []
