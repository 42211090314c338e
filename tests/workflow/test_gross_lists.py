"""A gross list holds our VAT: who is charged none pays the price without it, and nobody else pays another one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from documents.case import Case
from documents.models import Line
from tests.factories.documents import line
from tests.factories.masterdata import add_price, make_article, make_partner, make_price_list
from tests.factories.steps import drafted
from tests.factories.world import World
from valeo.tenancy.models import CompanyVatScheme
from valeo.tenancy.selectors import system_actor

D = Decimal
AUSTRIA: dict[str, Any] = {
    "tax_status": "eu_business", "vat_id": "ATU37675002", "country": "AT", "postal_code": "5020", "city": "Salzburg",
}  # fmt: skip
DUBAI: dict[str, Any] = {"tax_status": "third_country", "country": "AE", "city": "Dubai"}
HOME: dict[str, Any] = {"tax_status": "consumer", "legal_form": "consumer"}


def billed(world: World, partner: dict[str, Any], mode: str, tax_class: str = "standard") -> Line:
    system = system_actor(world.company.pk)
    shop = make_price_list(system, price_mode="gross")
    article = make_article(system, tax_class=tax_class, stock_managed=False)
    add_price(system, shop, "11.90", article=article)
    customer = make_partner(system, price_list=shop, **partner)
    case: Case = drafted(
        replace(world, customer=customer), "sales_invoice", line(article, "100"), price_mode=mode
    )
    return case.lines[0]


@pytest.mark.parametrize("mode", ["gross", "net"])
@pytest.mark.parametrize(("partner", "category"), [(AUSTRIA, "K"), (DUBAI, "G")], ids=["K", "G"])
def test_who_is_charged_no_vat_pays_the_price_without_it(
    world: World, partner: dict[str, Any], category: str, mode: str
) -> None:
    row = billed(world, partner, mode)
    assert (row.tax_category, row.price, row.found_price, row.net_amount) == (
        category,
        D(10),
        D(10),
        D("1000.00"),
    )
    assert "19" in row.price_source["text"]


@pytest.mark.parametrize(("mode", "price"), [("gross", D("11.90")), ("net", D(10))])
def test_at_home_the_list_says_what_is_paid(world: World, mode: str, price: Decimal) -> None:
    row = billed(world, HOME, mode)
    assert (row.price, row.tax_rate, row.net_amount) == (
        price,
        D(19),
        D("1000.00") if mode == "net" else row.net_amount,
    )


def test_where_there_is_no_vat_at_home_none_is_taken_out(world: World) -> None:
    """A small business (§ 19 UStG), and an article that is exempt for everybody."""
    assert billed(world, AUSTRIA, "gross", "exempt").price == D("11.90")
    CompanyVatScheme.everywhere.filter(company=world.company).delete()
    CompanyVatScheme.everywhere.create(
        company=world.company, scheme="small_business_19", valid_from=dt.date(2000, 1, 1)
    )
    assert billed(world, HOME, "gross").price == D("11.90")
