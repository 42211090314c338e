"""Customer's list, then the group's, then the article's own price."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from masterdata.kinds import PriceMode, Side
from masterdata.models import Article, ArticleGroup, Partner, PartnerGroup, PriceList
from masterdata.selectors.prices import FoundPrice, PriceQuestion, find_prices, in_mode
from masterdata.services.articles import UnitRow
from masterdata.services.code_lists import create_row
from tests.factories.masterdata import add_price, make_article, make_partner, make_price_list, unit
from valeo.tenancy.actor import Actor

TODAY = date(2026, 11, 24)
D = Decimal
Find = Callable[..., FoundPrice | None]


@pytest.fixture
def wheat(boss: Actor) -> Article:
    """Stocked and priced by the tonne, sold by the sack of 25 kg."""
    group = create_row(
        ArticleGroup, actor=boss, values={"code": "SEED", "name_de": "Saatgut", "name_en": "Seed"}
    )
    return make_article(
        boss,
        "TNE",
        [UnitRow(unit("XSA"), D("0.025"))],
        list_price=D("400.00"),
        group=group,
        sales_unit=unit("XSA"),
    )


@pytest.fixture
def own_list(boss: Actor) -> PriceList:
    return make_price_list(boss, code="HOF", name="Hofkunden")


@pytest.fixture
def group_list(boss: Actor) -> PriceList:
    return make_price_list(boss, code="GRP", name="Genossen")


@pytest.fixture
def customer(boss: Actor, own_list: PriceList, group_list: PriceList) -> Partner:
    group = create_row(
        PartnerGroup, actor=boss, values={"code": "G", "name": "Genossen", "price_list": group_list}
    )
    return make_partner(boss, price_list=own_list, group=group)


@pytest.fixture
def find(customer: Partner, wheat: Article) -> Find:
    def one(
        quantity: str = "1", on: date = TODAY, currency: str = "EUR", side: str = Side.SALES
    ) -> FoundPrice | None:
        question = PriceQuestion("it", wheat.pk, D(quantity), on)
        return find_prices(side=side, partner_id=customer.pk, currency=currency, questions=[question])["it"]

    return one


def price(found: FoundPrice | None) -> Decimal:
    assert found is not None
    return found.price


def test_the_cascade(
    boss: Actor, find: Find, wheat: Article, own_list: PriceList, group_list: PriceList
) -> None:
    found = find()
    assert found is not None
    assert (found.price, found.source, found.unit_id, found.price_mode) == (
        400,
        "article",
        unit("TNE").pk,
        "net",
    )
    add_price(boss, group_list, "390", article=wheat)
    found = find()
    assert found is not None
    assert (found.price, found.source, found.list_code) == (390, "group", "GRP")
    add_price(boss, own_list, "395", article=wheat)
    found = find()
    assert found is not None
    assert (found.price, found.source, found.list_code) == (395, "partner", "HOF"), (
        "his own list, though dearer"
    )


def test_the_article_goes_before_its_group(
    boss: Actor, find: Find, wheat: Article, own_list: PriceList
) -> None:
    add_price(boss, own_list, "350", article_group=wheat.group, unit=unit("TNE"))
    found = find()
    assert price(found) == 350
    assert found is not None
    assert found.for_article_group
    add_price(boss, own_list, "360", article=wheat)
    assert price(find()) == 360


def test_quantity_breaks_in_the_unit_of_the_price(
    boss: Actor, find: Find, wheat: Article, own_list: PriceList
) -> None:
    add_price(boss, own_list, "380", article=wheat)
    add_price(boss, own_list, "375", article=wheat, from_quantity=D(5))
    add_price(boss, own_list, "9.20", article=wheat, unit=unit("XSA"), from_quantity=D(400))  # from 10 t on
    assert price(find("4.999999")) == 380
    assert price(find("5")) == 375
    assert price(find("-5")) == 375, "a return finds the price of its quantity"
    assert price(find("9.99")) == 375
    sacks = find("10")
    assert price(sacks) == D("9.20")
    assert sacks is not None
    assert sacks.unit_id == unit("XSA").pk


def test_validity_of_price_and_list(boss: Actor, find: Find, wheat: Article, own_list: PriceList) -> None:
    add_price(boss, own_list, "370", article=wheat, valid_to=TODAY - timedelta(days=1))
    add_price(boss, own_list, "380", article=wheat, valid_from=TODAY)
    assert price(find(on=TODAY - timedelta(days=1))) == 370
    assert price(find()) == 380
    PriceList.objects.filter(pk=own_list.pk).update(valid_to=TODAY - timedelta(days=1))
    assert price(find()) == 400, "a list that ended yesterday gives no price"
    PriceList.objects.filter(pk=own_list.pk).update(valid_to=None, active=False)
    assert price(find()) == 400


def test_the_later_start_wins_where_two_hold(
    boss: Actor, find: Find, wheat: Article, own_list: PriceList
) -> None:
    add_price(boss, own_list, "380", article=wheat)
    add_price(boss, own_list, "385", article=wheat, valid_from=date(2026, 11, 1))
    assert price(find()) == 385


def test_another_currency_has_no_price(boss: Actor, find: Find, wheat: Article, own_list: PriceList) -> None:
    add_price(boss, own_list, "380", article=wheat)
    assert find(currency="USD") is None


def test_purchase_prices_come_from_the_suppliers_list_only(boss: Actor, wheat: Article) -> None:
    their_list = make_price_list(boss, side=Side.PURCHASE)
    supplier = make_partner(boss, is_supplier=True, purchase_price_list=their_list)
    ask: dict[str, Any] = {"side": Side.PURCHASE, "partner_id": supplier.pk, "currency": "EUR"}
    question = PriceQuestion(1, wheat.pk, D(1), TODAY)
    assert find_prices(**ask, questions=[question]) == {1: None}
    add_price(boss, their_list, "310", article=wheat)
    assert price(find_prices(**ask, questions=[question])[1]) == 310


def test_gross_lists_say_so_and_convert(boss: Actor, wheat: Article) -> None:
    shop = make_price_list(boss, price_mode=PriceMode.GROSS)
    consumer = make_partner(boss, price_list=shop)
    add_price(boss, shop, "428.00", article=wheat)
    question = PriceQuestion(1, wheat.pk, D(1), TODAY)
    found = find_prices(side=Side.SALES, partner_id=consumer.pk, currency="EUR", questions=[question])[1]
    assert found is not None
    assert found.price_mode == PriceMode.GROSS
    net = in_mode(found.price, found_mode=found.price_mode, wanted_mode=PriceMode.NET, percent=D(7))
    assert net == D(400)
    assert in_mode(D(1), found_mode=PriceMode.GROSS, wanted_mode=PriceMode.NET, percent=D(19)) == D(
        "0.840336134"
    )
    assert in_mode(D(2), found_mode=PriceMode.NET, wanted_mode=PriceMode.GROSS, percent=D(19)) == D("2.38")
    assert in_mode(D(2), found_mode=PriceMode.NET, wanted_mode=PriceMode.NET, percent=D(19)) == D(2)


def test_without_a_partner_the_article_answers(boss: Actor, wheat: Article) -> None:
    question = PriceQuestion(1, wheat.pk, D(1), TODAY)
    assert (
        price(find_prices(side=Side.SALES, partner_id=None, currency="EUR", questions=[question])[1]) == 400
    )


def test_why_this_price(boss: Actor, find: Find, wheat: Article, own_list: PriceList) -> None:
    add_price(boss, own_list, "375", article=wheat, from_quantity=D(5), valid_from=date(2026, 11, 1))
    found = find("8")
    assert found is not None
    with translation.override("en"):
        assert found.reason() == "Price list HOF Hofkunden, from 5 t on, valid from 1 Nov 2026"


def test_many_lines_take_one_query(
    boss: Actor, wheat: Article, customer: Partner, own_list: PriceList, django_assert_num_queries: Any
) -> None:
    articles = [wheat, *(make_article(boss) for _ in range(4))]
    for article in articles:
        add_price(boss, own_list, "5", article=article)
    for some in (articles[:1], articles):
        questions = [PriceQuestion(article.pk, article.pk, D(1), TODAY) for article in some]
        with django_assert_num_queries(1):
            found = find_prices(side=Side.SALES, partner_id=customer.pk, currency="EUR", questions=questions)
        assert [price(one) for one in found.values()] == [5] * len(some)
    assert find_prices(side=Side.SALES, partner_id=customer.pk, currency="EUR", questions=[]) == {}
