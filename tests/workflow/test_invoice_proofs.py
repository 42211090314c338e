"""Addresses as their country has them, and the VAT IDs that a supply across the border needs."""

from __future__ import annotations

from typing import Any

import pytest

from documents.case import Case
from documents.services import drafts
from documents.states import State
from masterdata.models import Partner
from tests.factories.documents import act, draft, line
from tests.factories.masterdata import make_article, make_partner
from tests.factories.world import World
from tests.support.proofs import refused
from valeo.tenancy.selectors import system_actor
from workflow.services.begin import today_in

AUSTRIAN: dict[str, Any] = {
    "country": "AT",
    "postal_code": "5020",
    "city": "Salzburg",
    "vat_id": "ATU37675002",
}


def customer(world: World, tax_status: str, **values: Any) -> Partner:
    return make_partner(system_actor(world.company.pk), tax_status, **values)


def bill(world: World, partner: Partner, tax_class: str = "standard", **values: Any) -> Case:
    article = make_article(system_actor(world.company.pk), "HUR", tax_class=tax_class, stock_managed=False)
    return drafts.create_draft(
        company=world.company, actor=world.accountant, today=today_in(world.company),
        data=draft("sales_invoice", partner, line(article, "1"), **values),
    )  # fmt: skip


def without_vat_id(world: World) -> None:
    world.company.vat_id = ""
    world.company.save()


def test_a_service_across_the_border_needs_our_vat_id(world: World) -> None:
    without_vat_id(world)
    case = bill(world, customer(world, "eu_business", **AUSTRIAN), "service")
    assert [group.category for group in case.tax_groups] == ["AE"]
    refused(case, "submit", world.accountant, "seller-vat-id")


def test_a_reverse_charge_at_home_does_not(world: World) -> None:
    without_vat_id(world)
    case = bill(world, customer(world, "regular", vat_id="DE811569869"), "reverse_charge")
    assert [group.category for group in case.tax_groups] == ["AE"]
    assert act(case, "submit", world.accountant).document.state == State.APPROVED


@pytest.mark.parametrize(("country", "city"), [("AE", "Dubai"), ("HK", "Kowloon")])
def test_where_there_are_no_postal_codes_none_is_asked_for(world: World, country: str, city: str) -> None:
    partner = customer(world, "third_country", country=country, city=city, postal_code="")
    assert act(bill(world, partner), "submit", world.accountant).document.state == State.APPROVED


def test_elsewhere_it_is(world: World) -> None:
    partner = customer(world, "third_country", country="CH", city="Zürich", postal_code="")
    error = refused(bill(world, partner), "submit", world.accountant, "party-incomplete")
    assert "PLZ" in str(error)


def test_who_is_supplied_has_an_address_too(world: World) -> None:
    """§ 14 (4) No. 1 asks for the recipient of the supply, also where somebody else gets the invoice."""
    head = customer(world, "regular", name="Zentrale")
    branch = customer(world, "regular", bill_to=head, city="")
    refused(bill(world, branch), "submit", world.accountant, "party-incomplete")
