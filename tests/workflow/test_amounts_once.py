"""A freight or rebate of a document goes once: on the first order and the first invoice of its chain (contract § 3)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from documents.case import Case
from documents.inputs import AllowanceInput
from documents.models import Document
from documents.selectors.cases import load_case
from documents.services import drafts
from documents.states import State
from tests.factories.documents import act, again, draft, follow, freight, line, submitted
from tests.factories.steps import amended, billed, content, credit, delivery, edited, invoice, order
from tests.factories.world import World
from tests.support.proofs import refused, refuses
from valeo.core.exceptions import Refused
from workflow.services.begin import today_in
from workflow.services.perform import correct

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


def charges(case: Case) -> list[tuple[str, Decimal]]:
    return [(row.reason, row.amount) for row in again(case).allowances if row.line_id is None]


def charge(reason: str, amount: str) -> AllowanceInput:
    return replace(freight(amount), reason=reason)


def test_an_entry_keeps_its_number_through_an_amendment(world: World) -> None:
    """The first invoice took the rebate and the freight; the crane that came instead of the rebate is billed, too."""
    rebate = AllowanceInput(amount=D(20), reason="Rebate")
    first = order(world, allowances=(rebate, charge("Freight", "120")))
    picks = {first.lines[0].pk: "10"}
    assert charges(invoice(world, delivery(world, first, picks))) == [("Rebate", D(20)), ("Freight", D(120))]
    data = content(first)
    amended(world, first, replace(data, allowances=(data.allowances[1], charge("Crane", "300"))))
    assert charges(invoice(world, delivery(world, again(first)))) == [("Crane", D(300))]


def test_an_entry_put_before_another_does_not_take_its_place(world: World) -> None:
    first = order(world, allowances=(charge("Freight", "120"),))
    invoice(world, delivery(world, first, {first.lines[0].pk: "10"}))
    data = content(first)
    amended(world, first, replace(data, allowances=(charge("Crane", "300"), *data.allowances)))
    assert charges(invoice(world, delivery(world, again(first)))) == [("Crane", D(300))]


def test_the_number_of_an_entry_that_is_gone_is_given_to_no_other(world: World) -> None:
    first = order(world, allowances=(charge("Freight", "120"),))
    invoice(world, delivery(world, first, {first.lines[0].pk: "10"}))
    amended(world, first, replace(content(first), allowances=()))
    amended(world, first, replace(content(first), allowances=(charge("Crane", "300"),)))
    assert charges(invoice(world, delivery(world, again(first)))) == [("Crane", D(300))]


def test_an_amount_that_was_billed_stays(world: World) -> None:
    first = order(world, allowances=(charge("Freight", "120"),))
    bill = invoice(world, delivery(world, first, {first.lines[0].pk: "10"}))
    data = content(first)
    with refuses(Refused, "amount-carried") as caught:
        amended(world, first, replace(data, allowances=(replace(data.allowances[0], amount=D(150)),)))
    assert str(bill.document) in str(caught[0])
    more = (*data.allowances, charge("More freight", "30"))
    assert amended(world, first, replace(data, allowances=more)).state == "in_force"
    assert charges(invoice(world, delivery(world, again(first)))) == [("More freight", D(30))]


def test_an_amount_that_was_ordered_stays_on_its_quotation(world: World) -> None:
    given = draft("quotation", world.customer, line(world.wheat, "20"), allowances=(freight("120"),))
    quotation = submitted(world.company, world.clerk, given)
    picks = {quotation.lines[0].pk: "10"}
    act(follow(world.company, world.clerk, "sales_order", quotation, picks=picks), "submit", world.clerk)
    with refuses(Refused, "amount-carried"):
        data = content(quotation)
        amended(world, quotation, replace(data, allowances=(replace(data.allowances[0], amount=D(100)),)))


def test_a_number_stated_twice_is_one_entry_and_a_new_one(world: World) -> None:
    first = order(world, allowances=(charge("Freight", "120"),))
    data = content(first)
    twice = (data.allowances[0], replace(data.allowances[0], amount=D(80)))
    amended(world, first, replace(data, allowances=twice))
    assert sorted(row.entry for row in again(first).allowances) == [1, 2]


def test_a_rejected_invoice_does_not_bring_back_what_another_took(world: World) -> None:
    first = order(world, allowances=(freight("120"),))
    dearer = follow(
        world.company, world.accountant, "sales_invoice", delivery(world, first, {first.lines[0].pk: "10"})
    )
    dearer = act(edited(world, dearer, price=D("241")), "submit", world.accountant)
    act(again(dearer), "reject", world.manager, "Wrong price")
    taken = invoice(world, delivery(world, again(first)))
    assert taken.document.charge_total == D(120)
    back = act(again(dearer), "revise", world.accountant)
    back = edited(world, again(back), price=taken.lines[0].price)
    error = refused(back, "submit", world.accountant, "amount-taken")
    assert str(taken.document) in str(error)
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=back.document.pk,
        data=replace(content(back), allowances=()), expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    assert act(again(back), "submit", world.accountant).document.state == State.POSTED


def test_a_rejected_invoice_keeps_its_freight_while_nobody_else_took_it(world: World) -> None:
    first = order(world, allowances=(freight("120"),))
    case = edited(
        world, follow(world.company, world.accountant, "sales_invoice", delivery(world, first)), price=D(241)
    )
    act(act(case, "submit", world.accountant), "reject", world.manager, "Wrong price")
    case = edited(world, act(again(case), "revise", world.accountant), price=first.lines[0].price)
    case = act(case, "submit", world.accountant)
    assert (case.document.state, case.document.charge_total) == (State.POSTED, D(120))


def test_a_correction_carries_the_freight_of_what_it_corrects(world: World) -> None:
    bill = invoice(world, delivery(world, order(world, allowances=(freight("120"),))))
    storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    act(successor, "submit", world.accountant)
    act(again(storno), "approve", world.manager)
    successor = again(successor)
    assert (again(bill).document.state, successor.document.state) == (State.CANCELLED, State.POSTED)
    assert successor.document.charge_total == D(120)
