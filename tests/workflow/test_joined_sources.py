"""An invoice of several deliveries is taxed once: they go to one country, and several buyers are named and taxed alike."""

from __future__ import annotations

from typing import Any

import pytest

from documents import registry
from documents.case import Case
from documents.services import joining
from documents.states import State
from masterdata.models import Partner, PartnerAddress
from tests.factories.documents import again, draft, follow, line, submitted
from tests.factories.masterdata import make_partner
from tests.factories.steps import credit, delivery, invoice
from tests.factories.world import World
from tests.support.proofs import refuses
from valeo.core.exceptions import Refused
from valeo.tenancy.selectors import system_actor

AUSTRIA: dict[str, Any] = {
    "country": "AT", "postal_code": "5020", "city": "Salzburg", "vat_id": "ATU37675002", "tax_status": "eu_business",
}  # fmt: skip


def customer(world: World, tax_status: str = "regular", **values: Any) -> Partner:
    return make_partner(system_actor(world.company.pk), tax_status, **values)


def place(partner: Partner, country: str) -> PartnerAddress:
    return PartnerAddress.objects.create(
        company_id=partner.company_id, partner=partner, kind="delivery", name=f"Lager {country}", street="Hafen 3",
        postal_code="94032", city="Passau", country=country,
    )  # fmt: skip


def delivered(world: World, partner: Partner, **values: Any) -> Case:
    data = draft("sales_order", partner, line(world.lime, "4"), **values)
    case = delivery(world, submitted(world.company, world.clerk, data))
    assert case.document.state == State.POSTED
    return case


@pytest.mark.parametrize(("seat", "other"), [(AUSTRIA, "DE"), ({}, "CH")])
def test_two_countries_of_destination_are_two_invoices(
    world: World, seat: dict[str, Any], other: str
) -> None:
    partner = customer(world, **seat)
    there = delivered(world, partner)
    elsewhere = delivered(world, partner, ship_to_address_id=place(partner, other).pk)
    for pair in ((there, elsewhere), (elsewhere, there)):
        with refuses(Refused, "sources-differ") as caught:
            follow(world.company, world.accountant, "sales_invoice", *pair)
        assert "Bestimmungsland" in str(caught[0])
    assert [invoice(world, each).document.state for each in (there, elsewhere)] == [State.POSTED] * 2


def test_two_countries_of_dispatch_are_two_invoices(world: World) -> None:
    """The rules that a company starts with tax nothing from abroad, so the place is moved in memory."""
    partner = customer(world)
    two = [again(delivered(world, partner)) for _each in range(2)]
    two[1].parties["ship_from"].country = "AT"
    found = list(joining.tax_differences(registry.get("sales_invoice"), two))
    assert [(item.code, "Versandland" in str(item.text)) for item in found] == [("sources-differ", True)]


def branches(world: World, **values: Any) -> list[Partner]:
    head = customer(world, name="Zentrale")
    return [customer(world, name=f"Filiale {each}", bill_to=head, **values) for each in "AB"]


def test_each_line_names_its_buyer_where_there_are_several(world: World) -> None:
    one, other = (delivered(world, partner) for partner in branches(world))
    case = invoice(world, one, other)
    assert case.document.state == State.POSTED
    first = "Leistungsempfänger: Filiale A, Dorfstr. 1, 25813 Husum"
    second = "Leistungsempfänger: Filiale B, Dorfstr. 1, 25813 Husum"
    assert [row.detail for row in case.lines] == [first, second]
    back = credit(world, case, "price")
    assert [row.detail for row in back.lines] == [first, second]


def test_one_buyer_is_named_in_the_head_alone(world: World) -> None:
    partner = branches(world)[0]
    case = follow(
        world.company, world.accountant, "sales_invoice", *[delivered(world, partner) for _each in range(2)]
    )
    assert {row.detail for row in case.lines} == {""}


def test_buyers_across_the_border_have_an_invoice_each(world: World) -> None:
    two = [delivered(world, partner) for partner in branches(world, **AUSTRIA)]
    with refuses(Refused, "sources-differ"):
        follow(world.company, world.accountant, "sales_invoice", *two)


def test_buyers_of_another_tax_status_have_an_invoice_each(world: World) -> None:
    head = customer(world, name="Zentrale")
    two = [
        delivered(world, customer(world, status, bill_to=head)) for status in ("regular", "flat_rate_farmer")
    ]
    with refuses(Refused, "sources-differ") as caught:
        follow(world.company, world.accountant, "sales_invoice", *two)
    assert "Steuerstatus" in str(caught[0])
