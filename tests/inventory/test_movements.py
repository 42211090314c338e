from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from documents.case import Case
from documents.inputs import LineInput
from documents.selectors.cases import load_case
from documents.services import drafts
from documents.services.carry import carried, line_of
from documents.services.follow_up import FollowUp, Pick, create_follow_up
from documents.states import State
from inventory.guards import stock_below_zero
from inventory.kinds import MovementKind
from inventory.models import Reservation, StockMovement
from inventory.selectors.proof import verify
from inventory.selectors.stock import availability
from inventory.services import movements
from inventory.services.entries import StockEntry, record_correction
from tests.factories.documents import act, again
from tests.factories.masterdata import make_article, make_masterdata, make_warehouse
from tests.factories.steps import content
from tests.inventory.conftest import Stock
from valeo.core.exceptions import Refused
from valeo.events.models import LiveEvent
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import system_actor
from workflow.models import CompanyLimits, DocumentException
from workflow.services import amendments
from workflow.services.begin import today_in

D = Decimal


def proven(stock: Stock) -> bool:
    return list(verify(stock.company.pk)) == []


def test_an_order_reserves_and_its_delivery_moves(stock: Stock) -> None:
    stock.opening(stock.seed, "100")
    order = stock.order(stock.line("30"))
    found = availability([stock.seed.pk])[stock.seed.pk]
    assert (found.on_hand, found.reserved, found.available) == (D(100), D(30), D(70))
    delivery = act(
        stock.follow("delivery_note", order, picks={order.lines[0].pk: "12"}), "submit", stock.actor
    )
    assert delivery.document.state == State.POSTED
    found = availability([stock.seed.pk])[stock.seed.pk]
    assert (found.on_hand, found.reserved) == (D(88), D(18))
    movement = StockMovement.objects.get(document=delivery.document)
    assert (movement.kind, movement.stock_quantity, movement.value) == (
        MovementKind.DELIVERY, D(-12), D("-60.00"),
    )  # fmt: skip
    assert movement.source_line_id == delivery.lines[0].pk
    assert again(delivery).lines[0].cost_price == D(5), "the line carries what its goods cost"
    assert again(delivery).document.cost_total == D("60.00")
    event = LiveEvent.objects.filter(channel="inventory").order_by("-seq").first()
    assert event is not None
    assert (event.payload["article"], event.payload["delta"], event.payload["on_hand"], event.payload["reserved"]) == (
        stock.seed.number, "-12.000000", "88.000000", "18.000000",
    )  # fmt: skip
    assert proven(stock)


def test_closing_and_cancelling_give_the_reservation_back(stock: Stock) -> None:
    order = stock.order(stock.line("30"), stock.line("7"))
    act(order, "close", stock.actor, reason="no longer wanted", line_quantities={order.lines[0].pk: D(10)})
    assert sum(row.quantity for row in Reservation.objects.all()) == D(27)
    act(order, "unclose", stock.actor)
    assert sum(row.quantity for row in Reservation.objects.all()) == D(37)
    act(order, "cancel", stock.actor, reason="withdrawn by the customer")
    assert sum(row.quantity for row in Reservation.objects.all()) == D(0)
    assert proven(stock)


def test_a_line_that_becomes_a_service_reserves_nothing_more(stock: Stock) -> None:
    work = make_article(system_actor(stock.company.pk), "HUR", kind="service", stock_managed=False)
    order = stock.order(stock.line("30"), stock.line("7"))
    data = content(order)
    first = LineInput(id=data.lines[0].id, article_id=work.pk, quantity=D(30))
    amendments.propose(
        company=stock.company, actor=stock.actor, document_id=order.document.pk, reason="Customer asked",
        data=replace(data, lines=(first, data.lines[1])), expected_version=None,
    )  # fmt: skip
    assert [row.is_stocked for row in again(order).lines] == [False, True]
    assert [row.quantity for row in Reservation.objects.order_by("order_line")] == [D(0), D(7)]
    assert proven(stock)


def test_a_delivery_that_waits_leaves_the_goods_reserved(stock: Stock) -> None:
    stock.opening(stock.seed, "5")
    order = stock.order(stock.line("20"))
    waiting = act(
        stock.follow("delivery_note", order, picks={order.lines[0].pk: "12"}), "submit", stock.actor
    )
    assert waiting.document.state == State.PENDING
    assert DocumentException.objects.get(document=waiting.document).figure == D(7)
    act(stock.follow("delivery_note", order, picks={order.lines[0].pk: "3"}), "submit", stock.actor)
    assert Reservation.objects.get().quantity == D(17), "12 are claimed, but lie there still"
    assert proven(stock)


def test_an_accepted_exception_takes_the_stock_below_zero_at_the_last_cost(stock: Stock) -> None:
    stock.company.four_eyes = "off"
    stock.company.save()
    stock.opening(stock.seed, "5", "6")
    delivery = stock.deliver(stock.line("8"))
    assert delivery.document.state == State.PENDING
    act(delivery, "approve", stock.actor)
    assert again(delivery).document.state == State.POSTED
    balance = stock.balance(stock.seed)
    assert (balance.on_hand, balance.value) == (D(-3), D("-18.00"))
    assert proven(stock)


def test_where_nobody_is_asked_the_stock_may_fall_below_zero(stock: Stock) -> None:
    CompanyLimits.objects.create(company=stock.company, negative_stock_asks=False)
    delivery = stock.deliver(stock.line("8"))
    assert delivery.document.state == State.POSTED
    assert stock.balance(stock.seed).value == D("-32.00"), "the standard cost, as there never was another"


def test_returns_come_back_at_the_original_cost(stock: Stock) -> None:
    stock.opening(stock.seed, "10", "5")
    first = stock.deliver(stock.line("10"))
    stock.opening(stock.seed, "10", "9", warehouse=stock.barn.uuid)
    part = act(stock.follow("delivery_note", first, picks={first.lines[0].pk: "3"}), "submit", stock.actor)
    rest = act(stock.follow("delivery_note", first, picks={first.lines[0].pk: "7"}), "submit", stock.actor)
    rows = StockMovement.objects.filter(kind=MovementKind.RETURN).order_by("pk")
    assert [(row.document_id, row.stock_quantity, row.value, row.unit_cost) for row in rows] == [
        (part.document.pk, D(3), D("15.00"), D(5)),
        (rest.document.pk, D(7), D("35.00"), D(5)),
    ]
    assert {row.reversal_of_id for row in rows} == {StockMovement.objects.get(document=first.document).pk}
    assert proven(stock)


@pytest.mark.parametrize(("replaces", "reserved"), [(True, D(4)), (False, D(0))])
def test_only_a_return_for_replacement_reserves_again(
    stock: Stock, replaces: bool, reserved: Decimal
) -> None:
    stock.opening(stock.seed, "10")
    order = stock.order(stock.line("10"))
    delivery = act(stock.follow("delivery_note", order), "submit", stock.actor)
    assert Reservation.objects.get().quantity == 0
    back = create_follow_up(
        company=stock.company, actor=stock.actor, kind="delivery_note", sources=[delivery.document.pk],
        today=today_in(stock.company), wish=FollowUp(picks=(Pick(delivery.lines[0].pk, D(4), replaces),)),
    )  # fmt: skip
    act(back, "submit", stock.actor)
    assert stock.balance(stock.seed).on_hand == D(4)
    assert Reservation.objects.get().quantity == reserved
    assert proven(stock)


def test_a_reversal_moves_exactly_that_back(stock: Stock) -> None:
    stock.opening(stock.seed, "3", "3.33")
    stock.opening(stock.feed, "10", "2", lot="L1")
    order = stock.order(stock.line("2"), stock.line("4", stock.feed))
    delivery = stock.follow("delivery_note", order)
    delivery = with_lots(stock, delivery, {"L1": "4"})
    delivery = act(delivery, "submit", stock.actor)
    before = {
        row.source_line_id: row.value for row in StockMovement.objects.filter(document=delivery.document)
    }
    act(delivery, "cancel", stock.actor, reason="wrong customer")
    back = StockMovement.objects.filter(kind=MovementKind.REVERSAL)
    assert sorted(row.value for row in back) == sorted(-value for value in before.values())
    assert all(row.reversal_of_id for row in back)
    assert (stock.balance(stock.seed).on_hand, stock.balance(stock.seed).value) == (D(3), D("9.99"))
    assert stock.balance(stock.feed, "L1").on_hand == D(10)
    assert sum(row.quantity for row in Reservation.objects.all()) == D(6), (
        "the order is to be delivered again"
    )
    assert proven(stock)


def test_a_return_that_was_reversed_has_brought_nothing_back(stock: Stock) -> None:
    stock.opening(stock.seed, "20", "5")
    delivery = stock.deliver(stock.line("10"))
    key = delivery.lines[0].pk
    back = act(stock.follow("delivery_note", delivery, picks={key: "3"}), "submit", stock.actor)
    act(back, "cancel", stock.actor, reason="it did not come back")
    record_correction(
        actor=stock.actor,
        entry=StockEntry(stock.seed.uuid, stock.house.uuid, D(10), "found, at another cost", unit_cost=D(9)),
    )
    second = act(stock.follow("delivery_note", again(delivery), picks={key: "9"}), "submit", stock.actor)
    row = StockMovement.objects.get(document=second.document)
    assert (row.stock_quantity, row.value) == (D(9), D("45.00")), "all of it at what it cost when it left"
    act(second, "cancel", stock.actor, reason="it did not come back either")
    act(again(delivery), "cancel", stock.actor, reason="it never left")
    balance = stock.balance(stock.seed)
    assert (balance.on_hand, balance.value) == (D(30), D("190.00"))
    assert proven(stock)


def with_lots(stock: Stock, case: Case, lots: dict[str, str]) -> Case:
    now = again(case)
    lines = tuple(
        replace(
            line_of(now, item, None, None, keep_id=True),
            lots=tuple((lot, D(quantity)) for lot, quantity in lots.items()) if item.lot_duty else (),
        )
        for item in now.lines
    )
    data = replace(carried(now, kind="delivery_note", relation=None, measure=None), lines=lines)
    drafts.update_draft(
        company=stock.company, actor=stock.actor, document_id=now.document.pk, data=data, expected_version=None,
        today=today_in(stock.company),
    )  # fmt: skip
    return again(case)


def test_lots_must_be_whole_and_there(stock: Stock) -> None:
    stock.opening(stock.feed, "10", lot="L1")
    with pytest.raises(Refused) as refused:
        stock.deliver(stock.line("4", stock.feed, lots=(("L1", D(3)),)))
    assert [item.code for item in refused.value.violations] == ["lots-incomplete"]
    with pytest.raises(Refused) as refused:
        stock.deliver(stock.line("12", stock.feed, lots=(("L1", D(11)), ("L2", D(1)))))
    assert [item.code for item in refused.value.violations] == ["lot-short", "lot-short"]
    assert stock.balance(stock.feed, "L1").on_hand == D(10)
    done = stock.deliver(stock.line("10", stock.feed, lots=(("L1", D(10)),)))
    assert done.document.state == State.POSTED
    assert proven(stock)


def test_inactive_places_and_articles_are_blocks(stock: Stock) -> None:
    stock.opening(stock.seed, "10")
    draft = stock.follow("delivery_note", stock.order(stock.line("1")))
    stock.seed.active = False
    stock.seed.save()
    stock.house.active = False
    stock.house.save()
    with pytest.raises(Refused) as refused:
        act(draft, "submit", stock.actor)
    assert {"warehouse-inactive", "article-inactive"} <= {item.code for item in refused.value.violations}
    assert StockMovement.objects.count() == 1


def test_a_foreign_warehouse_is_refused(stock: Stock, other_company: Company) -> None:
    with company_scope(other_company.pk):
        foreign = make_warehouse(make_masterdata(other_company))
    with pytest.raises((Refused, IntegrityError)):
        deliver_from(stock, foreign.pk)
    assert not StockMovement.objects.exists()


@transaction.atomic
def deliver_from(stock: Stock, warehouse_id: int) -> None:
    stock.deliver(stock.line("1"), warehouse_id=warehouse_id)
    connection.check_constraints()


def test_movements_are_never_changed(stock: Stock) -> None:
    movement = stock.opening(stock.seed, "10")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        StockMovement.objects.filter(pk=movement.pk).update(value=0)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        StockMovement.objects.filter(pk=movement.pk).delete()


def test_the_proof_finds_what_was_forged(stock: Stock) -> None:
    stock.opening(stock.seed, "10")
    stock.order(stock.line("3"))
    assert proven(stock)
    balance = stock.balance(stock.seed)
    balance.on_hand, balance.value = D(11), D("51.00")
    balance.save()
    Reservation.objects.update(quantity=1)
    faults = list(verify(stock.company.pk))
    assert len(faults) == 2
    assert "balance 11" in faults[0]
    assert "reserved 1" in faults[1]


def test_the_number_of_statements_does_not_grow_with_the_lines(stock: Stock) -> None:
    stock.opening(stock.seed, "100")
    counts = []
    for number in (1, 5):
        order = stock.order(*[stock.line("1") for _ in range(number)])
        delivery = stock.follow("delivery_note", order)
        with CaptureQueriesContext(connection) as caught:
            act(delivery, "submit", stock.actor)
        counts.append(
            len(
                [
                    query
                    for query in caught
                    if "inventory_" in query["sql"] and "SELECT 1" not in query["sql"][:9]
                ]
            )
        )
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_the_ledger_decides_again_under_its_locks(stock: Stock) -> None:
    stock.opening(stock.seed, "5")
    draft = stock.follow("delivery_note", stock.order(stock.line("5")))
    case = load_case(draft.document.pk)
    assert list(stock_below_zero(case)) == [], "enough when it was looked at"
    record_correction(
        actor=stock.actor,
        entry=StockEntry(stock.seed.uuid, stock.house.uuid, D(-1), "one is broken"),
    )
    with pytest.raises(Refused) as refused:
        movements.issue(case)
    assert refused.value.status == 409
    assert [(item.code, item.line) for item in refused.value.violations] == [("stock-below-zero", 1)]
    assert stock.balance(stock.seed).on_hand == D(4)
