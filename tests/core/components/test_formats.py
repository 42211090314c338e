from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from valeo.core.components import formats

NBSP = "\u00a0"
MINUS = "\u2212"


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (Decimal("1234.56"), f"1.234,56{NBSP}€", "€1,234.56"),
        (Decimal("-0.005"), f"{MINUS}0,01{NBSP}€", f"{MINUS}€0.01"),
        (Decimal("-0.004"), f"0,00{NBSP}€", "€0.00"),
        (Decimal("2.345"), f"2,35{NBSP}€", "€2.35"),
        (0, f"0,00{NBSP}€", "€0.00"),
        (None, "", ""),
        ("", "", ""),
    ],
)
def test_money_in_both_languages(value: Decimal | None, german: str, english: str) -> None:
    assert formats.money(value, language="de") == german
    assert formats.money(value, language="en") == english


def test_money_with_a_currency_that_has_no_sign() -> None:
    assert formats.money(Decimal(5), "CHF", language="en") == f"CHF{NBSP}5.00"
    assert formats.money(Decimal(5), "CHF", language="de") == f"5,00{NBSP}CHF"


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Decimal("27.500000"), None, "27,5"),
        (Decimal("27.500000"), 3, "27,500"),
        (Decimal(1000000), None, "1.000.000"),
        (Decimal("1E+3"), None, "1.000"),
        (Decimal("0.0000005"), None, "0,000001"),
    ],
)
def test_quantity(value: Decimal, decimals: int | None, shown: str) -> None:
    assert formats.quantity(value, decimals, language="de") == shown


def test_price_keeps_what_it_needs() -> None:
    assert formats.price(Decimal(375), language="de") == "375,00"
    assert formats.price(Decimal("0.123456789"), language="en") == "0.123456789"


def test_percent_and_share() -> None:
    assert formats.percent(Decimal("19.00"), language="de") == f"19{NBSP}%"
    assert formats.percent(Decimal("10.4"), language="en") == "10.4%"
    assert formats.share(Decimal("0.625"), language="de") == f"63{NBSP}%"
    assert formats.share(None) == ""


def test_a_day_and_a_moment_follow_language_and_time_zone() -> None:
    late = dt.datetime(2020, 11, 24, 23, 30, tzinfo=dt.UTC)  # long past: never "today"
    with timezone.override("Europe/Berlin"):
        assert formats.day(late, language="de") == "25.11.2020"
        assert formats.clock(late) == "00:30"
        assert formats.moment(late, language="en") == "25 Nov 2020 00:30"
        with translation.override("en"):
            assert formats.moment(timezone.now()).startswith("today ")
    assert formats.day(dt.date(2026, 11, 4), language="de") == "04.11.2026"
    assert formats.day_month(dt.date(2026, 11, 4), language="de") == "04.11."


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Jens Brodersen", "JB"), ("Hof", "HO"), ("", "?"), (None, "?"), ("j.brodersen", "JB")],
)
def test_initials(name: str | None, letters: str) -> None:
    assert formats.initials(name) == letters
