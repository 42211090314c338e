"""A supplier's figures beside ours, and totals in the company's currency."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents.totals import (
    Difference,
    DocumentAllowance,
    DocumentInput,
    InvalidFigures,
    LineInput,
    StatedGroup,
    StatedTotals,
    Totals,
    compare,
    compute,
    convert,
    convert_amount,
)

D = Decimal


@pytest.fixture
def totals() -> Totals:
    lines = (LineInput("1", D(1), D("100.00"), "S", D(19)), LineInput("2", D(1), D("50.00"), "S", D(7)))
    freight = DocumentAllowance("freight", charge=True, amount=D("15.00"))
    return compute(DocumentInput(lines, (freight,), prepaid=D("20.00")))


def stated(*groups: tuple[str, str, str, str]) -> StatedTotals:
    return StatedTotals(groups=tuple(StatedGroup(c, D(r), D(n), D(t)) for c, r, n, t in groups))


def test_a_cent_per_group_is_tolerated_and_two_are_not(totals: Totals) -> None:
    # 110.00 and 20.90, 55.00 and 3.85
    assert compare(stated(("S", "19.00", "110.01", "20.89"), ("S", "7", "55.00", "3.85")), totals) == []
    assert compare(stated(("S", "19", "110.00", "20.92"), ("S", "7", "54.98", "3.85")), totals) == [
        Difference("tax", ("S", D(19)), D("20.92"), D("20.90")),
        Difference("net", ("S", D(7)), D("54.98"), D("55.00")),
    ]


def test_a_group_that_only_one_side_has_is_a_difference(totals: Totals) -> None:
    found = compare(stated(("S", "19", "110.00", "20.90"), ("E", "0", "55.00", "0.00")), totals)
    assert found == [
        Difference("net", ("S", D(7)), None, D("55.00")),
        Difference("tax", ("S", D(7)), None, D("3.85")),
        Difference("net", ("E", D(0)), D("55.00"), None),
    ]


def test_a_group_printed_in_two_rows_counts_as_their_sum(totals: Totals) -> None:
    rows = (("S", "19", "100.00", "19.00"), ("S", "19.0", "10.00", "1.90"), ("S", "7", "55.00", "3.85"))
    assert compare(stated(*rows), totals) == []


def test_header_sums_get_the_tolerance_once_per_group_and_only_what_is_stated_is_compared(
    totals: Totals,
) -> None:
    assert compare(StatedTotals(gross=D("189.77"), payable=D("169.73")), totals) == []
    assert compare(StatedTotals(gross=D("189.78"), charge_total=D("0.00")), totals) == [
        Difference("charge_total", None, D("0.00"), D("15.00")),
        Difference("gross", None, D("189.78"), D("189.75")),
    ]
    assert compare(StatedTotals(), totals, tolerance=D(0)) == []


def test_lines_and_allowances_are_named_by_their_key(totals: Totals) -> None:
    paper = StatedTotals(
        lines={"1": D("100.02"), "2": D("50.00")}, allowances={"freight": D("14.00"), "none": D(1)}
    )
    assert compare(paper, totals) == [
        Difference("line", None, D("100.02"), D("100.00"), "1"),
        Difference("allowance", None, D("14.00"), D("15.00"), "freight"),
        Difference("allowance", None, D(1), None, "none"),
    ]


def test_stated_nonsense_is_refused(totals: Totals) -> None:
    with pytest.raises(InvalidFigures, match="not_finite"):
        compare(StatedTotals(gross=D("NaN")), totals)
    with pytest.raises(InvalidFigures, match="not_finite"):
        compare(stated(("S", "19", "Infinity", "0")), totals)


def test_converts_by_a_rate_quoted_either_way() -> None:
    assert convert_amount(D("100.00"), D("0.9228")) == D("92.28")
    # 1 EUR = 1.0836 USD: 100 / 1.0836 = 92.2849
    assert convert_amount(D("100.00"), D(1), D("1.0836")) == D("92.28")
    assert convert_amount(D("-0.01"), D("0.5")) == D("-0.01")
    for rate, per in (("0", "1"), ("-1", "1"), ("1", "0")):
        with pytest.raises(InvalidFigures, match="not_positive"):
            convert_amount(D(1), D(rate), D(per))


def test_converted_groups_are_rounded_and_the_sums_made_of_them(totals: Totals) -> None:
    ours = convert(totals, D(1), D("1.0836"))
    # 110.00, 20.90, 55.00 and 3.85 divided by 1.0836 are 101.5135, 19.2875, 50.7567 and 3.5530.
    assert [(str(g.net), str(g.tax), str(g.gross)) for g in ours.groups] == [
        ("101.51", "19.29", "120.80"),
        ("50.76", "3.55", "54.31"),
    ]
    # 92.2850 and 9.2285 make 101.51; 46.1425 and 4.6142 make 50.76.
    assert ours.line_nets == {"1": D("92.28"), "2": D("46.14")}
    assert ours.allowance_nets == (D("9.23"), D("4.62"))
    assert (ours.line_total, ours.charge_total) == (D("138.42"), D("13.85"))
    assert (ours.net, ours.tax, ours.gross) == (D("152.27"), D("22.84"), D("175.11"))


def test_a_fully_prepaid_document_stays_paid_in_the_other_currency() -> None:
    lines = tuple(LineInput(rate, D(1), D("1.00"), "S", D(rate)) for rate in ("0", "1", "2", "3"))
    gross = compute(DocumentInput(lines)).gross
    paid = compute(DocumentInput(lines, prepaid=gross))
    ours = convert(paid, D("0.5049"))
    # Four times 0.50 for 1.00 where the sum of 4.06 would give 2.05.
    assert ours.payable == 0
    assert ours.prepaid == ours.gross
    assert ours.gross != convert_amount(gross, D("0.5049"))


def test_without_a_prepayment_the_converted_gross_is_payable() -> None:
    lines = tuple(LineInput(rate, D(1), D("1.00"), "S", D(rate)) for rate in ("0", "1", "2", "3"))
    open_paper = compute(DocumentInput(lines, rounding=D("-0.06")))
    ours = convert(open_paper, D("0.5049"))
    assert (ours.prepaid, ours.rounding) == (D(0), D("-0.03"))
    assert ours.payable == ours.gross - D("0.03")
    assert ours.payable != convert_amount(open_paper.payable, D("0.5049"))


def test_rate_one_changes_nothing(totals: Totals) -> None:
    ours = convert(totals, D(1))
    assert ours.groups == totals.groups
    assert ours.line_nets == {line.key: line.net for line in totals.lines}
    assert ours.allowance_nets == tuple(row.net for row in totals.allowances)
    assert (ours.gross, ours.prepaid, ours.payable) == (totals.gross, totals.prepaid, totals.payable)
