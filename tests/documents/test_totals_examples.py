"""Documents worked by hand."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal

import pytest

from documents.totals import (
    DocumentAllowance,
    DocumentInput,
    InvalidFigures,
    LineAllowance,
    LineInput,
    PriceMode,
    Totals,
    compute,
    problems_of,
)

D = Decimal


def line(key: str, quantity: str, price: str, rate: str = "19", *allowances: LineAllowance) -> LineInput:
    return LineInput(key, D(quantity), D(price), "S", D(rate), allowances=allowances)


def percent(value: str, *, lines: frozenset[Hashable] | None = None) -> DocumentAllowance:
    return DocumentAllowance("discount", charge=False, percent=D(value), lines=lines)


def freight(value: str) -> DocumentAllowance:
    return DocumentAllowance("freight", charge=True, amount=D(value))


def groups(totals: Totals) -> list[tuple[str, str, str, str]]:
    return [(f"{g.category} {g.rate}", str(g.net), str(g.tax), str(g.gross)) for g in totals.groups]


def rows(totals: Totals) -> list[tuple[Hashable, str, str | None, str]]:
    return [
        (r.source_key, str(r.rate), None if r.base is None else str(r.base), str(r.amount))
        for r in totals.allowances
    ]


def test_three_percent_over_goods_at_7_and_19_plus_freight() -> None:
    goods = (line("wheat", "12.5", "245.00", "7"), line("buckets", "8", "37.45", "19"))
    totals = compute(DocumentInput(goods, (percent("3"), freight("85.00"))))

    assert [str(item.net) for item in totals.lines] == ["3062.50", "299.60"]
    # 3 % of 3062.50 is 91.875.  The freight is no part of the base; 85 x 3062.50 / 3362.10 = 77.4256.
    assert rows(totals) == [
        ("discount", "19", "299.60", "8.99"),
        ("discount", "7", "3062.50", "91.88"),
        ("freight", "19", None, "7.57"),
        ("freight", "7", None, "77.43"),
    ]
    assert groups(totals) == [
        ("S 19", "298.18", "56.65", "354.83"),
        ("S 7", "3048.05", "213.36", "3261.41"),
    ]
    assert (totals.line_total, totals.allowance_total, totals.charge_total) == (
        D("3362.10"),
        D("100.87"),
        D("85.00"),
    )
    assert (totals.net, totals.tax, totals.gross) == (D("3346.23"), D("270.01"), D("3616.24"))
    assert totals.payable == totals.gross


def test_sacks_priced_by_the_tonne() -> None:
    sacks = LineInput("sacks", D("1.0"), D("375.00"), "S", D(7))
    by_100_kg = LineInput("kg", D(925), D("37.50"), "S", D(7), price_base=D(100))
    totals = compute(DocumentInput((sacks, by_100_kg)))
    assert [str(item.net) for item in totals.lines] == ["375.00", "346.88"]
    assert groups(totals) == [("S 7", "721.88", "50.53", "772.41")]


@pytest.mark.parametrize(
    ("quantity", "price", "net", "gross"),
    [
        ("9", "12.90", "113.20", "134.71"),  # 116.10 - 2.9025
        ("10", "11.95", "116.51", "138.65"),  # from 10: 119.50 - 2.9875
        ("50", "10.49", "511.39", "608.55"),  # from 50: 524.50 - 13.1125
    ],
)
def test_quantity_breaks_with_a_line_discount(quantity: str, price: str, net: str, gross: str) -> None:
    totals = compute(
        DocumentInput((line("1", quantity, price, "19", LineAllowance(charge=False, percent=D("2.5"))),))
    )
    assert (str(totals.net), str(totals.gross)) == (net, gross)


def test_partial_invoices_carry_the_percent_with_the_lines_of_its_order() -> None:
    of_order = frozenset({"a", "b"})
    order = compute(
        DocumentInput((line("a", "20", "245.00", "7"), line("b", "8", "37.45", "19")), (percent("3"),))
    )
    assert order.allowance_total == D("155.99")  # 147.00 + 8.988

    # The first invoice also bills a line of another order; the freight goes with it, once.
    first = compute(
        DocumentInput(
            (line("a", "12", "245.00", "7"), line("other", "10", "12.00", "19")),
            (percent("3", lines=of_order), freight("85.00")),
        )
    )
    assert rows(first) == [
        ("discount", "7", "2940.00", "88.20"),
        ("freight", "19", None, "3.33"),
        ("freight", "7", None, "81.67"),
    ]
    assert groups(first) == [
        ("S 19", "123.33", "23.43", "146.76"),
        ("S 7", "2933.47", "205.34", "3138.81"),
    ]

    second = compute(
        DocumentInput(
            (line("a", "8", "245.00", "7"), line("b", "4", "37.45", "19")), (percent("3", lines=of_order),)
        )
    )
    assert rows(second) == [("discount", "19", "149.80", "4.49"), ("discount", "7", "1960.00", "58.80")]
    assert groups(second) == [
        ("S 19", "145.31", "27.61", "172.92"),
        ("S 7", "1901.20", "133.08", "2034.28"),
    ]

    third = compute(DocumentInput((line("b", "4", "37.45", "19"),), (percent("3", lines=of_order),)))
    assert third.allowance_total == D("4.49")

    unrelated = compute(DocumentInput((line("other", "1", "10.00"),), (percent("3", lines=of_order),)))
    assert unrelated.allowances == ()
    assert unrelated.unplaced == ()


def test_gross_prices_keep_the_customers_total() -> None:
    goods = (
        line("milk", "3", "1.99", "7"),
        line("bread", "2", "0.99", "7"),
        line("gloves", "1", "9.99", "19"),
    )
    totals = compute(DocumentInput(goods, (percent("10"),), PriceMode.GROSS))

    assert [str(item.total) for item in totals.lines] == ["5.97", "1.98", "9.99"]
    assert rows(totals) == [("discount", "19", "9.99", "1.00"), ("discount", "7", "7.95", "0.80")]
    # 7.15 / 1.07 = 6.6822; 8.99 / 1.19 = 7.5546
    assert groups(totals) == [("S 19", "7.55", "1.44", "8.99"), ("S 7", "6.68", "0.47", "7.15")]
    # 5.5794 and 1.8505 less 0.7477 make 6.68; 8.3950 less 0.8403 make 7.55.
    assert [str(item.net) for item in totals.lines] == ["5.58", "1.85", "8.39"]
    assert [str(row.net) for row in totals.allowances] == ["0.84", "0.75"]
    assert (totals.net, totals.tax, totals.gross) == (D("14.23"), D("1.91"), D("16.14"))
    assert totals.gross == totals.shown_line_total - totals.shown_allowance_total + totals.shown_charge_total
    assert (totals.shown_line_total, totals.shown_allowance_total) == (D("17.94"), D("1.80"))


def test_gross_line_with_allowance_and_charge_adds_up_without_vat_too() -> None:
    item = line(
        "1",
        "3",
        "9.99",
        "19",
        LineAllowance(charge=False, percent=D(10)),
        LineAllowance(charge=True, amount=D("1.50")),
    )
    (result,) = compute(DocumentInput((item,), price_mode=PriceMode.GROSS)).lines
    assert (result.gross, result.allowance_amounts, result.charge_amounts) == (
        D("29.97"),
        (D("3.00"),),
        (D("1.50"),),
    )
    assert (result.total, result.net) == (D("28.47"), D("23.92"))
    # 25.1849 - 2.5210 + 1.2605
    assert (result.net_gross, result.net_allowance_amounts, result.net_charge_amounts) == (
        D("25.18"),
        (D("2.52"),),
        (D("1.26"),),
    )


def test_line_allowances_take_the_line_gross_or_the_base_as_stated() -> None:
    item = line(
        "1",
        "10",
        "20.00",
        "19",
        LineAllowance(charge=False, percent=D(10)),
        LineAllowance(charge=False, percent=D(10), base=D("150.00")),
        LineAllowance(charge=True, amount=D("2.50")),
        LineAllowance(charge=True, percent=D(1), amount=D("99.00")),
    )
    (result,) = compute(DocumentInput((item,))).lines
    assert result.allowance_amounts == (D("20.00"), D("15.00"))
    assert result.charge_amounts == (D("2.50"), D("2.00"))
    assert result.net == D("169.50")


def test_charge_lines_are_outside_the_percent_and_inside_the_weights_of_an_amount() -> None:
    lines = (
        line("goods", "1", "100.00", "7"),
        LineInput("toll", D(1), D("50.00"), "S", D(19), is_charge=True),
    )
    totals = compute(DocumentInput(lines, (percent("10"), freight("15.00"))))
    assert rows(totals) == [
        ("discount", "7", "100.00", "10.00"),
        ("freight", "19", None, "5.00"),
        ("freight", "7", None, "10.00"),
    ]
    at_19 = DocumentAllowance("at 19", charge=False, percent=D(10), category="S", rate=D(19))
    assert rows(compute(DocumentInput(lines, (at_19,)))) == [("at 19", "19", "0.00", "0.00")]


def test_an_amount_that_can_not_be_halved_goes_to_the_higher_rate() -> None:
    lines = (line("low", "1", "10.00", "7"), line("high", "1", "10.00", "19"))
    assert rows(compute(DocumentInput(lines, (freight("0.01"),)))) == [("freight", "19", None, "0.01")]
    assert rows(compute(DocumentInput(lines, (freight("10.01"),)))) == [
        ("freight", "19", None, "5.01"),
        ("freight", "7", None, "5.00"),
    ]
    free = (line("low", "1", "0", "7"), line("high", "1", "0", "19"))
    assert rows(compute(DocumentInput(free, (freight("10.00"),)))) == [("freight", "19", None, "10.00")]
    assert rows(compute(DocumentInput(lines, (freight("0"),)))) == [("freight", "19", None, "0.00")]


def test_an_allowance_with_a_tax_group_is_one_row_there() -> None:
    lines = (line("low", "1", "100.00", "7"), line("high", "1", "50.00", "19"))
    allowances = (
        DocumentAllowance("amount", charge=True, amount=D("9.00"), category="Z", rate=D(0)),
        DocumentAllowance("own base", charge=False, percent=D(2), category="S", rate=D("7.00")),
        DocumentAllowance(
            "stated base", charge=False, percent=D(2), base=D("80.00"), category="S", rate=D(7)
        ),
        DocumentAllowance("no lines", charge=False, percent=D(2), category="E", rate=D(0)),
    )
    totals = compute(DocumentInput(lines, allowances))
    assert rows(totals) == [
        ("amount", "0", None, "9.00"),
        ("own base", "7", "100.00", "2.00"),
        ("stated base", "7", "80.00", "1.60"),
        ("no lines", "0", "0.00", "0.00"),
    ]
    assert groups(totals) == [
        ("S 19", "50.00", "9.50", "59.50"),
        ("S 7", "96.40", "6.75", "103.15"),
        ("E 0", "0.00", "0.00", "0.00"),
        ("Z 0", "9.00", "0.00", "9.00"),
    ]


def test_returns_are_the_invoice_with_the_other_sign() -> None:
    back = compute(DocumentInput((line("1", "-3", "9.99"), line("2", "-1", "0.50", "7")), (percent("3"),)))
    assert groups(back) == [("S 19", "-29.07", "-5.52", "-34.59"), ("S 7", "-0.48", "-0.03", "-0.51")]
    assert back.allowance_total == D("-0.92")


def test_rates_written_differently_are_one_group_and_zero_rates_carry_no_tax() -> None:
    lines = (
        line("1", "1", "10.00", "19"),
        line("2", "1", "5.00", "19.00"),
        line("3", "1", "1.00", "7.80"),
        LineInput("4", D(1), D("100.00"), "K", D("0.00")),
    )
    assert groups(compute(DocumentInput(lines))) == [
        ("S 19", "15.00", "2.85", "17.85"),
        ("S 7.8", "1.00", "0.08", "1.08"),
        ("K 0", "100.00", "0.00", "100.00"),
    ]
    assert groups(compute(DocumentInput((line("1", "1", "10.00", "20.0"),))))[0][0] == "S 20"


def test_text_lines_have_no_figures_and_no_group() -> None:
    text = LineInput("text", D("NaN"), D(5), "", D(-1), carries_amount=False)
    totals = compute(DocumentInput((text, line("1", "1", "10.00"))))
    assert (totals.lines[0].key, totals.lines[0].net, totals.lines[0].total) == ("text", D(0), D(0))
    assert groups(totals) == [("S 19", "10.00", "1.90", "11.90")]


def test_prepaid_and_rounding() -> None:
    totals = compute(DocumentInput((line("1", "1", "10.00"),), prepaid=D("5.00"), rounding=D("0.05")))
    assert (totals.gross, totals.payable) == (D("11.90"), D("6.95"))


def test_an_empty_document_is_zero() -> None:
    totals = compute(DocumentInput(()))
    assert (totals.groups, str(totals.net), str(totals.payable)) == ((), "0.00", "0.00")


def test_an_amount_without_any_group_is_named_and_not_lost() -> None:
    totals = compute(DocumentInput((), (freight("5.00"), percent("3"))))
    assert totals.unplaced == ("freight",)
    assert totals.gross == 0


def test_refuses_with_all_problems_at_once() -> None:
    lines = (
        LineInput("1", D("NaN"), D("1E+18"), "S", D(-1), price_base=D(0)),
        LineInput("1", D(1), D(1), "S", D(19), allowances=(LineAllowance(charge=False),)),
    )
    allowances = (
        DocumentAllowance("a", charge=False),
        DocumentAllowance("b", charge=False, percent=D(3), base=D(100)),
        DocumentAllowance("c", charge=True, amount=D("Infinity"), category="S"),
        DocumentAllowance("d", charge=True, amount=D(1), rate=D(19)),
    )
    document = DocumentInput(lines, allowances, prepaid=D("1E-40"))
    with pytest.raises(InvalidFigures) as caught:
        compute(document)
    assert caught.value.problems == problems_of(document)
    assert {(p.key, p.field, p.code) for p in caught.value.problems} == {
        (None, "prepaid", "too_precise"),
        ("1", "line", "repeated"),
        ("1", "price_quantity", "not_finite"),
        ("1", "price", "too_large"),
        ("1", "price_base", "not_positive"),
        ("1", "rate", "negative"),
        ("1", "amount", "missing"),
        ("a", "amount", "missing"),
        ("b", "base", "needs_group"),
        ("c", "amount", "not_finite"),
        ("c", "rate", "missing"),
        ("d", "category", "missing"),
    }


def test_a_result_beyond_a_column_is_refused_with_its_line() -> None:
    with pytest.raises(InvalidFigures) as caught:
        compute(DocumentInput((line("1", "1", "1"), line("2", "99999999999", "99999999"))))
    assert [(p.key, p.field, p.code) for p in caught.value.problems] == [("2", "line", "too_large")]
    largest = line("1", "1", "9999999999999999.99", "0")
    assert compute(DocumentInput((largest,))).payable == D("9999999999999999.99")
    with pytest.raises(InvalidFigures, match="too_large"):
        compute(DocumentInput((largest, line("2", "1", "0.01", "0"))))


@pytest.mark.parametrize("sign", ["", "-"])
def test_the_odd_cent_inside_gross_prices_goes_to_the_larger_line_whatever_the_order(sign: str) -> None:
    # At 20 % the nets are 2.5 and 7.5 cents of 10.
    lines = (line("small", f"{sign}1", "0.03", "20"), line("large", f"{sign}1", "0.09", "20"))
    for order in (lines, lines[::-1]):
        totals = compute(DocumentInput(order, price_mode=PriceMode.GROSS))
        assert {item.key: str(item.net) for item in totals.lines} == {
            "small": f"{sign}0.02",
            "large": f"{sign}0.08",
        }


def test_an_exchange_that_sums_to_nothing_is_mirrored_too() -> None:
    # At 20 % the nets are 2.5, 2.5 and -5 cents of 0.
    def nets(*prices: tuple[str, str]) -> list[Decimal]:
        lines = tuple(line(str(key), quantity, price, "20") for key, (quantity, price) in enumerate(prices))
        return [item.net for item in compute(DocumentInput(lines, price_mode=PriceMode.GROSS)).lines]

    there = nets(("1", "0.03"), ("1", "0.03"), ("-1", "0.06"))
    back = nets(("-1", "0.03"), ("-1", "0.03"), ("1", "0.06"))
    assert sum(there) == 0
    assert there[2] == D("-0.05")
    assert back == [-net for net in there]
