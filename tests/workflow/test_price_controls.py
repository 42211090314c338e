"""Prices that a person must have decided, however they were brought down (contract § 4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from documents.inputs import AllowanceInput
from documents.states import State
from inventory.services.entries import StockEntry, record_opening
from masterdata.models import Article, Warehouse
from masterdata.services.articles import UnitRow
from tests.factories.documents import act, discount, follow, freight, line
from tests.factories.masterdata import make_article, unit
from tests.factories.steps import billed, delivery, edited, exceptions, invoice, order
from tests.factories.world import World
from valeo.tenancy.selectors import system_actor

D = Decimal


def rebate(amount: str) -> AllowanceInput:
    return AllowanceInput(amount=D(amount), reason="Rebate")


def test_an_amount_off_the_document_is_a_discount(world: World) -> None:
    """20 t at 230.00 are 4,600.00 and cost 3,600.00."""
    assert order(world, allowances=(rebate("460"),)).document.state == State.POSTED, "10 % are allowed"
    case = order(world, allowances=(rebate("4500"),))
    assert case.document.state == State.PENDING
    assert exceptions(case) == {"discount": ("97.83", "%"), "below-cost": ("3.5E+3", "EUR")}


def test_an_amount_is_spread_over_the_goods_of_every_rate_and_adds_to_percents(world: World) -> None:
    """Wheat at 4,600.00 and lime at 375.00; 3 % of both are two rows, but one discount."""
    lines = (line(world.wheat, "20"), line(world.lime, "40"))
    assert order(world, *lines, allowances=(discount("8"), freight("90"))).document.state == State.POSTED
    case = order(world, *lines, allowances=(discount("3"), rebate("497.50"), freight("120")))
    assert exceptions(case)["discount"] == ("13", "%")


def test_a_gross_document_counts_the_same_share(world: World) -> None:
    case = order(
        world, line(world.wheat, "10", price=D("256.80")), price_mode="gross", allowances=(rebate("513.60"),)
    )
    assert exceptions(case)["discount"] == ("2E+1", "%")


def test_an_invoice_may_not_take_off_more_than_its_order(world: World) -> None:
    case = billed(world, delivery(world, order(world)), rebate("4500"))
    assert set(exceptions(case)) == {"discount", "below-cost"}


def test_an_agreed_amount_may_come_with_the_first_part_of_the_goods(world: World) -> None:
    """400.00 off 4,600.00 were agreed; the first invoice is over 1,150.00 and takes them whole."""
    first = order(world, allowances=(rebate("400"),))
    done = delivery(world, first, {first.lines[0].pk: "5"})
    case = invoice(world, done)
    assert (case.document.state, case.document.allowance_total) == (State.POSTED, D(400))


def test_more_than_the_agreed_amount_counts(world: World) -> None:
    first = order(world, allowances=(rebate("400"),))
    done = delivery(world, first, {first.lines[0].pk: "5"})
    agreed = replace(rebate("1000"), source_entry=1, source_document_id=first.document.pk)
    case = billed(world, done, agreed)
    assert exceptions(case)["discount"] == ("60.87", "%"), "400 ÷ 4,600 and 600 ÷ 1,150"


def test_percents_of_two_orders_count_for_the_lines_of_each(world: World) -> None:
    first, second = (
        order(world, line(world.wheat, "20"), allowances=(discount(percent),)) for percent in ("6", "7")
    )
    done = act(
        follow(world.company, world.warehouse, "delivery_note", first, second), "submit", world.warehouse
    )
    assert done.document.state == State.POSTED
    assert invoice(world, done).document.state == State.POSTED


def test_a_reason_to_be_free_excuses_no_other_price(world: World) -> None:
    case = order(world, line(world.wheat, "10", price=D("1"), free_reason="sample"))
    assert set(exceptions(case)) == {"discount", "below-cost"}


def seed(world: World) -> Article:
    """By the kilogram at 5.00, also counted by the tonne."""
    system = system_actor(world.company.pk)
    article = make_article(
        system,
        "KGM",
        units=[UnitRow(unit=unit("TNE"), factor=D(1000))],
        tax_class="standard",
        list_price=D(5),
    )
    store = Warehouse.objects.get(is_default=True)
    stock = StockEntry(article.uuid, store.uuid, D(5000), "Opening balance", unit_cost=D(1))
    record_opening(actor=system, entry=stock)
    return article


def test_a_price_typed_for_another_unit_is_compared_in_that_unit(world: World) -> None:
    article = seed(world)
    case = order(world, line(article, "100", price=D(5), price_unit="TNE"))
    assert exceptions(case)["discount"] == ("99.9", "%"), "5.00 per t where 5,000.00 are found"
    case = order(world, line(article, "100", price=D(5000), price_unit="TNE"))
    assert (case.document.state, case.document.net_total) == (State.POSTED, D(500))


def test_the_found_price_follows_the_unit_that_is_asked_for(world: World) -> None:
    case = order(world, line(seed(world), "100", price_unit="TNE"))
    assert (case.lines[0].price, case.document.net_total) == (D(5000), D(500))


@pytest.mark.parametrize(
    ("change", "net"),
    [({"price_unit": "XSA"}, "15000"), ({"price_base": D(100)}, "3.75"), ({"price_unit": "KGM"}, "375000")],
)
def test_an_invoice_per_another_unit_or_base_asks(world: World, change: dict[str, Any], net: str) -> None:
    """40 sacks at 375.00 per t are 375.00."""
    done = delivery(world, order(world, line(world.lime, "40")))
    case = follow(world.company, world.accountant, "sales_invoice", done)
    case = act(edited(world, case, price_quantity=None, **change), "submit", world.accountant)
    assert (case.document.state, case.document.net_total) == (State.PENDING, D(net))
    assert "price-unlike-source" in exceptions(case)
    assert ("discount" in exceptions(case)) == (D(net) < 375), "the found price is of the tonne, as before"


def test_the_same_price_per_another_unit_posts_by_itself(world: World) -> None:
    done = delivery(world, order(world, line(world.lime, "40")))
    case = follow(world.company, world.accountant, "sales_invoice", done)
    same: dict[str, Any] = {"price_unit": "XSA", "price": D("9.375"), "price_quantity": None}
    case = act(edited(world, case, **same), "submit", world.accountant)
    assert (case.document.state, case.document.net_total) == (State.POSTED, D(375))
