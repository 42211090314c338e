"""Real parallel transactions: the last piece is sold once, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from documents.models import Document
from documents.services.drafts import create_draft
from documents.states import State
from inventory.models import StockBalance, StockMovement
from inventory.selectors.proof import verify
from inventory.services.entries import StockEntry, record_opening
from tests.factories.documents import act, draft
from tests.inventory.conftest import Stock
from valeo.core.exceptions import DomainError, Refused
from valeo.tenancy.scope import company_scope
from workflow.services.begin import today_in

D = Decimal
pytestmark = pytest.mark.django_db(transaction=True)


def together(stock: Stock, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run them at the same moment, each in a thread with its own connection; refusals are answers."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            with company_scope(stock.company.pk):
                start.wait(timeout=20)
                return work()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, work) for work in works]]


def submitting(stock: Stock, case: Any) -> Callable[[], Any]:
    return lambda: act(case, "submit", stock.actor)


def test_the_last_piece_is_delivered_once(stock: Stock) -> None:
    for _ in range(4):
        lot = f"L{StockMovement.objects.count()}"
        stock.opening(stock.feed, "1", lot=lot)
        drafts = [draft_delivery(stock, lot) for _ in range(2)]
        answers = together(stock, [submitting(stock, case) for case in drafts])
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert len(refused) == 1, answers
        assert [item.code for item in refused[0].violations] == ["lot-short"]
        states = sorted(
            Document.objects.filter(pk__in=[case.document.pk for case in drafts]).values_list(
                "state", flat=True
            )
        )
        assert states == [State.DRAFT, State.POSTED]
        assert stock.balance(stock.feed, lot).on_hand == 0
    assert list(verify(stock.company.pk)) == []


def draft_delivery(stock: Stock, lot: str) -> Any:
    data = draft("delivery_note", stock.customer, stock.line("1", stock.feed, lots=((lot, D(1)),)))
    return create_draft(company=stock.company, actor=stock.actor, data=data, today=today_in(stock.company))


def test_articles_in_any_order_never_deadlock(stock: Stock) -> None:
    stock.opening(stock.seed, "100")
    stock.opening(stock.feed, "100", lot="L1")

    def seed() -> Any:
        return stock.line("1")

    def feed() -> Any:
        return stock.line("1", stock.feed, lots=(("L1", D(1)),))

    orders = [(seed(), feed()) if number % 2 else (feed(), seed()) for number in range(6)]
    answers = together(stock, [lambda lines=lines: stock.deliver(*lines) for lines in orders])  # type: ignore[misc]
    assert [answer.document.state for answer in answers] == [State.POSTED] * 6
    assert (stock.balance(stock.seed).on_hand, stock.balance(stock.feed, "L1").on_hand) == (D(94), D(94))
    assert list(verify(stock.company.pk)) == []


def test_a_new_key_is_opened_once(stock: Stock) -> None:
    entry = StockEntry(stock.seed.uuid, stock.house.uuid, D(5), "taken over", unit_cost=D(1))
    answers = together(stock, [lambda: record_opening(actor=stock.actor, entry=entry)] * 4)
    assert sum(isinstance(answer, StockMovement) for answer in answers) == 1
    assert StockBalance.objects.get(article=stock.seed).on_hand == D(5)


def test_two_orders_at_once_do_not_both_fit_the_limit(stock: Stock) -> None:
    stock.customer.credit_limit = D("150.00")
    stock.customer.save()
    answers = together(stock, [lambda: stock.order(stock.line("10")), lambda: stock.order(stock.line("10"))])
    assert sorted(answer.document.state for answer in answers) == [State.PENDING, State.POSTED]
