"""What holds for every document, whatever its figures (EN 16931 BR-CO-10 to BR-CO-17, BR-S-08)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from documents.totals import (
    DocumentAllowance,
    DocumentInput,
    LineAllowance,
    LineInput,
    PriceMode,
    StatedGroup,
    StatedTotals,
    Totals,
    compare,
    compute,
    convert,
    largest_remainder,
    percent_of,
    split,
)

CENT = Decimal("0.01")
CODES = [("S", "19"), ("S", "7"), ("S", "7.8"), ("S", "20"), ("S", "25"), ("E", "0"), ("K", "0")]


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), places=places)


quantities = decimals("-9999", "9999", 3)
prices = decimals("0", "9999", 4)
amounts = decimals("0", "999", 2)
signed_amounts = decimals("-999", "999", 2)
percents = decimals("0", "100", 2)
modes = st.sampled_from(PriceMode)
codes = st.sampled_from(CODES).map(lambda code: (code[0], Decimal(code[1])))


@st.composite
def line_allowances(draw: st.DrawFn) -> LineAllowance:
    if draw(st.booleans()):
        return LineAllowance(draw(st.booleans()), amount=draw(signed_amounts))
    return LineAllowance(draw(st.booleans()), draw(percents), draw(st.none() | signed_amounts))


@st.composite
def lines(draw: st.DrawFn) -> tuple[LineInput, ...]:
    def line(key: int) -> LineInput:
        category, rate = draw(codes)
        return LineInput(
            key,
            draw(quantities),
            draw(prices),
            category,
            rate,
            price_base=draw(st.sampled_from([Decimal(1), Decimal(100), Decimal(7)])),
            allowances=tuple(draw(st.lists(line_allowances(), max_size=2))),
            carries_amount=draw(st.integers(0, 9)) > 0,
            is_charge=draw(st.integers(0, 9)) == 0,
        )

    return tuple(line(key) for key in range(draw(st.integers(0, 7))))


@st.composite
def allowances(draw: st.DrawFn) -> tuple[DocumentAllowance, ...]:
    def allowance(key: int) -> DocumentAllowance:
        category, rate = draw(st.just((None, None)) | codes)
        percent = draw(st.none() | percents)
        return DocumentAllowance(
            key,
            draw(st.booleans()),
            percent=percent,
            amount=draw(signed_amounts) if percent is None else None,
            base=draw(st.none() | signed_amounts) if percent is not None and category else None,
            category=category,
            rate=rate,
            lines=draw(st.none() | st.frozensets(st.integers(0, 6))),
        )

    return tuple(allowance(key) for key in range(draw(st.integers(0, 3))))


documents = st.builds(
    DocumentInput,
    lines=lines(),
    allowances=allowances(),
    price_mode=modes,
    prepaid=signed_amounts,
    rounding=decimals("-0.05", "0.05", 2),
)


def rounded(value: Fraction) -> Decimal:
    """Half away from zero, by another road than the calculator's."""
    cents = floor(abs(value) * 100 + Fraction(1, 2))
    return Decimal(cents if value > 0 else -cents) / 100


def members(totals: Totals, category: str, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Net and shown sum of a group's lines and rows."""
    own_lines = [line for line in totals.lines if (line.category, line.rate) == (category, rate)]
    own_rows = [row for row in totals.allowances if (row.category, row.rate) == (category, rate)]
    sign = {True: 1, False: -1}
    return (
        sum((line.net for line in own_lines), Decimal(0))
        + sum(sign[row.charge] * row.net for row in own_rows),
        sum((line.total for line in own_lines), Decimal(0))
        + sum(sign[row.charge] * row.amount for row in own_rows),
    )


@given(documents)
def test_sums_are_exact(document: DocumentInput) -> None:
    totals = compute(document)
    rows = totals.allowances
    assert totals.line_total == sum(line.net for line in totals.lines)  # BR-CO-10
    assert totals.allowance_total == sum(row.net for row in rows if not row.charge)  # BR-CO-11
    assert totals.charge_total == sum(row.net for row in rows if row.charge)  # BR-CO-12
    assert totals.net == totals.line_total - totals.allowance_total + totals.charge_total  # BR-CO-13
    assert totals.tax == sum(group.tax for group in totals.groups)  # BR-CO-14
    assert totals.gross == totals.net + totals.tax  # BR-CO-15
    assert totals.payable == totals.gross - totals.prepaid + totals.rounding  # BR-CO-16
    assert totals.net == sum(group.net for group in totals.groups)
    assert totals.gross == sum(group.gross for group in totals.groups)
    for group in totals.groups:  # BR-S-08
        assert members(totals, group.category, group.rate)[0] == group.net
        assert group.gross == group.net + group.tax


@given(documents)
def test_every_figure_has_two_decimals_and_no_negative_zero(document: DocumentInput) -> None:
    totals = compute(document)
    figures = [
        totals.net,
        totals.tax,
        totals.gross,
        totals.payable,
        totals.line_total,
        totals.allowance_total,
    ]
    for line in totals.lines:
        figures += [line.gross, line.total, line.net, line.net_gross]
        figures += [*line.allowance_amounts, *line.charge_amounts]
        figures += [*line.net_allowance_amounts, *line.net_charge_amounts]
    for row in totals.allowances:
        figures += [row.amount, row.net]
    for group in totals.groups:
        figures += [group.net, group.tax, group.gross]
    assert all(figure.as_tuple().exponent == -2 for figure in figures)
    assert not any(figure.is_zero() and figure.is_signed() for figure in figures)


@given(documents)
def test_net_mode_follows_the_rule_to_the_cent(document: DocumentInput) -> None:
    totals = compute(replace(document, price_mode=PriceMode.NET))
    for source, line in zip(document.lines, totals.lines, strict=True):
        if source.carries_amount:
            exact = Fraction(source.price_quantity) * Fraction(source.price) / Fraction(source.price_base)
            assert line.gross == rounded(exact)
        assert line.net == line.gross - sum(line.allowance_amounts) + sum(line.charge_amounts)
        assert (line.net, line.gross) == (line.total, line.net_gross)
    for group in totals.groups:  # BR-CO-17
        assert group.tax == rounded(Fraction(group.net) * Fraction(group.rate) / 100)


@given(documents)
def test_gross_mode_never_moves_the_customers_total(document: DocumentInput) -> None:
    totals = compute(replace(document, price_mode=PriceMode.GROSS))
    as_net = compute(replace(document, price_mode=PriceMode.NET))
    assert totals.gross == as_net.net  # the same entries, read as amounts with VAT
    assert totals.gross == totals.shown_line_total - totals.shown_allowance_total + totals.shown_charge_total
    for group in totals.groups:
        assert members(totals, group.category, group.rate)[1] == group.gross
        assert group.net == rounded(Fraction(group.gross) / (1 + Fraction(group.rate) / 100))
        assert abs(group.tax - percent_of(group.net, group.rate)) <= CENT


@given(documents)
def test_gross_mode_keeps_every_net_within_a_cent_and_every_line_adding_up(document: DocumentInput) -> None:
    totals = compute(replace(document, price_mode=PriceMode.GROSS))
    for line in totals.lines:
        assert abs(Fraction(line.net) - Fraction(line.total) / (1 + Fraction(line.rate) / 100)) < Fraction(
            1, 100
        )
        assert line.net == line.net_gross - sum(line.net_allowance_amounts) + sum(line.net_charge_amounts)
    for row in totals.allowances:
        assert abs(Fraction(row.net) - Fraction(row.amount) / (1 + Fraction(row.rate) / 100)) < Fraction(
            1, 100
        )


@given(documents, st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(document: DocumentInput, random: object) -> None:
    shuffled_lines, shuffled_allowances = list(document.lines), list(document.allowances)
    random.shuffle(shuffled_lines)  # type: ignore[attr-defined]
    random.shuffle(shuffled_allowances)  # type: ignore[attr-defined]
    one = compute(document)
    other = compute(replace(document, lines=tuple(shuffled_lines), allowances=tuple(shuffled_allowances)))
    assert other.groups == one.groups
    assert (other.line_total, other.payable) == (one.line_total, one.payable)
    assert {line.key: (line.gross, line.total) for line in other.lines} == {
        line.key: (line.gross, line.total) for line in one.lines
    }
    # Among equal lines the earlier takes the odd cent, so only the bag of nets is the same.
    assert Counter((li.total, li.net, li.rate) for li in other.lines) == Counter(
        (li.total, li.net, li.rate) for li in one.lines
    )
    assert Counter((row.source_key, row.rate, row.amount) for row in other.allowances) == Counter(
        (row.source_key, row.rate, row.amount) for row in one.allowances
    )


def negated(document: DocumentInput) -> DocumentInput:
    def minus(value: Decimal | None) -> Decimal | None:
        return None if value is None else -value

    return replace(
        document,
        lines=tuple(
            replace(
                line,
                price_quantity=-line.price_quantity,
                allowances=tuple(
                    replace(a, base=minus(a.base), amount=minus(a.amount)) for a in line.allowances
                ),
            )
            for line in document.lines
        ),
        allowances=tuple(replace(a, base=minus(a.base), amount=minus(a.amount)) for a in document.allowances),
        prepaid=-document.prepaid,
        rounding=-document.rounding,
    )


@given(documents)
def test_a_storno_mirrors_its_invoice_in_every_cent(document: DocumentInput) -> None:
    invoice, storno = compute(document), compute(negated(document))
    assert [-line.net for line in storno.lines] == [line.net for line in invoice.lines]
    assert [(-row.amount, -row.net) for row in storno.allowances] == [
        (row.amount, row.net) for row in invoice.allowances
    ]
    assert [(-g.net, -g.tax, -g.gross) for g in storno.groups] == [
        (g.net, g.tax, g.gross) for g in invoice.groups
    ]
    assert -storno.payable == invoice.payable


@given(st.lists(st.tuples(st.integers(-99, 99), decimals("0", "999", 2), codes), max_size=6), amounts)
def test_twice_the_goods_are_twice_the_money(
    goods: list[tuple[int, Decimal, tuple[str, Decimal]]], freight: Decimal
) -> None:
    def document(times: int) -> DocumentInput:
        items = tuple(
            LineInput(key, Decimal(times * number), price, category, rate)
            for key, (number, price, (category, rate)) in enumerate(goods)
        )
        fee = DocumentAllowance(
            "freight", charge=True, amount=freight * times, category="S", rate=Decimal(19)
        )
        return DocumentInput(items, (fee,))

    once, twice = compute(document(1)), compute(document(2))
    assert twice.net == 2 * once.net
    for small, large in zip(once.groups, twice.groups, strict=True):
        assert large.net == 2 * small.net
        assert abs(large.tax - 2 * small.tax) <= CENT


@given(documents)
def test_the_callers_decimal_context_changes_nothing(document: DocumentInput) -> None:
    expected = compute(document)
    shown = (expected.shown_line_total, expected.shown_allowance_total, expected.shown_charge_total)
    with localcontext(Context(prec=2, rounding=ROUND_DOWN)):
        found = compute(document)
        assert found == expected
        assert (found.shown_line_total, found.shown_allowance_total, found.shown_charge_total) == shown
        assert convert(found, Decimal("0.9228")) == convert(expected, Decimal("0.9228"))


@given(decimals("-9999999999999999", "9999999999999999", 2), st.lists(signed_amounts, min_size=1, max_size=9))
def test_parts_add_up_to_the_whole(total: Decimal, weights: list[Decimal]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    whole = sum(abs(Fraction(weight)) for weight in weights)
    for part, weight in zip(parts, weights, strict=True):
        if whole:
            ideal = Fraction(total) * abs(Fraction(weight)) / whole
            assert abs(Fraction(part) - ideal) < Fraction(1, 100)
        assert part == 0 or (part < 0) == (total < 0)
    assert largest_remainder(-total, weights) == tuple(-part for part in parts)


@given(signed_amounts, st.integers(1, 50))
def test_equal_parts_differ_by_a_cent_at_most(total: Decimal, number: int) -> None:
    parts = split(total, number)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= CENT
    assert [abs(part) for part in parts] == sorted((abs(part) for part in parts), reverse=True)


@given(documents, signed_amounts)
def test_a_spread_amount_arrives_whole_or_is_named(document: DocumentInput, amount: Decimal) -> None:
    fee = DocumentAllowance("fee", charge=True, amount=amount)
    totals = compute(replace(document, allowances=(*document.allowances, fee)))
    placed = sum((row.amount for row in totals.allowances if row.source_key == "fee"), Decimal(0))
    if any(line.carries_amount for line in document.lines):
        assert (placed, "fee" in totals.unplaced) == (amount, False)
    else:
        assert (placed, "fee" in totals.unplaced) == (Decimal(0), amount != 0)


@given(documents)
def test_a_paper_with_our_own_figures_has_no_difference(document: DocumentInput) -> None:
    totals = compute(document)
    stated = StatedTotals(
        groups=tuple(StatedGroup(g.category, g.rate, g.net, g.tax) for g in totals.groups),
        lines={line.key: line.net for line in totals.lines},
        line_total=totals.line_total,
        allowance_total=totals.allowance_total,
        charge_total=totals.charge_total,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        payable=totals.payable,
    )
    assert compare(stated, totals, tolerance=Decimal(0)) == []


@given(documents, decimals("0.0001", "200", 4), decimals("0.0001", "200", 4))
def test_converted_sums_are_exact(document: DocumentInput, rate: Decimal, per: Decimal) -> None:
    totals = compute(document)
    ours = convert(totals, rate, per)
    factor = Fraction(rate) / Fraction(per)
    for source, group in zip(totals.groups, ours.groups, strict=True):
        assert group.net == rounded(Fraction(source.net) * factor)
        assert group.tax == rounded(Fraction(source.tax) * factor)
    rows = list(zip(totals.allowances, ours.allowance_nets, strict=True))
    assert ours.line_total == sum(ours.line_nets.values())
    assert ours.allowance_total == sum(net for row, net in rows if not row.charge)
    assert ours.charge_total == sum(net for row, net in rows if row.charge)
    assert ours.net == ours.line_total - ours.allowance_total + ours.charge_total
    assert ours.net == sum(group.net for group in ours.groups)
    assert ours.tax == sum(group.tax for group in ours.groups)
    assert ours.gross == ours.net + ours.tax
    assert ours.payable == ours.gross - ours.prepaid + ours.rounding
    for line in totals.lines:
        assert abs(Fraction(ours.line_nets[line.key]) - Fraction(line.net) * factor) < Fraction(1, 100)
