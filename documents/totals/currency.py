"""A document's totals in the company's currency: every group rounded on its own, every sum still exact."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from documents.totals.calculate import spread
from documents.totals.figures import TaxGroupTotals, Totals
from documents.totals.rounding import EXACT, ZERO, InvalidFigures, Problem, cents, checked, ratio, total_of


@dataclass(frozen=True, slots=True)
class ConvertedTotals:
    """Totals in another currency.  `line_nets` by line key, `allowance_nets` beside `Totals.allowances`."""

    line_nets: Mapping[Hashable, Decimal]
    allowance_nets: tuple[Decimal, ...]
    groups: tuple[TaxGroupTotals, ...]
    line_total: Decimal
    allowance_total: Decimal
    charge_total: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    prepaid: Decimal
    rounding: Decimal
    payable: Decimal


def convert_amount(amount: Decimal, rate: Decimal, per: Decimal = Decimal(1)) -> Decimal:
    """round2(amount × rate ÷ per): `rate` units of the company's currency for `per` of the document's.

    A rate quoted the other way round (1 EUR = 1.0836 USD) needs no reciprocal: rate 1, per 1.0836.
    """
    for field, value in (("rate", rate), ("per", per)):
        if checked(value, field) <= 0:
            raise InvalidFigures(Problem("not_positive", field))
    return cents(ratio(EXACT.multiply(checked(amount), rate), per))


def convert(totals: Totals, rate: Decimal, per: Decimal = Decimal(1)) -> ConvertedTotals:
    """All net amounts, taxes and sums converted; BR-CO-10 to BR-CO-16 hold in the new currency too.

    Net and tax of each group are rounded, the group's net is spread over its lines and allowances, and sums
    are made of these.  Where something was prepaid, what is payable is converted on its own and the prepaid
    amount takes the odd cents: a paid document stays paid.
    """
    groups = tuple(_group(group, rate, per) for group in totals.groups)
    with localcontext(EXACT):
        line_nets, allowance_nets = _spread(totals, groups, Fraction(rate) / Fraction(per))
        rows = list(zip(totals.allowances, allowance_nets, strict=True))
        line_total = total_of(line_nets.values())
        allowance_total = total_of(net for row, net in rows if not row.charge)
        charge_total = total_of(net for row, net in rows if row.charge)
        net = line_total - allowance_total + charge_total
        tax = total_of(group.tax for group in groups)
        gross = cents(net + tax)
        rounding = convert_amount(totals.rounding, rate, per)
        payable = convert_amount(totals.payable, rate, per) if totals.prepaid else gross + rounding
        return ConvertedTotals(
            line_nets=line_nets,
            allowance_nets=allowance_nets,
            groups=groups,
            line_total=cents(line_total),
            allowance_total=cents(allowance_total),
            charge_total=cents(charge_total),
            net=cents(net),
            tax=cents(tax),
            gross=gross,
            prepaid=cents(gross + rounding - payable),
            rounding=rounding,
            payable=payable,
        )


def _group(group: TaxGroupTotals, rate: Decimal, per: Decimal) -> TaxGroupTotals:
    net, tax = convert_amount(group.net, rate, per), convert_amount(group.tax, rate, per)
    return TaxGroupTotals(group.category, group.rate, net, tax, cents(EXACT.add(net, tax)))


def _spread(
    totals: Totals, groups: tuple[TaxGroupTotals, ...], factor: Fraction
) -> tuple[dict[Hashable, Decimal], tuple[Decimal, ...]]:
    line_nets: dict[Hashable, Decimal] = {line.key: ZERO for line in totals.lines}
    allowance_nets = [ZERO] * len(totals.allowances)
    for group in groups:
        own = (group.category, group.rate)
        keys = [line.key for line in totals.lines if (line.category, line.rate) == own]
        lines = [line.net for line in totals.lines if (line.category, line.rate) == own]
        places = [n for n, row in enumerate(totals.allowances) if (row.category, row.rate) == own]
        rows = [totals.allowances[place] for place in places]
        signed = lines + [row.net if row.charge else -row.net for row in rows]
        nets = spread(group.net, [Fraction(amount) * factor for amount in signed])
        line_nets.update(zip(keys, nets, strict=False))
        for place, row, net in zip(places, rows, nets[len(keys) :], strict=True):
            allowance_nets[place] = net if row.charge else -net + ZERO
    return line_nets, tuple(allowance_nets)
