"""A tax code that is chosen for a freight or discount: kept, carried on, asked about, and of our own side."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from documents.case import Case
from documents.inputs import AllowanceInput
from documents.services import drafts
from documents.states import State
from masterdata.models import TaxCode, TaxRate
from tests.factories.documents import act, again, discount, follow, freight, line
from tests.factories.steps import content, delivery, drafted, exceptions, order
from tests.factories.world import World
from tests.support.proofs import refuses
from valeo.core.exceptions import Refused
from workflow.services.begin import today_in

D = Decimal


def code(text: str) -> TaxCode:
    return TaxCode.objects.get(code=text)


def own_tax(amount: str, text: str) -> AllowanceInput:
    return replace(freight(amount), tax_code_id=code(text).pk)


def charged(case: Case) -> list[tuple[Decimal, Decimal]]:
    return [(row.amount, row.tax_rate) for row in again(case).allowances if row.line_id is None]


def approved(world: World, case: Case) -> Case:
    return again(act(again(case), "approve", world.manager) if case.document.state == State.PENDING else case)


def saved_again(world: World, case: Case) -> Case:
    """As the editor sends it: everything as it stands."""
    drafts.update_draft(
        company=world.company, actor=world.clerk, document_id=case.document.pk, data=content(case),
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    return again(case)


def test_a_chosen_tax_outlives_editing_and_goes_on_the_invoice(world: World) -> None:
    draft = drafted(world, "sales_order", line(world.lime, "40"), allowances=(own_tax("100", "U7"),))
    assert charged(saved_again(world, draft)) == [(D("100.00"), D(7))]
    asked = act(draft, "submit", world.clerk)
    assert set(exceptions(asked)) == {"manual-tax"}
    sold = approved(world, asked)
    assert sold.document.state == State.POSTED
    bill = follow(world.company, world.accountant, "sales_invoice", delivery(world, sold))
    assert charged(bill) == [(D("100.00"), D(7))]
    assert again(bill).document.tax_total == sold.document.tax_total


def test_what_nobody_chose_is_asked_about_nowhere(world: World) -> None:
    """Over two rates, in one, with a line that is free, and with a cent that reaches one rate only."""
    mixed = (line(world.wheat, "2"), line(world.lime, "40"))
    sample = line(world.lime, "1", price=D(0), free_reason="sample")
    for lines in (mixed, mixed[:1], (mixed[0], sample)):
        for rows in ((freight("50"),), (discount("3"),), (freight("0.01"),)):
            case = order(world, *lines, allowances=rows)
            assert "manual-tax" not in exceptions(case)


def test_a_freight_that_is_all_of_its_group_says_why_it_is_exempt(world: World) -> None:
    exempt = TaxCode.objects.filter(category="E", direction__in=["output", "both"]).order_by("code")[0]
    case = order(world, line(world.lime, "40"), allowances=(own_tax("10", exempt.code),))
    group = next(row for row in again(case).tax_groups if row.category == "E")
    assert (group.tax_code_id, group.exemption_text) == (exempt.pk, exempt.exemption_text_de)


def test_input_tax_is_nothing_to_charge(world: World) -> None:
    foreign = TaxCode.objects.filter(direction="input").order_by("code")[0]
    with refuses(Refused, "tax-code-unknown"):
        drafted(world, "sales_order", line(world.lime, "1"), allowances=(own_tax("10", foreign.code),))
    with refuses(Refused, "tax-code-unknown"):
        drafted(world, "sales_order", line(world.lime, "1", tax_code_id=foreign.pk))


def test_a_code_without_a_rate_of_the_day_is_named(world: World) -> None:
    TaxRate.objects.filter(code=code("U7")).delete()
    with refuses(Refused, "tax-missing"):
        drafted(world, "sales_order", line(world.lime, "1"), allowances=(own_tax("10", "U7"),))


@pytest.mark.parametrize("kind", ["quotation", "sales_order"])
def test_the_follow_up_has_the_chosen_tax(world: World, kind: str) -> None:
    first = drafted(world, "quotation", line(world.lime, "40"), allowances=(own_tax("100", "U7"),))
    sold = follow(
        world.company, world.clerk, "sales_order", approved(world, act(first, "submit", world.clerk))
    )
    last = first if kind == "quotation" else sold
    assert charged(last) == [(D("100.00"), D(7))]
