"""Which way the goods of a delivery go, from where and into where, and in which lots they come back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents import quantities
from documents.case import Case
from documents.inputs import PartyInput
from documents.models import Line
from documents.services.follow_up import FollowUp, Pick, create_follow_up
from documents.states import State
from inventory.models import Reservation, StockBalance, StockMovement
from inventory.services import entries
from masterdata.models import Article, Warehouse
from masterdata.services.articles import UnitRow
from tests.factories.documents import act, again, follow, line
from tests.factories.masterdata import make_article, make_warehouse, unit
from tests.factories.steps import delivery, edited, exceptions, order, set_partner
from tests.factories.world import World
from tests.support.proofs import refused, refuses
from valeo.core.exceptions import Refused
from valeo.tenancy.selectors import system_actor
from workflow.models import CompanyLimits, ReleaseRule
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


@pytest.mark.parametrize(("parts", "each"), [(3, "0.2"), (6, "0.1")])
def test_odd_parts_of_another_unit_come_to_the_whole(world: World, parts: int, each: str) -> None:
    """20 sacks of 30 kg are 0.6 t: a third of them is 6.666667 sacks, a sixth 3.333333."""
    system = system_actor(world.company.pk)
    feed = make_article(
        system, "KGM", units=[UnitRow(unit=unit("XSA"), factor=D(30)), UnitRow(unit=unit("TNE"), factor=D(1000))],
        sales_unit=unit("XSA"), tax_class="reduced", list_price=D(2), standard_cost=D(1),
    )  # fmt: skip
    CompanyLimits.objects.create(company=world.company, negative_stock_asks=False)
    case = order(world, line(feed, "20"))
    for _part in range(parts):
        draft = follow(world.company, world.warehouse, "delivery_note", case, picks={case.lines[0].pk: "1"})
        draft = edited(world, draft, actor=world.warehouse, quantity=D(each), unit="TNE", price_quantity=None)
        done = act(draft, "submit", world.warehouse)
        assert (done.document.state, exceptions(done)) == (State.POSTED, {})
    assert Line.objects.get(pk=case.lines[0].pk).delivered == 20
    assert again(case).document.fulfilment == "complete"


def test_a_return_is_reversed_though_its_goods_are_gone_where_nobody_is_asked(world: World) -> None:
    set_partner(world, credit_limit=None)
    done = delivery(world, order(world))
    back = act(drafted_return(world, done, "20"), "submit", world.warehouse)
    delivery(world, order(world, line(world.wheat, "500")))
    refused(back, "cancel", world.warehouse, "stock-below-zero", reason="It did not come back")
    CompanyLimits.objects.create(company=world.company, negative_stock_asks=False)
    assert act(back, "cancel", world.warehouse, "It did not come back").document.state == State.CANCELLED
    assert on_hand(world) == -20


def test_one_delivery_goes_to_one_address(world: World) -> None:
    yard = PartyInput("ship_to", {"name": "The yard", "street": "Elsewhere 1", "city": "Celle"})
    here, there, again_here = order(world), order(world, parties=(yard,)), order(world)
    with refuses(Refused, "sources-differ") as caught:
        follow(world.company, world.warehouse, "delivery_note", here, there)
    assert here.document.number in str(caught[0])
    assert there.document.number in str(caught[0])
    both = follow(world.company, world.warehouse, "delivery_note", here, again_here)
    assert [row.quantity for row in both.lines] == [D(20), D(20)]
    sent = [delivery(world, case) for case in (there, here)]
    assert len(follow(world.company, world.accountant, "sales_invoice", *sent).lines) == 2, (
        "one invoice may be for both"
    )


# ------------------------------------------------------------------------------------------------------------ lots


@pytest.fixture
def seed(world: World) -> Article:
    """Seed with lot duty; three lots of it in stock."""
    system = system_actor(world.company.pk)
    article = make_article(
        system, "KGM", tax_class="reduced", list_price=D("2"), standard_cost=D("1"), lot_duty=True
    )
    store = Warehouse.objects.get(is_default=True)
    for lot in ("A", "B", "C"):
        entry = entries.StockEntry(article.uuid, store.uuid, D(100), "Opening", lot=lot, unit_cost=D(1))
        entries.record_opening(actor=system, entry=entry)
    return article


def delivered(world: World, seed: Article, **lots: str) -> Case:
    given = tuple((lot, D(quantity)) for lot, quantity in lots.items())
    whole = sum((quantity for _lot, quantity in given), D(0))
    draft = follow(world.company, world.warehouse, "delivery_note", order(world, line(seed, str(whole))))
    return act(edited(world, draft, actor=world.warehouse, lots=given), "submit", world.warehouse)


def lots_of(case: Case) -> dict[str, Decimal]:
    return {row.lot: row.stock_quantity for row in again(case).lots[case.lines[0].pk]}


def test_the_lots_that_are_still_out_are_proposed(world: World, seed: Article) -> None:
    done = delivered(world, seed, A="10", B="10")
    back = edited(world, drafted_return(world, done, "10"), actor=world.warehouse, lots=(("A", D(-10)),))
    act(back, "submit", world.warehouse)
    rest = drafted_return(world, again(done), "10")
    assert lots_of(rest) == {"B": D(-10)}
    assert act(rest, "submit", world.warehouse).document.state == State.POSTED
    assert {row.lot: row.on_hand for row in StockBalance.objects.filter(article=seed)} == dict.fromkeys(
        "ABC", D(100)
    )


def test_proposed_lots_add_up(world: World, seed: Article) -> None:
    done = delivered(world, seed, A="10", B="10", C="10")
    back = drafted_return(world, done, "10")
    assert sum(lots_of(back).values()) == -10
    assert act(back, "submit", world.warehouse).document.state == State.POSTED


def test_a_lot_comes_back_only_as_far_as_it_left(world: World, seed: Article) -> None:
    done = delivered(world, seed, A="10", B="5")
    wrong: tuple[tuple[tuple[str, Decimal], ...], ...] = (
        (("C", D(-6)),),
        (("B", D(-6)),),
        (("A", D(-4)), ("C", D(-2))),
    )
    for lots in wrong:
        back = edited(world, drafted_return(world, done, "6"), actor=world.warehouse, lots=lots)
        refused(back, "submit", world.warehouse, "lot-not-out")
    back = edited(world, back, actor=world.warehouse, lots=(("A", D(-6)),))
    act(back, "submit", world.warehouse)
    back = edited(world, drafted_return(world, again(done), "6"), actor=world.warehouse, lots=(("A", D(-6)),))
    assert "4 kg" in str(refused(back, "submit", world.warehouse, "lot-not-out"))


def test_a_return_that_waited_is_not_counted_against_itself(world: World, seed: Article) -> None:
    ReleaseRule.objects.create(
        company=world.company, kind="delivery_note", approval="always", post_on_release=True
    )
    done = act(delivered(world, seed, A="10"), "approve", world.manager)
    back = act(drafted_return(world, done, "10"), "submit", world.warehouse)
    assert act(back, "approve", world.manager).document.state == State.POSTED
