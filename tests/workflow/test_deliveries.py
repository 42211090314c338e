"""Which way the goods of a delivery go, from where and into where, and in which lots they come back."""

from __future__ import annotations

from decimal import Decimal

from documents import quantities
from documents.case import Case
from documents.models import Line
from documents.services.follow_up import FollowUp, Pick, create_follow_up
from inventory.models import Reservation, StockBalance, StockMovement
from tests.factories.documents import act, again, follow, line
from tests.factories.masterdata import make_warehouse
from tests.factories.steps import delivery, edited, order
from tests.factories.world import World
from tests.support.proofs import refused
from valeo.tenancy.selectors import system_actor
from workflow.models import CompanyLimits
from workflow.services.begin import today_in

D = Decimal


def drafted_return(world: World, source: Case, quantity: str, *, replaces: bool = False) -> Case:
    """Of the first line."""
    return create_follow_up(
        company=world.company, actor=world.warehouse, kind="delivery_note", sources=[source.document.pk],
        today=today_in(world.company), wish=FollowUp(picks=(Pick(source.lines[0].pk, D(quantity), replaces),)),
    )  # fmt: skip


def on_hand(world: World) -> Decimal:
    return StockBalance.objects.get(article=world.wheat).on_hand


def test_a_delivery_brings_nothing_back_and_a_return_takes_nothing_out(world: World) -> None:
    """The links count without a sign: goods that moved the other way would count as delivered, or as returned."""
    case = order(world)
    draft = follow(world.company, world.warehouse, "delivery_note", case)
    draft = edited(world, draft, actor=world.warehouse, quantity=D(-20), price_quantity=None)
    assert refused(draft, "submit", world.warehouse, "line-direction").violations[0].line == 1
    done = delivery(world, case)
    back = follow(world.company, world.warehouse, "delivery_note", done, picks={done.lines[0].pk: "3"})
    back = edited(world, back, actor=world.warehouse, quantity=D(3), price_quantity=None)
    refused(back, "submit", world.warehouse, "line-direction")
    back = edited(world, back, actor=world.warehouse, quantity=D(-3), price_quantity=None)
    back = act(back, "submit", world.warehouse)
    act(back, "cancel", world.warehouse, "It did not come back")
    assert on_hand(world) == 480


def test_whether_it_is_delivered_again_may_be_said_on_the_return(world: World) -> None:
    case = order(world)
    done = delivery(world, case)
    for says, to_deliver in ((True, 3), (False, 0)):
        back = drafted_return(world, done, "3", replaces=not says)
        back = edited(world, back, actor=world.warehouse, replaces=says)
        back = act(back, "submit", world.warehouse)
        assert {link.replaces for link in again(back).links_in} == {says}
        assert quantities.to_deliver(Line.objects.get(pk=case.lines[0].pk)) == to_deliver
        act(back, "cancel", world.warehouse, "It did not come back")


def test_goods_leave_and_come_back_where_that_was_chosen(world: World) -> None:
    """A line with a warehouse of its own keeps it."""
    barn, shed = (make_warehouse(system_actor(world.company.pk)) for _ in range(2))
    CompanyLimits.objects.create(company=world.company, negative_stock_asks=False)
    case = order(world, line(world.wheat, "20"), line(world.lime, "4", warehouse_id=shed.pk))
    done = delivery(world, case, warehouse_id=barn.pk)
    assert [row.warehouse_id for row in done.lines] == [barn.pk, shed.pk]
    moved = StockMovement.objects.filter(document=done.document).order_by("pk")
    assert [row.warehouse_id for row in moved] == [barn.pk, shed.pk]
    home = case.document.warehouse_id
    assert not Reservation.objects.filter(quantity__gt=0).exists(), "the order asks for no more"
    back = follow(world.company, world.warehouse, "delivery_note", done, warehouse_id=home)
    back = act(back, "submit", world.warehouse)
    moved = StockMovement.objects.filter(document=back.document).order_by("pk")
    assert [(row.warehouse_id, row.stock_quantity) for row in moved] == [(home, 20), (shed.pk, 100)]
    same = follow(world.company, world.warehouse, "delivery_note", order(world), warehouse_id=home)
    assert [row.warehouse_id for row in same.lines] == [home]
