"""A storno after quantity credits takes exactly what they left: the receivable ends at nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from documents import quantities
from documents.case import Case
from documents.inputs import LineInput
from documents.models import Document
from documents.selectors.cases import load_case
from documents.states import State
from payments.models import OpenItem
from tests.factories.documents import act, again, discount, freight, line
from tests.factories.steps import credit, delivery, edited, invoice, order
from tests.factories.world import World
from tests.support.proofs import refused, refuses
from valeo.audit.selectors import verify
from valeo.core.exceptions import Refused
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


GROSS = D("2568.00")  # of 10 t
PART = D("513.60")  # of 2 t


def one_credited(world: World, **how: Any) -> tuple[Case, Case]:
    """The delivery of 10 t, and its invoice of which 2 t are credited."""
    done = delivery(world, posted(world, order(world, line(world.wheat, "10"))))
    bill = posted(world, invoice(world, done))
    posted(world, credit(world, bill, "quantity", {bill.lines[0].pk: "2"}, **how))
    assert open_in_all() == GROSS - PART
    return done, bill


def corrected(world: World, bill: Case) -> Case:
    """The successor, posted with its storno."""
    _storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    act(again(successor), "submit", world.accountant)
    return again(act(again(successor), "approve", world.manager))


@pytest.mark.parametrize(("how", "still_open"), [({"with_goods": True}, "0"), ({"reopens": True}, "2")])
def test_a_correction_charges_what_credits_left(world: World, how: dict[str, bool], still_open: str) -> None:
    done, bill = one_credited(world, **how)
    successor = corrected(world, bill)
    assert [row.quantity for row in successor.lines] == [D(8)]
    assert open_in_all() == GROSS - PART
    row = again(done).lines[0]
    assert quantities.to_invoice(row, done.type) == D(still_open)
    assert quantities.to_credit(row, done.type) == 0
    assert verify(world.company).problems == []


def test_what_was_invoiced_again_is_not_charged_twice(world: World) -> None:
    done, bill = one_credited(world, reopens=True)
    second = invoice(world, again(done))
    assert [row.quantity for row in second.lines] == [D(2)]
    corrected(world, bill)
    assert open_in_all() == GROSS
    assert quantities.due(again(done).lines[0], done.type) == 0
    assert verify(world.company).problems == []


def test_a_successor_takes_no_more_than_stayed_with_the_customer(world: World) -> None:
    _done, bill = one_credited(world, with_goods=True)
    _storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    edited(world, successor, quantity=D(10), price_quantity=D(10))
    refused(again(successor), "submit", world.accountant, "above-open")


def test_a_successor_may_charge_again_what_was_reopened(world: World) -> None:
    done, bill = one_credited(world, reopens=True)
    _storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    act(edited(world, successor, quantity=D(10), price_quantity=D(10)), "submit", world.accountant)
    act(again(successor), "approve", world.manager)
    assert open_in_all() == GROSS
    assert quantities.due(again(done).lines[0], done.type) == 0
    assert verify(world.company).problems == []


def test_a_part_credited_for_good_is_reversed_before_a_correction(world: World) -> None:
    """Its quantity would be open again, though it was to be neither returned nor charged."""
    _done, bill = one_credited(world)
    with refuses(Refused, "credit-for-good"):
        correct(document_id=bill.document.pk, actor=world.accountant)


def test_of_what_is_credited_whole_nothing_is_cancelled(world: World) -> None:
    bill = billed(world, line(world.wheat, "2"))
    credited(world, bill, "2")
    refused(again(bill), "cancel", world.accountant, "all-credited", reason="Wrong")
    with refuses(Refused, "all-credited"):
        correct(document_id=bill.document.pk, actor=world.accountant)


@pytest.mark.parametrize("reason", ["quantity", "price"])
def test_credits_are_decided_first(world: World, reason: str) -> None:
    """A credit that is rejected after the cancellation would leave a debt that nobody could take back."""
    bill = billed(world, line(world.wheat, "10"))
    changes: dict[str, Any] = {"reopens": True} if reason == "quantity" else {"price": D(10)}
    waiting = act(credit(world, bill, reason, {bill.lines[0].pk: "2"}, **changes), "submit", world.accountant)
    assert waiting.document.state == State.PENDING
    refused(again(bill), "cancel", world.accountant, "credit-open", reason="Wrong")
    with refuses(Refused, "credit-open"):
        correct(document_id=bill.document.pk, actor=world.accountant)
    act(again(waiting), "reject", world.manager, "No")
    cancelled(world, bill)
    assert open_in_all() == 0
    act(again(waiting), "revise", world.accountant)
    refused(again(waiting), "submit", world.accountant, "source-state")
    assert verify(world.company).problems == []


def test_a_credit_that_came_while_a_storno_waited_is_decided_first(world: World) -> None:
    bill = billed(world, line(world.wheat, "10"))
    act(again(bill), "cancel", world.accountant, "Wrong")
    found = Document.objects.get(links_in__source_line=bill.lines[0].pk, links_in__relation="cancels")
    waiting = credit(world, bill, "quantity", {bill.lines[0].pk: "2"}, reopens=True)
    waiting = act(waiting, "submit", world.accountant)
    refused(load_case(found.pk), "approve", world.manager, "credit-open")
    act(again(waiting), "withdraw", world.accountant)
    act(load_case(found.pk), "approve", world.manager)
    assert open_in_all() == 0
    refused(again(waiting), "submit", world.accountant, "source-state")
    assert verify(world.company).problems == []


def test_amounts_on_lines_and_freight_go_back_with_the_rest(world: World) -> None:
    bill = billed(
        world, line(world.wheat, "10", discount_amount=D(7)), allowances=(freight("50"), discount("3"))
    )
    credited(world, bill, "2")
    left = open_in_all()
    assert cancelled(world, bill).document.payable_total == left
    assert open_in_all() == 0
