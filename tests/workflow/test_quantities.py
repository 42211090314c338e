"""Open quantities: refused above them for each measure, tolerance over several deliveries, closing, returns."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from documents import quantities, registry
from documents.case import Case
from documents.inputs import LineInput
from documents.kinds import LineKind
from documents.models import Document, Line
from documents.selectors.history import timeline
from documents.services import drafts
from documents.services.follow_up import FollowUp, Pick, create_follow_up
from documents.states import State
from inventory.models import Reservation, StockBalance, StockMovement
from tests.factories.documents import act, again, follow, line
from tests.factories.steps import (
    amended,
    content,
    credit,
    delivery,
    drafted,
    edited,
    exceptions,
    invoice,
    order,
    posted_invoice,
    set_partner,
)
from tests.factories.world import World, quote
from tests.support.proofs import conflicts, forbidden, refused, refuses
from valeo.core.exceptions import Refused
from workflow.services.begin import today_in
from workflow.services.options import available_actions

D = Decimal


def taken_back(world: World, source: Case, quantity: str, *, replaces: bool = False) -> Case:
    """A return of the first line, posted by the warehouse."""
    case = create_follow_up(
        company=world.company, actor=world.warehouse, kind="delivery_note", sources=[source.document.pk],
        today=today_in(world.company), wish=FollowUp(picks=(Pick(again(source).lines[0].pk, D(quantity), replaces),)),
    )  # fmt: skip
    return act(case, "submit", world.warehouse)


def first(case: Case) -> Line:
    return Line.objects.get(pk=case.lines[0].pk)


def reserved(world: World) -> Decimal:
    return sum((row.quantity for row in Reservation.objects.filter(article=world.wheat)), D(0))


def on_hand(world: World) -> Decimal:
    return StockBalance.objects.get(article=world.wheat).on_hand


def test_ordered_above_the_quotation(world: World) -> None:
    quotation = quote(world)
    wheat = quotation.lines[0].pk
    case = follow(world.company, world.clerk, "sales_order", quotation, picks={wheat: "20.000001"})
    error = refused(case, "submit", world.clerk, "above-open")
    assert error.violations[0].line == 1
    assert quotation.document.number in str(error)


def test_invoiced_above_the_delivered(world: World) -> None:
    done = delivery(world, order(world))
    case = follow(
        world.company, world.accountant, "sales_invoice", done, picks={done.lines[0].pk: "20.000001"}
    )
    refused(case, "submit", world.accountant, "above-open")
    case = follow(world.company, world.accountant, "sales_invoice", done, picks={done.lines[0].pk: "12"})
    assert act(case, "submit", world.accountant).document.state == State.POSTED
    case = follow(world.company, world.accountant, "sales_invoice", done, picks={done.lines[0].pk: "8.5"})
    error = refused(case, "submit", world.accountant, "above-open")
    assert "8 t" in str(error).lower()


def test_returned_above_the_delivered(world: World) -> None:
    done = delivery(world, order(world))
    with refuses(Refused, "above-open"):
        from django.db import transaction

        with transaction.atomic():
            taken_back(world, done, "20.5")
    assert first(done).returned == 0


def test_credited_above_the_invoiced(world: World) -> None:
    _order, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    case = credit(world, bill, "quantity", picks={bill.lines[0].pk: "10.1"})
    refused(case, "submit", world.accountant, "above-open")


def test_drafts_only_warn_and_two_of_them_take_it_once(world: World) -> None:
    done = delivery(world, order(world))
    one, two = (follow(world.company, world.accountant, "sales_invoice", done) for _ in range(2))
    act(one, "submit", world.accountant)
    refused(two, "submit", world.accountant, "above-open")
    with refuses(Refused, "nothing-open"):
        follow(world.company, world.accountant, "sales_invoice", done)


def test_within_the_tolerance_over_several_deliveries(world: World) -> None:
    """20 t with 5 %: one ton more passes in all, however it is split."""
    case = order(world)
    wheat = case.lines[0].pk
    assert delivery(world, case, {wheat: "20.4"}).document.state == State.POSTED
    assert delivery(world, case, {wheat: "0.6"}).document.state == State.POSTED
    last = delivery(world, case, {wheat: "0.1"})
    assert exceptions(last) == {"over-delivery": ("0.1", "TNE")}
    assert act(last, "approve", world.manager).document.state == State.POSTED
    assert first(case).delivered == D("21.1")
    assert again(case).document.fulfilment == "complete"


def test_what_passes_within_the_tolerance_still_passes_when_something_else_was_approved(world: World) -> None:
    """Its own claim stands in the order's line from submit on; the tolerance must not count it twice."""
    set_partner(world, credit_limit=None)
    case = order(world)
    wheat = case.lines[0].pk
    delivery(world, case, {wheat: "20"})
    delivery(world, order(world, line(world.wheat, "480")))
    last = delivery(world, case, {wheat: "0.8"})
    assert set(exceptions(last)) == {"stock-below-zero"}
    assert act(last, "approve", world.manager).document.state == State.POSTED


def test_over_what_was_left_after_a_part_was_closed(world: World) -> None:
    case = order(world)
    wheat = case.lines[0].pk
    delivery(world, case, {wheat: "10"})
    act(case, "close", world.clerk, "Enough", line_quantities={wheat: D(5)})
    assert first(case).closed == 5
    assert delivery(world, case, {wheat: "5.5"}).document.state == State.POSTED, "0.5 t is within 5 % of 20 t"


def test_close_takes_what_is_open_and_unclose_gives_it_back(world: World) -> None:
    case = order(world)
    wheat = case.lines[0].pk
    delivery(world, case, {wheat: "12"})
    assert reserved(world) == 8
    refused(case, "close", world.clerk, "reason-missing")
    refused(
        case, "close", world.clerk, "close-above-open", reason="too many", line_quantities={wheat: D("8.1")}
    )
    refused(case, "close", world.clerk, "close-above-open", reason="negative", line_quantities={wheat: D(-1)})
    refused(case, "unclose", world.clerk, "nothing-closed")
    act(case, "close", world.clerk, "Harvest failed")
    assert (first(case).closed, first(case).closed_reason) == (8, "Harvest failed")
    assert reserved(world) == 0
    assert again(case).document.fulfilment == "complete"
    refused(case, "close", world.clerk, "nothing-open", reason="again")
    with refuses(Refused, "nothing-open"):
        follow(world.company, world.warehouse, "delivery_note", again(case))
    act(case, "unclose", world.clerk)
    assert first(case).closed == 0
    assert reserved(world) == 8
    assert again(case).document.fulfilment == "partial"


def test_closing_needs_the_right_to_post_the_kind(world: World) -> None:
    case = order(world)
    forbidden(lambda: act(case, "close", world.warehouse, "why"), "sales:write")


def test_a_return_without_replacement_is_not_delivered_again(world: World) -> None:
    case = order(world)
    done = delivery(world, case)
    back = taken_back(world, done, "3")
    assert back.document.state == State.POSTED
    assert back.lines[0].quantity == -3
    line_ = first(case)
    assert (line_.delivered, line_.returned, line_.replaced) == (20, 3, 0)
    assert quantities.to_deliver(line_) == 0
    assert quantities.to_invoice(line_, registry.get("sales_order")) == 17
    assert on_hand(world) == 483
    bill = invoice(world, done)
    assert bill.lines[0].quantity == 17


def test_a_return_with_replacement_is_delivered_again(world: World) -> None:
    case = order(world)
    done = delivery(world, case)
    taken_back(world, done, "3", replaces=True)
    assert quantities.to_deliver(first(case)) == 3
    assert again(case).document.fulfilment == "partial"
    second = delivery(world, case)
    assert second.document.state == State.POSTED
    assert second.lines[0].quantity == 3
    assert again(case).document.fulfilment == "complete"
    assert on_hand(world) == 480
    bill = invoice(world, done, second)
    assert sum(row.quantity for row in bill.lines) == 20


def test_a_return_comes_back_at_the_cost_at_which_it_went(world: World) -> None:
    done = delivery(world, order(world))
    back = taken_back(world, done, "3")
    movement = StockMovement.objects.get(document=back.document)
    assert movement.stock_quantity == 3
    assert movement.value == D("540.00")


def test_a_quantity_credit_with_goods_names_a_posted_return(world: World) -> None:
    case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    draft = credit(world, bill, "quantity", picks={bill.lines[0].pk: "2"}, with_goods=True)
    taken_back(world, done, "2")
    waiting = act(draft, "submit", world.accountant)
    assert waiting.document.state == State.PENDING, "approval always"
    posted = act(waiting, "approve", world.manager)
    assert posted.document.state in {State.APPROVED, State.POSTED}
    if posted.document.state == State.APPROVED:
        posted = act(posted, "post", world.accountant)
    assert first(case).credited == 2
    assert Document.objects.filter(kind="delivery_note").count() == 2, "the return is named, no other is made"
    assert quantities.to_invoice(first(case), registry.get("sales_order")) == 0
    assert quantities.to_credit(first(case), registry.get("sales_order")) == 0


def test_a_quantity_credit_without_goods_that_does_not_reopen(world: World) -> None:
    case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    draft = credit(world, bill, "quantity", picks={bill.lines[0].pk: "2"})
    posted = credit_through(world, draft)
    assert posted.document.state == State.POSTED
    assert first(bill).credited == 2
    assert quantities.to_invoice(first(case), registry.get("sales_order")) == 0, "he keeps them for nothing"


def test_a_quantity_credit_that_reopens_is_invoiced_again(world: World) -> None:
    case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    draft = credit(world, bill, "quantity", picks={bill.lines[0].pk: "2"}, reopens=True)
    credit_through(world, draft)
    assert quantities.to_invoice(first(case), registry.get("sales_order")) == 2
    again_billed = invoice(world, again(done))
    assert again_billed.document.state == State.POSTED
    assert again_billed.lines[0].quantity == 2


def credit_through(world: World, case: Case) -> Case:
    """Submitted by the accountant, approved by the manager, posted."""
    case = act(case, "submit", world.accountant)
    assert case.document.state == State.PENDING, "credit notes always ask"
    case = act(case, "approve", world.manager)
    return case if case.document.state == State.POSTED else act(case, "post", world.accountant)


def test_a_bonus_credit_needs_no_invoice(world: World) -> None:
    bonus = line(None, "1", line_kind=LineKind.CHARGE, description="Annual bonus", price=D("100"), unit="C62")
    case = drafted(world, "credit_note", bonus, actor=world.accountant, reason_kind="bonus")
    if any(item.tax_source.get("problem") for item in again(case).lines):
        from masterdata.models import TaxCode

        code = TaxCode.objects.filter(rates__percent=19, category="S").first()
        assert code is not None
        case = edited(world, case, tax_code_id=code.pk)
    posted = credit_through(world, case)
    assert posted.document.number.startswith("CN-")
    nameless = drafted(world, "credit_note", bonus, actor=world.accountant)
    with refuses(Refused):
        act(nameless, "submit", world.accountant)


def test_a_credit_other_than_a_bonus_needs_its_invoice(world: World) -> None:
    row = line(None, "1", line_kind=LineKind.CHARGE, description="Something", price=D("100"), unit="C62")
    case = drafted(world, "credit_note", row, actor=world.accountant, reason_kind="price")
    with refuses(Refused) as caught:
        act(case, "submit", world.accountant)
    assert "credit-source" in [item.code for item in caught[0].violations]


def test_a_price_credit_changes_no_quantity_and_not_more_than_the_line(world: World) -> None:
    case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    too_much = credit(world, bill, "price", price=D("240.01"), price_quantity=None)
    refused(too_much, "submit", world.accountant, "credit-above-line")
    draft = credit(world, bill, "price", price=D("5"))
    posted = credit_through(world, draft)
    assert posted.document.net_total == D("50.00")
    assert first(bill).credited == 0
    assert first(case).credited == 0


def test_acceptance_and_refusal_of_a_quotation(world: World) -> None:
    quotation = quote(world)
    refused(quotation, "decline", world.clerk, "reason-missing")
    forbidden(lambda: act(quotation, "accept", world.warehouse), "sales:write")
    done = act(quotation, "accept", world.clerk)
    assert (done.document.outcome, done.document.state) == ("accepted", State.POSTED)
    conflicts(lambda: act(quotation, "accept", world.clerk), "wrong-state")
    act(follow(world.company, world.clerk, "sales_order", quotation), "submit", world.clerk)
    refused(again(quotation), "decline", world.clerk, "already-ordered", reason="Changed his mind")
    case = order(world, line(world.wheat, "1"))
    refused(case, "accept", world.clerk, "no-outcome")
    fresh = drafted(world, "quotation")
    conflicts(lambda: act(fresh, "accept", world.clerk), "wrong-state")


def test_an_order_of_a_quotation_accepts_it(world: World) -> None:
    quotation = quote(world)
    act(follow(world.company, world.clerk, "sales_order", quotation), "submit", world.clerk)
    found = Document.objects.get(pk=quotation.document.pk)
    assert (found.outcome, found.fulfilment) == ("accepted", "complete")


def test_a_customer_changes_his_mind_until_he_orders(world: World) -> None:
    quotation = quote(world)
    act(quotation, "accept", world.clerk)
    done = act(quotation, "decline", world.clerk, "Too dear after all")
    assert (done.document.outcome, done.document.outcome_reason) == ("declined", "Too dear after all")
    conflicts(lambda: act(quotation, "decline", world.clerk, "again"), "wrong-state")
    done = act(quotation, "accept", world.clerk)
    assert (done.document.outcome, done.document.outcome_reason) == ("accepted", "")
    made = act(follow(world.company, world.clerk, "sales_order", quotation), "submit", world.clerk)
    error = refused(quotation, "decline", world.clerk, "already-ordered", reason="Changed his mind")
    assert made.document.number in str(error)
    act(made, "cancel", world.clerk, "He does not want it")
    assert act(quotation, "decline", world.clerk, "He does not want it").document.outcome == "declined"


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_another_offer_needs_another_answer(world: World, answer: str) -> None:
    quotation = quote(world)
    act(quotation, answer, world.clerk, "Said so")
    said = again(quotation).document.outcome
    amended(world, quotation, replace(content(quotation), header_text="With our regards"))
    assert again(quotation).document.outcome == said, "the same goods at the same price"
    amended(world, quotation, price=D(235))
    done = again(quotation).document
    assert (done.outcome, done.outcome_reason) == ("", "")
    with translation.override("en"):
        assert "opened the customer's answer again" in {item.what for item in timeline(done)}


def test_what_was_ordered_stays_accepted(world: World) -> None:
    quotation = quote(world)
    act(follow(world.company, world.clerk, "sales_order", quotation), "submit", world.clerk)
    amended(world, quotation, price=D(235))
    assert again(quotation).document.outcome == "accepted"


def test_buttons_offer_the_other_answer_only(world: World) -> None:
    def offered(case: Case) -> set[str]:
        return {item.code for item in available_actions(again(case), world.clerk)} & {"accept", "decline"}

    quotation = quote(world)
    assert offered(quotation) == {"accept", "decline"}
    act(quotation, "accept", world.clerk)
    assert offered(quotation) == {"decline"}
    act(quotation, "decline", world.clerk, "No")
    assert offered(quotation) == {"accept"}
    order_ = act(follow(world.company, world.clerk, "sales_order", quotation), "submit", world.clerk)
    act(order_, "approve", world.manager)
    assert offered(quotation) == set(), "an order was made: it is accepted"


def service(price: str = "80") -> LineInput:
    return line(None, "2", line_kind=LineKind.SERVICE, description="Unloading", price=D(price), unit="HUR")


def test_a_service_of_the_order_rides_along_with_its_goods(world: World) -> None:
    case = order(world, line(world.wheat, "2"), service())
    bill = invoice(world, delivery(world, case), again(case))
    assert (len(bill.lines), bill.document.state) == (2, State.POSTED)


def test_but_not_at_another_price_nor_a_line_that_nobody_ordered(world: World) -> None:
    case = order(world, line(world.wheat, "2"), service())
    draft = follow(world.company, world.accountant, "sales_invoice", delivery(world, case), again(case))
    data = content(draft)
    added = replace(data, lines=(*data.lines, service("5")))
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=draft.document.pk, data=added,
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    assert act(draft, "submit", world.accountant).document.state != State.POSTED


def test_services_alone_are_posted_by_a_person(world: World) -> None:
    case = order(world, service())
    assert invoice(world, case).document.state == State.APPROVED
