"""Rounding, percentages and splitting by hand, and what is refused."""

from __future__ import annotations

from decimal import ROUND_DOWN, Context, Decimal, localcontext
from typing import cast

import pytest

from documents.totals import (
    InvalidFigures,
    largest_remainder,
    line_amount,
    net_amount,
    percent_of,
    round2,
    split,
    unit_net_price,
)


def _decimals(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("0.0049999999999999999999999999", "0.00"),
        ("2.675", "2.68"),
        ("-2.675", "-2.68"),
        ("1.125", "1.13"),
        ("1E+3", "1000.00"),
        ("9999999999999999.994", "9999999999999999.99"),
    ],
)
def test_rounds_half_away_from_zero(value: str, rounded: str) -> None:
    assert str(round2(Decimal(value))) == rounded


def test_there_is_no_negative_zero() -> None:
    assert str(round2(Decimal("-0.004"))) == "0.00"
    assert str(percent_of(Decimal("-0.10"), Decimal(1))) == "0.00"
    assert [str(part) for part in largest_remainder(Decimal("-0.01"), _decimals("1", "1"))] == [
        "-0.01",
        "0.00",
    ]


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_refuses_what_is_no_number(value: str) -> None:
    with pytest.raises(InvalidFigures, match="not_finite"):
        round2(Decimal(value))


@pytest.mark.parametrize("value", ["1E+16", "-1E+16", "9999999999999999.995", "1E+999999"])
def test_refuses_what_no_column_holds(value: str) -> None:
    with pytest.raises(InvalidFigures, match="too_large"):
        round2(Decimal(value))


def test_refuses_absurd_decimals() -> None:
    with pytest.raises(InvalidFigures, match="too_precise"):
        round2(Decimal("1E-31"))


def test_refuses_a_float() -> None:
    with pytest.raises(TypeError, match="float"):
        round2(cast("Decimal", 0.1))


def test_invalid_figures_are_a_value_error_that_names_each_problem() -> None:
    with pytest.raises(ValueError, match="price_base: not_positive") as caught:
        line_amount(Decimal(1), Decimal(1), Decimal(0))
    assert isinstance(caught.value, InvalidFigures)
    assert [(p.code, p.field) for p in caught.value.problems] == [("not_positive", "price_base")]


@pytest.mark.parametrize(
    ("quantity", "price", "base", "amount"),
    [
        ("1.0", "375.00", "1", "375.00"),  # 40 sacks of 25 kg at 375.00 per 1 t
        ("0.925", "375.00", "1", "346.88"),  # 37 sacks: 346.875
        ("925", "37.50", "100", "346.88"),  # the same per 100 kg
        ("-0.925", "375.00", "1", "-346.88"),
        ("1", "1", "3", "0.33"),
        ("2", "1", "3", "0.67"),
        ("1", "0.005", "1", "0.01"),
        ("0", "375", "1", "0.00"),
        # Just below half a cent: a quotient cut to 28 digits would read 0.005 and round up.
        ("0.004999999999999999999999999999", "1", "1", "0.00"),
        ("0.014999999999999999999999999999", "1", "3", "0.00"),
        ("999999999999.999999", "9999.999999999", "1", "9999999999998999.99"),
        ("123456789012345678", "0.01", "1", "1234567890123456.78"),
    ],
)
def test_line_amount(quantity: str, price: str, base: str, amount: str) -> None:
    assert str(line_amount(Decimal(quantity), Decimal(price), Decimal(base))) == amount


def test_line_amount_beyond_a_column_is_refused() -> None:
    with pytest.raises(InvalidFigures, match="line: too_large"):
        line_amount(Decimal(999999999999), Decimal(99999))


@pytest.mark.parametrize(
    ("base", "percent", "amount"),
    [("3062.50", "3", "91.88"), ("299.60", "3", "8.99"), ("-3062.50", "3", "-91.88"), ("0.50", "1", "0.01")],
)
def test_percent_of(base: str, percent: str, amount: str) -> None:
    assert str(percent_of(Decimal(base), Decimal(percent))) == amount


def test_net_inside_a_gross_amount_and_price() -> None:
    assert net_amount(Decimal("119.00"), Decimal(19)) == Decimal("100.00")
    assert net_amount(Decimal("7.15"), Decimal(7)) == Decimal("6.68")
    assert net_amount(Decimal("5.00"), Decimal(0)) == Decimal("5.00")
    # 0.03 at 20 % is 2.5 cents.
    assert net_amount(Decimal("0.03"), Decimal(20)) == Decimal("0.03")
    assert net_amount(Decimal("-0.03"), Decimal(20)) == Decimal("-0.03")
    assert str(unit_net_price(Decimal("1.99"), Decimal(7))) == "1.859813084"
    with pytest.raises(InvalidFigures, match="rate: negative"):
        net_amount(Decimal(1), Decimal(-100))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("85.00", ("3062.50", "299.60"), ("77.43", "7.57")),
        ("0.01", ("1", "1"), ("0.01", "0.00")),  # a tie goes to the earlier
        ("-0.01", ("1", "1"), ("-0.01", "0.00")),
        ("1.00", ("1", "1", "1"), ("0.34", "0.33", "0.33")),
        ("0.02", ("1", "1", "4"), ("0.01", "0.00", "0.01")),  # 1/3, 1/3 and 4/3 cents: a tie of all three
        ("50.00", ("100", "-90"), ("26.32", "23.68")),  # not 500 and -450
        ("7.00", ("0", "0"), ("7.00", "0.00")),
        ("0.00", ("1", "2"), ("0.00", "0.00")),
        ("9999999999999999.99", ("1", "1"), ("5000000000000000.00", "4999999999999999.99")),
    ],
)
def test_largest_remainder(total: str, weights: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert largest_remainder(Decimal(total), _decimals(*weights)) == _decimals(*parts)


def test_largest_remainder_refuses_a_fraction_of_a_cent_and_no_weights() -> None:
    with pytest.raises(InvalidFigures, match="too_precise"):
        largest_remainder(Decimal("0.001"), _decimals("1"))
    with pytest.raises(InvalidFigures, match="weights: missing"):
        largest_remainder(Decimal("1.00"), ())


def test_split_into_equal_parts() -> None:
    assert split(Decimal("100.00"), 3) == _decimals("33.34", "33.33", "33.33")
    assert split(Decimal("-100.00"), 3) == _decimals("-33.34", "-33.33", "-33.33")
    with pytest.raises(InvalidFigures):
        split(Decimal("1.00"), 0)


def test_the_callers_decimal_context_changes_nothing() -> None:
    with localcontext(Context(prec=3, rounding=ROUND_DOWN)):
        results = (
            round2(Decimal("123456.785")),
            percent_of(Decimal("-123456.70"), Decimal("3.5")),
            line_amount(Decimal("-12345.678901"), Decimal("1.999999999"), Decimal(7)),
            net_amount(Decimal("-123456.78"), Decimal(19)),
            *largest_remainder(Decimal("-123456.78"), _decimals("7", "12345.67")),
        )
    assert results == _decimals("123456.79", "-4320.98", "-3527.34", "-103745.19", "-69.96", "-123386.82")
