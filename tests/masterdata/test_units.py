"""Conversion between the units of an article."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from masterdata.selectors.units import units_of
from masterdata.services.articles import UnitRow
from masterdata.units import UnitFactor, Units, converted
from tests.factories.masterdata import make_article, unit
from valeo.core.exceptions import Refused
from valeo.tenancy.actor import Actor

D = Decimal


def test_conversion_goes_through_the_stock_unit() -> None:
    sack = UnitFactor(2, "XSA", "Sack", "sack", 0, D("0.025"))
    pallet = UnitFactor(3, "XPX", "Pal.", "pallet", 0, D(1))
    units = Units(1, {2: sack, 3: pallet})
    assert units.to_stock(D(40), 2) == D("1.000000")
    assert units.convert(D(1), 3, 2) == D("40.000000")
    assert units.convert(D(7), 2, 2) == D(7)


def test_six_decimals_rounded_away_from_zero() -> None:
    assert converted(D(1), D(1), D(3)) == D("0.333333")
    assert converted(D(2), D(1), D(3)) == D("0.666667")
    assert converted(D("-0.0000005"), D(1), D(1)) == D("-0.000001")


def test_an_unknown_unit_is_refused_in_words() -> None:
    with translation.override("en"), pytest.raises(Refused, match="factor") as caught:
        Units(1).to_stock(D(1), 9)
    assert caught.value.violations[0].field == "unit"


def test_units_of_the_same_kind_need_no_factor(boss: Actor) -> None:
    article = make_article(boss, "TNE", [UnitRow(unit("XSA"), D("0.025"), "Sack 25 kg", "sack of 25 kg")])
    units = units_of([article])[article.pk]
    assert units.to_stock(D(250), unit("KGM").pk) == D("0.25")
    assert units.to_stock(D(10), unit("DTN").pk) == D(1)
    assert units.to_stock(D(4), unit("XSA").pk) == D("0.1")
    assert units.by_id[unit("XSA").pk].text("en") == "sack of 25 kg"
    assert unit("LTR").pk not in units.by_id


def test_the_article_goes_before_the_physical_factor(boss: Actor) -> None:
    article = make_article(boss, "TNE", [UnitRow(unit("DTN"), D("0.11"))])
    assert units_of([article])[article.pk].to_stock(D(1), unit("DTN").pk) == D("0.11")


def test_units_of_many_articles_take_two_queries(boss: Actor, django_assert_num_queries: Any) -> None:
    articles = [make_article(boss, "TNE", [UnitRow(unit("XSA"), D("0.025"))]) for _ in range(3)]
    for some in (articles[:1], articles):
        with django_assert_num_queries(2):
            assert len(units_of(some)) == len(some)
