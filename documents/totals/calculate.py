"""From lines and allowances to tax groups and totals (contract § 3 Money; EN 16931 BR-CO-10 to -17)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from documents.totals.figures import (
    AllowanceRow,
    DocumentAllowance,
    DocumentInput,
    Group,
    LineAllowance,
    LineInput,
    LineTotals,
    PriceMode,
    TaxGroupTotals,
    Totals,
)
from documents.totals.rounding import (
    EXACT,
    ZERO,
    InvalidFigures,
    apportion,
    cents,
    direction,
    largest_remainder,
    line_amount,
    net_amount,
    percent_of,
    total_of,
)
from documents.totals.validate import problems_of


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in the document's price mode, before its net is known."""

    source: LineInput
    group: Group
    gross: Decimal
    amounts: tuple[Decimal, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class _Row:
    """A document allowance in one group, before its net is known."""

    source: DocumentAllowance
    group: Group
    base: Decimal | None
    amount: Decimal

    @property
    def signed(self) -> Decimal:
        return self.amount if self.source.charge else -self.amount


def compute(document: DocumentInput) -> Totals:
    """All figures of a document.  Raises InvalidFigures with every problem of the entered figures.

    The result doesn't depend on the order of lines and allowances, but for the odd cent between equal lines
    in gross price mode, which the earlier one takes.
    """
    problems = problems_of(document)
    if problems:
        raise InvalidFigures(*problems)
    # Ambient precision must not cut a sum.
    with localcontext(EXACT):
        lines = {line.key: _line(line) for line in document.lines if line.carries_amount}
        rows, unplaced = _rows(document.allowances, list(lines.values()))
        groups = _groups(lines.values(), rows, document.price_mode)
        line_nets, row_nets = _nets(list(lines.values()), rows, groups, document.price_mode)
        line_totals = tuple(
            _line_totals(lines[line.key], line_nets[line.key], document.price_mode)
            if line.carries_amount
            else _without_amount(line)
            for line in document.lines
        )
        allowances = tuple(_allowance_row(row, net) for row, net in zip(rows, row_nets, strict=True))
        return _totals(document, line_totals, allowances, groups, unplaced)


def plain_rate(rate: Decimal) -> Decimal:
    """19.00 and 19 are one group; the shorter writing stands for both, so equal input gives equal output."""
    short = rate.normalize(EXACT)
    return EXACT.quantize(short, Decimal(1)) if short == short.to_integral_value() else short


def _line(line: LineInput) -> _Line:
    gross = line_amount(line.price_quantity, line.price, line.price_base, key=line.key)
    amounts = tuple(_line_allowance_amount(allowance, gross, line.key) for allowance in line.allowances)
    total = gross
    for allowance, amount in zip(line.allowances, amounts, strict=True):
        total += amount if allowance.charge else -amount
    return _Line(line, (line.category, plain_rate(line.rate)), gross, amounts, cents(total, "line", line.key))


def _line_allowance_amount(allowance: LineAllowance, gross: Decimal, key: Hashable) -> Decimal:
    if allowance.percent is not None:
        return percent_of(gross if allowance.base is None else allowance.base, allowance.percent, key=key)
    return _stated_amount(allowance, key)


def _stated_amount(allowance: LineAllowance | DocumentAllowance, key: Hashable) -> Decimal:
    # problems_of has refused an allowance with neither percent nor amount.
    return cents(allowance.amount if allowance.amount is not None else ZERO, "amount", key)


def _rows(
    allowances: Sequence[DocumentAllowance], lines: Sequence[_Line]
) -> tuple[list[_Row], tuple[Hashable, ...]]:
    """The rows of every document allowance, and the keys of those that found no group."""
    rows: list[_Row] = []
    unplaced: list[Hashable] = []
    for allowance in allowances:
        of_lines = [line for line in lines if allowance.lines is None or line.source.key in allowance.lines]
        if allowance.category is not None and allowance.rate is not None:
            rows.append(_stated_row(allowance, (allowance.category, plain_rate(allowance.rate)), of_lines))
        elif allowance.percent is not None:
            bases = _sums(line for line in of_lines if not line.source.is_charge)
            rows += [_percent_row(allowance, group, base, allowance.percent) for group, base in bases.items()]
        elif of_lines:
            rows += _split_amount(allowance, _sums(of_lines))
        elif allowance.amount:
            unplaced.append(allowance.key)
    return rows, tuple(unplaced)


def _stated_row(allowance: DocumentAllowance, group: Group, lines: Sequence[_Line]) -> _Row:
    if allowance.percent is None:
        return _Row(allowance, group, None, _stated_amount(allowance, allowance.key))
    base = allowance.base
    if base is None:
        base = _sums(line for line in lines if not line.source.is_charge).get(group, ZERO)
    return _percent_row(allowance, group, base, allowance.percent)


def _percent_row(allowance: DocumentAllowance, group: Group, base: Decimal, percent: Decimal) -> _Row:
    return _Row(allowance, group, base, percent_of(base, percent, key=allowance.key))


def _split_amount(allowance: DocumentAllowance, weights: dict[Group, Decimal]) -> list[_Row]:
    """Split an amount over the groups, higher rate first: ties, and what has no weights, go to that one."""
    shares = largest_remainder(_stated_amount(allowance, allowance.key), list(weights.values()))
    rows = [_Row(allowance, group, None, share) for group, share in zip(weights, shares, strict=True)]
    return [row for row in rows if row.amount] or rows[:1]


def _sums(lines: Iterable[_Line]) -> dict[Group, Decimal]:
    """Line totals per group, higher rate first."""
    sums: dict[Group, Decimal] = {}
    for line in lines:
        sums[line.group] = sums.get(line.group, ZERO) + line.total
    return {group: sums[group] for group in sorted(sums, key=_higher_rate_first)}


def _higher_rate_first(group: Group) -> tuple[Decimal, str]:
    category, rate = group
    return -rate, category


def _groups(lines: Iterable[_Line], rows: Iterable[_Row], mode: PriceMode) -> tuple[TaxGroupTotals, ...]:
    sums = _sums(lines)
    for row in rows:
        sums[row.group] = sums.get(row.group, ZERO) + row.signed
    return tuple(
        _group(group, cents(sums[group], "group"), mode) for group in sorted(sums, key=_higher_rate_first)
    )


def _group(group: Group, amount: Decimal, mode: PriceMode) -> TaxGroupTotals:
    """VAT once per group: on top of the net sum, or out of the gross sum that the customer was promised."""
    category, rate = group
    if mode is PriceMode.GROSS:
        net = net_amount(amount, rate)
        return TaxGroupTotals(category, rate, net, amount - net, amount)
    tax = percent_of(amount, rate)
    return TaxGroupTotals(category, rate, amount, tax, cents(amount + tax, "group"))


def _nets(
    lines: Sequence[_Line], rows: Sequence[_Row], groups: Iterable[TaxGroupTotals], mode: PriceMode
) -> tuple[dict[Hashable, Decimal], list[Decimal]]:
    """Net of every line and of every row; in gross mode the group's net spread over both."""
    if mode is PriceMode.NET:
        return {line.source.key: line.total for line in lines}, [row.amount for row in rows]
    line_nets: dict[Hashable, Decimal] = {}
    row_nets = [ZERO] * len(rows)
    for group in groups:
        own = (group.category, group.rate)
        members = [line for line in lines if line.group == own]
        places = [place for place, row in enumerate(rows) if row.group == own]
        signed = [line.total for line in members] + [rows[place].signed for place in places]
        nets = spread(group.net, [net_of(amount, group.rate) for amount in signed])
        for line, net in zip(members, nets, strict=False):
            line_nets[line.source.key] = net
        for place, net in zip(places, nets[len(members) :], strict=True):
            row_nets[place] = net if rows[place].source.charge else -net + ZERO
    return line_nets, row_nets


def net_of(gross: Decimal, rate: Decimal) -> Fraction:
    """The unrounded net inside a gross amount."""
    return Fraction(gross) * 100 / (100 + Fraction(rate))


def spread(total: Decimal, ideals: Sequence[Fraction]) -> list[Decimal]:
    """`apportion` with ties to the larger part, so that the order of unequal parts doesn't matter."""
    sign = direction(ideals)
    order = sorted(range(len(ideals)), key=lambda index: (-ideals[index] * sign, index))
    parts = [ZERO] * len(ideals)
    for index, part in zip(order, apportion(total, [ideals[index] for index in order]), strict=True):
        parts[index] = part
    return parts


def _line_totals(line: _Line, net: Decimal, mode: PriceMode) -> LineTotals:
    allowances, charges = _by_kind(line, line.amounts)
    net_gross, net_amounts = line.gross, line.amounts
    if mode is PriceMode.GROSS:
        net_gross, net_amounts = _nets_inside(line, net)
    net_allowances, net_charges = _by_kind(line, net_amounts)
    category, rate = line.group
    return LineTotals(
        key=line.source.key,
        gross=line.gross,
        allowance_amounts=allowances,
        charge_amounts=charges,
        total=line.total,
        net=net,
        category=category,
        rate=rate,
        net_gross=net_gross,
        net_allowance_amounts=net_allowances,
        net_charge_amounts=net_charges,
    )


def _by_kind(line: _Line, amounts: Sequence[Decimal]) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
    pairs = list(zip(line.source.allowances, amounts, strict=True))
    return (
        tuple(amount for allowance, amount in pairs if not allowance.charge),
        tuple(amount for allowance, amount in pairs if allowance.charge),
    )


def _nets_inside(line: _Line, net: Decimal) -> tuple[Decimal, tuple[Decimal, ...]]:
    """A line's net spread over its gross and its allowances, so that the e-invoice's line adds up as well."""
    signs = [1 if allowance.charge else -1 for allowance in line.source.allowances]
    signed = [line.gross, *(sign * amount for sign, amount in zip(signs, line.amounts, strict=True))]
    first, *others = spread(net, [net_of(amount, line.group[1]) for amount in signed])
    return first, tuple(sign * part + ZERO for sign, part in zip(signs, others, strict=True))


def _without_amount(line: LineInput) -> LineTotals:
    return LineTotals(line.key, ZERO, (), (), ZERO, ZERO, "", Decimal(0), ZERO, (), ())


def _allowance_row(row: _Row, net: Decimal) -> AllowanceRow:
    category, rate = row.group
    source = row.source
    return AllowanceRow(source.key, source.charge, category, rate, row.base, source.percent, row.amount, net)


def _totals(
    document: DocumentInput,
    lines: tuple[LineTotals, ...],
    allowances: tuple[AllowanceRow, ...],
    groups: tuple[TaxGroupTotals, ...],
    unplaced: tuple[Hashable, ...],
) -> Totals:
    line_total = total_of(line.net for line in lines)
    allowance_total = total_of(row.net for row in allowances if not row.charge)
    charge_total = total_of(row.net for row in allowances if row.charge)
    net = line_total - allowance_total + charge_total
    tax = total_of(group.tax for group in groups)
    gross = net + tax
    prepaid, rounding = cents(document.prepaid, "prepaid"), cents(document.rounding, "rounding")
    figures = {
        "line_total": line_total,
        "allowance_total": allowance_total,
        "charge_total": charge_total,
        "net": net,
        "tax": tax,
        "gross": gross,
        "payable": gross - prepaid + rounding,
    }
    sums = {field: cents(value, field) for field, value in figures.items()}
    return Totals(lines, allowances, groups, prepaid=prepaid, rounding=rounding, unplaced=unplaced, **sums)
