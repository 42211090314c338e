"""Payment terms: due dates, shares to the cent, cash discount. No database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from masterdata.kinds import SkontoBase
from masterdata.rounding import split_amount
from masterdata.terms import TermPart, describe, due_date, split

D = Decimal


@pytest.mark.parametrize(
    ("part", "start", "due"),
    [
        (TermPart(days=30), date(2026, 11, 24), date(2026, 12, 24)),
        (TermPart(), date(2026, 11, 24), date(2026, 11, 24)),
        (TermPart(end_of_month=True), date(2026, 2, 10), date(2026, 2, 28)),
        (TermPart(end_of_month=True, days=14), date(2026, 2, 10), date(2026, 3, 14)),
        (TermPart(end_of_month=True, months=1), date(2026, 2, 10), date(2026, 3, 31)),
        (TermPart(months=1), date(2027, 1, 31), date(2027, 2, 28)),
        (TermPart(months=12), date(2028, 2, 29), date(2029, 2, 28)),
        (TermPart(fixed_day=15), date(2026, 11, 15), date(2026, 11, 15)),
        (TermPart(fixed_day=15), date(2026, 11, 16), date(2026, 12, 15)),
        (TermPart(fixed_day=31), date(2026, 11, 5), date(2026, 11, 30)),
        (TermPart(days=30, fixed_day=10), date(2026, 12, 1), date(2027, 1, 10)),
        (TermPart(fixed_day=5), date(2026, 12, 6), date(2027, 1, 5)),
    ],
)
def test_due_dates(part: TermPart, start: date, due: date) -> None:
    assert due_date(part, start) == due


def test_skonto_is_taken_of_the_gross_total() -> None:
    (part,) = split(
        D("1190.00"), [TermPart(days=30, skonto_days=14, skonto_percent=D(2))], date(2026, 11, 24)
    )
    assert (part.amount, part.skonto_amount, part.skonto_until) == (
        D("1190.00"),
        D("23.80"),
        date(2026, 12, 8),
    )


def test_lines_without_skonto_are_left_out() -> None:
    terms = [TermPart(days=30, skonto_days=14, skonto_percent=D(2))]
    (part,) = split(D("1190.00"), terms, date(2026, 11, 24), discountable_gross=D("595.00"))
    assert (part.skonto_base_amount, part.skonto_amount) == (D("595.00"), D("11.90"))


def test_skonto_on_the_net_amount() -> None:
    terms = [TermPart(days=30, skonto_days=10, skonto_percent=D(3), skonto_base=SkontoBase.NET)]
    (part,) = split(
        D("119.00"), terms, date(2026, 11, 24), discountable_gross=D("119.00"), discountable_net=D("100.00")
    )
    assert part.skonto_amount == D("3.00")


def test_skonto_never_ends_after_the_due_date() -> None:
    (part,) = split(D(100), [TermPart(days=5, skonto_days=14, skonto_percent=D(2))], date(2026, 11, 24))
    assert part.skonto_until == part.due == date(2026, 11, 29)


def test_half_cents_of_skonto_round_away_from_zero() -> None:
    terms = [TermPart(skonto_percent=D("2.5"))]
    assert split(D("5.00"), terms, date(2026, 1, 1))[0].skonto_amount == D("0.13")
    assert split(D("-5.00"), terms, date(2026, 1, 1))[0].skonto_amount == D("-0.13")


def test_three_thirds_lose_no_cent() -> None:
    parts = [
        TermPart(n, share, days=30 * n) for n, share in ((1, D("33.333")), (2, D("33.333")), (3, D("33.334")))
    ]
    amounts = [part.amount for part in split(D("100.00"), parts, date(2026, 11, 24))]
    assert sum(amounts) == D("100.00")
    assert amounts == [D("33.33"), D("33.33"), D("33.34")]


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    st.lists(st.decimals(min_value="0.001", max_value=100, places=3), min_size=1, max_size=7),
)
def test_a_split_adds_up_and_no_part_is_a_cent_off(total: Decimal, shares: list[Decimal]) -> None:
    parts = split_amount(total, shares)
    assert sum(parts) == total
    whole = sum(shares)
    assert all(
        abs(part - total * share / whole) < D("0.01") for part, share in zip(parts, shares, strict=True)
    )


def test_a_split_without_shares_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        split(D(1), [], date(2026, 1, 1))


def test_terms_in_words() -> None:
    terms = [
        TermPart(1, D(50), skonto_days=8, skonto_percent=D("2.5"), days=10),
        TermPart(2, D(50), months=1),
    ]
    with translation.override("en"):
        assert describe([TermPart()]) == "payable immediately, net"
        assert describe(terms) == "50 %: 8 days with 2.5 % cash discount, 10 days net; 50 %: 1 month"
    with translation.override("de"):
        assert "2,5" in describe(terms)


@pytest.mark.parametrize(
    ("part", "german", "english"),
    [
        (TermPart(end_of_month=True), "zahlbar zum Monatsende, netto", "payable at the end of the month, net"),
        (TermPart(end_of_month=True, days=10), "10 Tage netto ab Monatsende", "10 days net from the end of the month"),
        (TermPart(end_of_month=True, months=1), "1 Monat ab Monatsende", "1 month from the end of the month"),
    ],
)  # fmt: skip
def test_what_is_due_on_the_last_day_of_the_month_says_so(part: TermPart, german: str, english: str) -> None:
    with translation.override("de"):
        assert describe([part]) == german
    with translation.override("en"):
        assert describe([part]) == english
