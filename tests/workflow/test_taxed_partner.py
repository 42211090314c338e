"""The contracting partner is taxed, whoever gets the invoice (ADR 0015); the paper names the same one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from documents.states import State
from masterdata.models import Partner
from tests.factories.documents import act, again, draft, line, submitted
from tests.factories.masterdata import make_article, make_partner
from tests.factories.world import World
from valeo.tenancy.selectors import system_actor

D = Decimal
SALZBURG: dict[str, Any] = {"country": "AT", "postal_code": "5020", "city": "Salzburg"}
AUSTRIAN: dict[str, Any] = {**SALZBURG, "vat_id": "ATU37675002"}


def customer(world: World, tax_status: str, **values: Any) -> Partner:
    return make_partner(system_actor(world.company.pk), tax_status, **values)


def taxed(world: World, partner: Partner, bill_to: Partner) -> list[tuple[str, Decimal]]:
    """The VAT groups of a posted invoice."""
    article = make_article(system_actor(world.company.pk), tax_class="standard", stock_managed=False)
    data = draft("sales_invoice", partner, line(article, "1"), bill_to_id=bill_to.pk)
    case = again(act(submitted(world.company, world.accountant, data), "post", world.accountant))
    assert case.document.state == State.POSTED
    assert case.document.bill_to_id == bill_to.pk
    assert case.parties["buyer"].vat_id == partner.vat_id
    return [(group.category, group.rate) for group in case.tax_groups]


def test_a_subsidiary_abroad_is_supplied_whoever_pays_here(world: World) -> None:
    parent = customer(world, "regular", name="Konzern GmbH", vat_id="DE811569869")
    subsidiary = customer(world, "eu_business", name="Tochter GmbH", **AUSTRIAN)
    assert taxed(world, subsidiary, parent) == [("K", D(0))]


def test_a_consumer_abroad_pays_tax_whoever_gets_the_invoice(world: World) -> None:
    company = customer(world, "eu_business", name="Firma GmbH", **AUSTRIAN)
    consumer = customer(world, "consumer", legal_form="consumer", **SALZBURG)
    assert taxed(world, consumer, company) == [("S", D(19))]
