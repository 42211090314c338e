"""A supplier's figures beside ours: where they differ by more than the tolerance, both are named."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from documents.totals.calculate import plain_rate
from documents.totals.figures import Group, Totals
from documents.totals.rounding import CENT, EXACT, ZERO, checked

HEADER_FIELDS = ("line_total", "allowance_total", "charge_total", "net", "tax", "gross", "payable")


@dataclass(frozen=True, slots=True)
class StatedGroup:
    """A tax group as printed (BG-23)."""

    category: str
    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class StatedTotals:
    """Figures as printed.  None, or a key left out, means that the paper doesn't say: it is not compared.

    Groups are compared as a whole: one that only one side has is a difference unless it is zero.
    `lines` and `allowances` hold net amounts by the keys that went into the calculator.
    """

    groups: tuple[StatedGroup, ...] | None = None
    line_total: Decimal | None = None
    allowance_total: Decimal | None = None
    charge_total: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    payable: Decimal | None = None
    lines: Mapping[Hashable, Decimal] = field(default_factory=dict)
    allowances: Mapping[Hashable, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not what the calculator says.

    `stated` or `computed` is None where that side has none.
    `field` is "line" or "allowance" with its key, "net" or "tax" with a group, or a header figure without
    either.
    """

    field: str
    group: Group | None
    stated: Decimal | None
    computed: Decimal | None
    key: Hashable = None


def compare(stated: StatedTotals, computed: Totals, tolerance: Decimal = CENT) -> list[Difference]:
    """All differences above the tolerance: per line, allowance and group; header sums get it once per group.

    The official rules pass a tax that is wrong by 0.99 (BR-CO-17's slack), hence this check of our own.
    """
    checked(tolerance, "tolerance")
    with localcontext(EXACT):
        return [
            *_keyed("line", stated.lines, {line.key: line.net for line in computed.lines}, tolerance),
            *_keyed("allowance", stated.allowances, _allowances(computed), tolerance),
            *(_group_differences(stated.groups, computed, tolerance) if stated.groups is not None else ()),
            *_header(stated, computed, tolerance * max(1, len(computed.groups))),
        ]


def _allowances(computed: Totals) -> dict[Hashable, Decimal]:
    sums: dict[Hashable, Decimal] = {}
    for row in computed.allowances:
        sums[row.source_key] = sums.get(row.source_key, ZERO) + row.net
    return sums


def _keyed(
    name: str, stated: Mapping[Hashable, Decimal], computed: Mapping[Hashable, Decimal], tolerance: Decimal
) -> Iterator[Difference]:
    for key, value in stated.items():
        if _differ(value, computed.get(key), tolerance):
            yield Difference(name, None, value, computed.get(key), key)


def _group_differences(
    stated: tuple[StatedGroup, ...], computed: Totals, tolerance: Decimal
) -> Iterator[Difference]:
    theirs: dict[Group, tuple[Decimal, Decimal]] = {}
    for group in stated:
        # A paper that breaks a group in two states the sum of both.
        own = (group.category, plain_rate(checked(group.rate, "rate")))
        net, tax = theirs.get(own, (ZERO, ZERO))
        theirs[own] = (net + checked(group.net, "net"), tax + checked(group.tax, "tax"))
    ours = {(group.category, group.rate): (group.net, group.tax) for group in computed.groups}
    for own in [*ours, *(group for group in theirs if group not in ours)]:
        for place, name in enumerate(("net", "tax")):
            theirs_here = theirs[own][place] if own in theirs else None
            ours_here = ours[own][place] if own in ours else None
            if _differ(theirs_here, ours_here, tolerance):
                yield Difference(name, own, theirs_here, ours_here)


def _header(stated: StatedTotals, computed: Totals, tolerance: Decimal) -> Iterator[Difference]:
    for name in HEADER_FIELDS:
        theirs: Decimal | None = getattr(stated, name)
        ours: Decimal = getattr(computed, name)
        if theirs is not None and _differ(theirs, ours, tolerance):
            yield Difference(name, None, theirs, ours)


def _differ(stated: Decimal | None, computed: Decimal | None, tolerance: Decimal) -> bool:
    theirs = ZERO if stated is None else checked(stated, "stated")
    return abs(theirs - (computed or ZERO)) > tolerance
