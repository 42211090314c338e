"""Opening a rest again adds to what the customer will owe, so the limit holds for it as for a new order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents.case import Case
from tests.factories.documents import act, again, line
from tests.factories.steps import delivery, order, set_partner
from tests.factories.world import World
from tests.support.proofs import refused
from valeo.core.components import formats

D = Decimal
OVER = "not-accepted:over-credit-limit"


def closed(world: World, quantity: str, *, delivered: str = "") -> Case:
    case = order(world, line(world.wheat, quantity))
    if delivered:
        delivery(world, case, {case.lines[0].pk: delivered})
    return act(again(case), "close", world.clerk, "Later")


def test_a_rest_that_no_longer_fits_stays_closed(world: World) -> None:
    """80 t are 19,688.00 of a limit of 20,000.00: they fit once."""
    first = closed(world, "80")
    order(world, line(world.wheat, "80"))
    error = refused(again(first), "unclose", world.clerk, OVER)
    assert formats.money(D("19376.00"), "EUR") in str(error)


@pytest.mark.parametrize(("quantity", "fits"), [("51", True), ("52", False)])
def test_only_what_is_opened_counts(world: World, quantity: str, fits: bool) -> None:
    """Of 30 t 15 are delivered and count already, 15 come back; 81 t and not more fit."""
    first = closed(world, "30", delivered="15")
    order(world, line(world.wheat, quantity))
    if fits:
        act(again(first), "unclose", world.clerk)
        assert again(first).lines[0].closed == 0
    else:
        refused(again(first), "unclose", world.clerk, OVER)


def test_what_an_approver_accepted_on_the_order_holds_for_its_rest(world: World) -> None:
    case = act(order(world, line(world.wheat, "95")), "approve", world.manager)
    act(again(case), "close", world.clerk, "By mistake")
    act(again(case), "unclose", world.clerk)
    act(again(case), "close", world.clerk, "Later")
    order(world, line(world.wheat, "1"))
    refused(again(case), "unclose", world.clerk, OVER)


def test_without_a_limit_nobody_is_asked(world: World) -> None:
    set_partner(world, credit_limit=None)
    first = closed(world, "80")
    order(world, line(world.wheat, "80"))
    act(again(first), "unclose", world.clerk)
    assert again(first).document.fulfilment == "open"
