"""Cancelling: live successors, reversals, storno, what earlier credits left, and the one-step correction."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from documents import registry
from documents.case import Case
from documents.models import Document, Line
from documents.services import drafts
from documents.states import State
from inventory.models import Reservation, StockBalance, StockMovement
from payments.models import OpenItem
from payments.selectors.credit import for_document
from tests.factories.documents import act, again, follow, line
from tests.factories.masterdata import make_partner
from tests.factories.steps import (
    content,
    credit,
    delivery,
    drafted,
    edited,
    exceptions,
    invoice,
    open_ids,
    order,
    posted_invoice,
)
from tests.factories.world import World
from tests.support.proofs import conflicts, forbidden, refused, refuses
from valeo.audit.selectors import verify
from valeo.core.exceptions import Conflict, NotPermitted, Refused
from valeo.tenancy.selectors import system_actor
from workflow.services.begin import today_in
from workflow.services.perform import correct

D = Decimal


def reversal_of(case: Case, relation: str = "cancels") -> Document:
    return Document.objects.filter(
        links_in__source_document=case.document, links_in__relation=relation
    ).distinct().get()  # fmt: skip


def on_hand(world: World) -> Decimal:
    return StockBalance.objects.get(article=world.wheat).on_hand


def open_amount(world: World) -> Decimal:
    return sum((row.open_amount for row in OpenItem.objects.filter(partner=world.customer)), D(0))


def through(world: World, case: Case) -> Case:
    case = act(case, "submit", world.accountant)
    case = act(case, "approve", world.manager)
    return case if case.document.state == State.POSTED else act(case, "post", world.accountant)


def test_a_live_successor_refuses_and_is_named(world: World) -> None:
    case = order(world)
    done = delivery(world, case)
    error = refused(case, "cancel", world.clerk, "live-successor", reason="Wrong")
    assert done.document.number in str(error)
    bill = invoice(world, done)
    error = refused(done, "cancel", world.warehouse, "live-successor", reason="Wrong")
    assert bill.document.number in str(error)


def test_a_pending_successor_refuses_a_draft_does_not(world: World) -> None:
    case = order(world)
    draft = follow(world.company, world.warehouse, "delivery_note", case)
    done = act(case, "cancel", world.clerk, "Not wanted any more")
    assert done.document.state == State.CANCELLED
    assert not Reservation.objects.filter(order_line=case.lines[0], quantity__gt=0).exists()
    refused(draft, "submit", world.warehouse, "source-state")
    second = order(world)
    waiting = delivery(world, second, {second.lines[0].pk: "25"})
    assert waiting.document.state == State.PENDING
    refused(second, "cancel", world.clerk, "live-successor", reason="Wrong")


def test_cancelling_asks_for_right_and_reason(world: World) -> None:
    case, _done, bill = posted_invoice(world, line(world.wheat, "1"))
    refused(bill, "cancel", world.accountant, "reason-missing")
    forbidden(lambda: act(bill, "cancel", world.clerk, "Wrong"), "sales:post")
    forbidden(lambda: act(case, "cancel", world.warehouse, "Wrong"), "sales:write")
    draft = drafted(world, "sales_order")
    conflicts(lambda: act(draft, "cancel", world.clerk, "Wrong"), "wrong-state")


def test_the_reversal_of_a_delivery(world: World) -> None:
    case = order(world)
    done = delivery(world, case, {case.lines[0].pk: "12"})
    assert (on_hand(world), Reservation.objects.get(order_line=case.lines[0]).quantity) == (488, 8)
    act(done, "cancel", world.warehouse, "Never left the yard")
    back = reversal_of(done)
    assert again(done).document.state == State.CANCELLED
    assert (back.state, back.kind, back.document_date) == (
        State.POSTED,
        "delivery_note",
        today_in(world.company),
    )
    assert back.number.startswith("DL-")
    assert back.number != done.document.number
    assert [row.quantity for row in Line.objects.filter(document=back)] == [D(-12)]
    assert on_hand(world) == 500
    assert Reservation.objects.get(order_line=case.lines[0]).quantity == 20
    movement, original = (StockMovement.objects.get(document=each) for each in (back, done.document))
    assert movement.value == -original.value
    assert movement.reversal_of_id == original.pk
    line_ = Line.objects.get(pk=case.lines[0].pk)
    assert (line_.delivered, line_.returned) == (0, 0)
    assert again(case).document.fulfilment == "open"
    conflicts(lambda: act(again(done), "cancel", world.warehouse, "again"), "wrong-state")
    assert verify(world.company).problems == []


def test_a_storno_is_approved_always_and_cancels_when_posted(world: World) -> None:
    case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    due = open_amount(world)
    assert due == bill.document.gross_total
    act(bill, "cancel", world.accountant, "Wrong customer")
    storno = again_by_pk(reversal_of(bill))
    assert (storno.document.state, storno.document.reason_kind) == (State.PENDING, "storno")
    assert again(bill).document.state == State.POSTED
    refused(again(bill), "cancel", world.accountant, "storno-open", reason="again")
    forbidden(lambda: act(storno, "approve", world.accountant), "sales:approve")
    storno = act(storno, "approve", world.manager)
    assert storno.document.state == State.POSTED
    assert again(bill).document.state == State.CANCELLED
    assert open_amount(world) == 0
    assert storno.document.gross_total == bill.document.gross_total
    assert all(row.quantity > 0 for row in storno.lines), "amounts of a credit kind are stored positive"
    assert Line.objects.get(pk=case.lines[0].pk).invoiced == 0
    second = invoice(world, again(done))
    assert second.document.state == State.POSTED
    assert second.lines[0].quantity == 10
    refused(storno, "cancel", world.accountant, "not-cancelled", reason="A storno is not cancelled")
    assert verify(world.company).problems == []


def again_by_pk(document: Document) -> Case:
    from documents.selectors.cases import load_case

    return load_case(document.pk)


def test_a_rejected_storno_leaves_the_invoice_and_frees_the_way(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "1"))
    act(bill, "cancel", world.accountant, "Wrong")
    storno = again_by_pk(reversal_of(bill))
    storno = act(storno, "reject", world.manager, "It was right")
    assert again(bill).document.state == State.POSTED
    error = refused(again(bill), "cancel", world.accountant, "storno-open", reason="Wrong indeed")
    assert storno.document.draft_reference in str(error)
    with refuses(Refused, "storno-open"):
        correct(document_id=bill.document.pk, actor=world.accountant)
    act(storno, "discard", world.accountant, "It was right")
    act(again(bill), "cancel", world.accountant, "Wrong indeed")


def test_a_storno_takes_what_a_quantity_credit_left(world: World) -> None:
    case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    first = through(world, credit(world, bill, "quantity", picks={bill.lines[0].pk: "4"}, reopens=True))
    act(again(bill), "cancel", world.accountant, "All of it")
    storno = again_by_pk(
        Document.objects.filter(reason_kind="storno", links_in__source_document=bill.document)
        .distinct()
        .get()
    )
    assert [row.quantity for row in storno.lines] == [D(6)]
    storno = act(storno, "approve", world.manager)
    assert first.document.gross_total + storno.document.gross_total == bill.document.gross_total
    assert open_amount(world) == 0
    assert (
        Line.objects.get(pk=case.lines[0].pk).invoiced - Line.objects.get(pk=case.lines[0].pk).credited == 0
    )
    assert verify(world.company).problems == []


def test_a_price_credit_refuses_the_storno_and_is_named(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    made = through(world, credit(world, bill, "price", price=D("5")))
    error = refused(again(bill), "cancel", world.accountant, "price-credit", reason="Wrong")
    assert made.document.number in str(error)


def test_a_storno_that_leaves_a_line_out(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"), line(world.lime, "4"))
    storno, _successor = correct(document_id=bill.document.pk, actor=world.accountant)
    from dataclasses import replace

    from documents.services import drafts
    from tests.factories.steps import content

    data = content(storno)
    with refuses(Refused, "storno-partial"):
        from django.db import transaction

        with transaction.atomic():
            drafts.update_draft(
                company=world.company, actor=world.accountant, document_id=storno.document.pk,
                data=replace(data, lines=data.lines[:1]), expected_version=None, today=today_in(world.company),
            )  # fmt: skip
            act(storno, "submit", world.accountant)


def test_the_correction_is_two_drafts_that_go_together(world: World) -> None:
    case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    assert {storno.document.state, successor.document.state} == {State.DRAFT}
    with refuses(Refused, "storno-open"):
        correct(document_id=bill.document.pk, actor=world.accountant)
    edited(world, successor, price=D("229"))
    act(successor, "submit", world.accountant)
    assert {again(storno).document.state, again(successor).document.state} == {State.PENDING}
    with refuses(NotPermitted):
        act(again(storno), "approve", world.accountant)
    act(again(storno), "approve", world.manager)
    assert {again(storno).document.state, again(successor).document.state} == {State.POSTED}
    assert again(bill).document.state == State.CANCELLED
    assert open_amount(world) == again(successor).document.gross_total == D("229") * 10 * D("1.07")
    assert Line.objects.get(pk=case.lines[0].pk).invoiced == 10
    assert again(storno).document.posted_at == again(successor).document.posted_at
    assert verify(world.company).problems == []


def test_another_customer_is_measured_by_his_own_limit(world: World) -> None:
    """What the storno takes back is the first customer's: nothing of it makes room at the second."""
    bill = posted_invoice(world, line(world.wheat, "10"))[2]
    other = make_partner(system_actor(world.company.pk), tax_status="regular", credit_limit=D("1.00"))
    _storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    data = replace(
        content(successor), partner_id=other.pk, bill_to_id=other.pk, parties=(), payment_term_id=None
    )
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=successor.document.pk, data=data,
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    waiting = act(again(successor), "submit", world.accountant)
    assert exceptions(waiting)["over-credit-limit"] == ("2567", "EUR")
    use = for_document(again(waiting))
    assert use is not None
    assert (use.open_items, use.this) == (D(0), bill.document.gross_total)
    act(again(waiting), "approve", world.manager, accepted=open_ids(waiting))
    assert again(successor).document.state == State.POSTED
    assert verify(world.company).problems == []


def test_both_halves_of_a_correction_are_taken_back_together(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    act(storno, "submit", world.accountant)
    act(again(successor), "reject", world.manager, "Ask the customer first")
    assert {again(storno).document.state, again(successor).document.state} == {State.REJECTED}
    act(again(storno), "revise", world.accountant)
    act(again(storno), "discard", world.accountant, "It was right")
    assert {again(storno).document.state, again(successor).document.state} == {State.CANCELLED}
    assert again(bill).document.state == State.POSTED
    assert verify(world.company).problems == []


def test_only_a_posted_invoice_is_corrected_by_who_may_post(world: World) -> None:
    _case, done, bill = posted_invoice(world, line(world.wheat, "1"))
    with refuses(NotPermitted):
        correct(document_id=bill.document.pk, actor=world.clerk)
    with refuses(Conflict, "stale-version"):
        correct(document_id=bill.document.pk, actor=world.accountant, expected_version=0)
    draft = drafted(world, "sales_invoice", actor=world.accountant)
    with refuses(Conflict, "wrong-state"):
        correct(document_id=draft.document.pk, actor=world.accountant)
    with refuses(Refused, "not-corrected"):
        correct(document_id=done.document.pk, actor=world.accountant)


def test_every_voucher_says_how_it_is_cancelled() -> None:
    assert {item.code: item.cancel_by for item in registry.all_types()} == {
        "quotation": "", "sales_order": "", "delivery_note": "reversal", "sales_invoice": "storno",
        "credit_note": "counter",
    }  # fmt: skip


def test_a_credit_note_is_taken_back_by_an_invoice(world: World) -> None:
    _case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    due = open_amount(world)
    wrong = edited(world, credit(world, bill, "quantity", {bill.lines[0].pk: "4"}), reopens=True)
    wrong = act(act(wrong, "submit", world.accountant), "approve", world.manager)
    if wrong.document.state != State.POSTED:
        wrong = act(wrong, "post", world.accountant)
    assert open_amount(world) < due
    assert Line.objects.get(pk=done.lines[0].pk).credited == 4
    forbidden(lambda: act(again(wrong), "cancel", world.clerk, "x"), "sales:post")
    act(again(wrong), "cancel", world.accountant, "The customer kept the goods")
    counter = again_by_pk(reversal_of(wrong))
    assert (counter.document.kind, counter.document.state) == ("sales_invoice", State.POSTED)
    assert counter.document.gross_total == wrong.document.gross_total
    assert again(wrong).document.state == State.CANCELLED
    assert open_amount(world) == due
    assert Line.objects.get(pk=done.lines[0].pk).credited == 0
    assert Line.objects.get(pk=bill.lines[0].pk).credited == 0
    refused(counter, "cancel", world.accountant, "not-cancelled", reason="It stands")
    assert verify(world.company).problems == []


def test_a_credit_note_stays_when_what_it_reopened_was_invoiced_again(world: World) -> None:
    _case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    first = edited(world, credit(world, bill, "quantity", {bill.lines[0].pk: "4"}), reopens=True)
    first = act(act(first, "submit", world.accountant), "approve", world.manager)
    if first.document.state != State.POSTED:
        first = act(first, "post", world.accountant)
    assert invoice(world, again(done)).document.state == State.POSTED
    found = refused(again(first), "cancel", world.accountant, reason="x")
    assert {item.code for item in found.violations} == {"invoiced-again"}
