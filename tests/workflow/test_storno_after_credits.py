"""A storno after quantity credits takes exactly what they left: the receivable ends at nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from documents.case import Case
from documents.inputs import LineInput
from documents.models import Document
from documents.selectors.cases import load_case
from documents.states import State
from payments.models import OpenItem
from tests.factories.documents import act, again, line
from tests.factories.steps import credit, delivery, invoice, order
from tests.factories.world import World
from tests.support.proofs import refused
from valeo.audit.selectors import verify
from workflow.services.perform import correct

D = Decimal


def posted(world: World, case: Case) -> Case:
    """On to posted, whoever has to be asked (these prices lie below cost)."""
    if case.document.state == State.DRAFT:
        case = act(case, "submit", world.accountant)
    if case.document.state == State.PENDING:
        case = act(case, "approve", world.manager)
    if case.document.state == State.APPROVED:
        case = act(case, "post", world.accountant)
    assert case.document.state == State.POSTED
    return again(case)


def billed(world: World, *lines: LineInput, **values: Any) -> Case:
    return posted(world, invoice(world, delivery(world, posted(world, order(world, *lines, **values)))))


def credited(world: World, bill: Case, quantity: str) -> None:
    posted(world, credit(world, bill, "quantity", {row.pk: quantity for row in bill.lines}, reopens=True))


def cancelled(world: World, bill: Case) -> Case:
    """The storno, posted."""
    act(again(bill), "cancel", world.accountant, "Wrong")
    found = Document.objects.get(links_in__source_line=bill.lines[0].pk, links_in__relation="cancels")
    return again(act(load_case(found.pk), "approve", world.manager))


def open_in_all() -> Decimal:
    return sum((row.open_amount for row in OpenItem.objects.all()), D(0))


@pytest.mark.parametrize("price", ["9.375", "0.105", "9.365", "33.335", "10.00"])
@pytest.mark.parametrize("quantities", [("1",), ("1", "1")])
def test_the_receivable_ends_at_nothing(world: World, price: str, quantities: tuple[str, ...]) -> None:
    bill = billed(world, line(world.wheat, "3", price=D(price)), line(world.lime, "300", price=D("3.335")))
    for quantity in quantities:
        credited(world, bill, quantity)
    left = open_in_all()
    assert left > 0
    storno = cancelled(world, bill)
    document = storno.document
    assert document.payable_total == left == document.gross_total + document.rounding
    assert document.payable_company == left
    assert (document.state, again(bill).document.state) == (State.POSTED, State.CANCELLED)
    assert not OpenItem.objects.exclude(open_amount=0, open_company=0).exists()
    assert sum(row.amount for row in storno.instalments) == left
    assert [row for row in verify(world.company).problems if not row.startswith("masterdata")] == []


@pytest.mark.parametrize("rate", ["0.9231", "1.237"])
def test_nothing_stays_open_in_the_books_currency(world: World, rate: str) -> None:
    lines = [line(world.wheat, "3", price=D("9.375")), line(world.lime, "300", price=D("3.335"))]
    bill = billed(world, *lines, currency="USD", exchange_rate=D(rate))
    credited(world, bill, "1")
    storno = cancelled(world, bill)
    assert storno.document.state == State.POSTED
    assert not OpenItem.objects.exclude(open_amount=0, open_company=0).exists()
    assert sum(row.amount_company for row in OpenItem.objects.all()) == 0


def test_the_rounding_goes_when_the_credit_goes(world: World) -> None:
    bill = billed(world, line(world.wheat, "2", price=D("9.375")))
    storno, _successor = correct(document_id=bill.document.pk, actor=world.accountant)
    Document.objects.filter(pk=storno.document.pk).update(rounding=D("-0.01"), payable_total=D("20.05"))
    act(again(storno), "submit", world.accountant)
    assert (again(storno).document.rounding, again(storno).document.payable_total) == (0, D("20.06"))


def test_a_credit_at_another_price_is_reversed_first(world: World) -> None:
    """What it left cannot be said line by line, and no rounding explains it."""
    bill = billed(world, line(world.lime, "2", price=D("100")))
    made = credit(world, bill, "quantity", {bill.lines[0].pk: "1"}, reopens=True, price=D("60"))
    posted(world, made)
    refused(again(bill), "cancel", world.accountant, "storno-differs", reason="Wrong")
