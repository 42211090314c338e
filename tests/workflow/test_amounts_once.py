"""A freight or rebate of a document goes once: on the first order and the first invoice of its chain (contract § 3)."""

from __future__ import annotations

from decimal import Decimal

from documents.case import Case
from documents.models import Document
from documents.selectors.cases import load_case
from documents.states import State
from tests.factories.documents import act, again, draft, follow, freight, line, submitted
from tests.factories.steps import billed, credit, delivery, invoice, order
from tests.factories.world import World

D = Decimal


def cancelled(world: World, case: Case) -> Case:
    """Cancelled by its storno; the storno."""
    act(again(case), "cancel", world.accountant, "Wrong")
    found = (
        Document.objects.filter(kind="credit_note", links_in__source_document=case.document).distinct().get()
    )
    return act(load_case(found.pk), "approve", world.manager)


def test_a_storno_gives_the_freight_back(world: World) -> None:
    first = order(world, allowances=(freight("120"),))
    done = delivery(world, first)
    assert cancelled(world, invoice(world, done)).document.state == State.POSTED
    case = invoice(world, again(done))
    assert (case.document.state, case.document.charge_total) == (State.POSTED, D(120))
    assert case.document.net_total == first.document.net_total


def test_a_second_invoice_does_not_take_it_again(world: World) -> None:
    first = order(world, allowances=(freight("120"),))
    bills = [invoice(world, delivery(world, first, {first.lines[0].pk: "10"})) for _ in range(2)]
    assert [case.document.charge_total for case in bills] == [D(120), D(0)]


def test_two_orders_of_one_quotation_share_its_freight(world: World) -> None:
    quotation = submitted(
        world.company, world.clerk,
        draft("quotation", world.customer, line(world.wheat, "20"), allowances=(freight("120"),)),
    )  # fmt: skip
    charges = []
    for _ in range(2):
        picks = {quotation.lines[0].pk: "10"}
        case = follow(world.company, world.clerk, "sales_order", again(quotation), picks=picks)
        case = act(case, "submit", world.clerk)
        bill = invoice(world, delivery(world, case))
        charges.append((case.document.charge_total, bill.document.charge_total))
    assert charges == [(D(120), D(120)), (D(0), D(0))]


def test_an_order_that_is_cancelled_gives_it_back_to_the_quotation(world: World) -> None:
    quotation = submitted(
        world.company, world.clerk,
        draft("quotation", world.customer, line(world.wheat, "20"), allowances=(freight("120"),)),
    )  # fmt: skip
    first = act(follow(world.company, world.clerk, "sales_order", quotation), "submit", world.clerk)
    act(first, "cancel", world.clerk, "Not wanted")
    second = follow(world.company, world.clerk, "sales_order", again(quotation))
    assert second.document.charge_total == D(120)


def test_what_was_not_billed_is_not_credited_and_comes_with_the_next_invoice(world: World) -> None:
    first = order(world, allowances=(freight("120"),))
    without = billed(world, delivery(world, first, {first.lines[0].pk: "10"}))
    assert (without.document.state, without.document.charge_total) == (State.POSTED, D(0))
    assert credit(world, without, "quantity").document.charge_total == D(0)
    assert invoice(world, delivery(world, first)).document.charge_total == D(120)
