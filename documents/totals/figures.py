"""What goes into the calculator and what comes out: frozen, without behaviour beyond sums."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from documents.totals.rounding import total_of

# EN category and rate in percent.
Group = tuple[str, Decimal]


class PriceMode(StrEnum):
    """Whether prices, amounts, allowances and charges of a document are entered without or with VAT."""

    NET = "net"
    GROSS = "gross"


@dataclass(frozen=True, slots=True)
class LineAllowance:
    """Allowance or charge of one line (BG-27, BG-28): a percent, or an amount in the document's price mode.

    A percent is taken of `base` as stated, without one of the line gross; it wins over an amount beside it.
    """

    charge: bool
    percent: Decimal | None = None
    base: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line.  `rate` is in percent (19); `price_quantity` is negative on returns.

    `is_charge` keeps the line out of the base of document percents; a line that carries no amount (text,
    heading, subtotal) has no tax group and all its figures are 0.
    """

    key: Hashable
    price_quantity: Decimal
    price: Decimal
    category: str
    rate: Decimal
    price_base: Decimal = Decimal(1)
    allowances: tuple[LineAllowance, ...] = ()
    carries_amount: bool = True
    is_charge: bool = False


@dataclass(frozen=True, slots=True)
class DocumentAllowance:
    """Allowance or charge of the document (BG-20, BG-21), amounts in the document's price mode.

    Without a category it is spread over the tax groups: a percent becomes one row per group, each of the
    group's lines without charge lines; an amount (freight) is split by the line totals.  With category and
    rate it is one row as stated.  `lines` restricts both to these lines: on a follow-up a percent goes with
    the lines that came from its document only.
    """

    key: Hashable
    charge: bool
    percent: Decimal | None = None
    amount: Decimal | None = None
    base: Decimal | None = None
    category: str | None = None
    rate: Decimal | None = None
    lines: frozenset[Hashable] | None = None


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """Everything that decides a document's totals; a supplier's stated figures are compared apart from it."""

    lines: tuple[LineInput, ...]
    allowances: tuple[DocumentAllowance, ...] = ()
    price_mode: PriceMode = PriceMode.NET
    prepaid: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineTotals:
    """One line.  `gross` is before allowances, `total` after them: both in the document's price mode.

    `net` (BT-131) and the `net_*` figures are without VAT; in net price mode they equal the others.
    """

    key: Hashable
    gross: Decimal
    allowance_amounts: tuple[Decimal, ...]
    charge_amounts: tuple[Decimal, ...]
    total: Decimal
    net: Decimal
    category: str
    rate: Decimal
    net_gross: Decimal
    net_allowance_amounts: tuple[Decimal, ...]
    net_charge_amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class AllowanceRow:
    """One row of a document allowance in one tax group.

    `base` and `amount` are in the document's price mode, `net` (BT-92, BT-99) is without VAT.
    """

    source_key: Hashable
    charge: bool
    category: str
    rate: Decimal
    base: Decimal | None
    percent: Decimal | None
    amount: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class TaxGroupTotals:
    """One (category, rate) with its taxable amount (BT-116) and VAT (BT-117)."""

    category: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """The result.

    Header figures are BT-106 to BT-115, in gross price mode too: `line_total` is without VAT there as well.
    Groups and spread rows come with the higher rate first.  `unplaced` names the document amounts that found
    no tax group, since no line carries an amount: they are in no total, and a document can't be submitted
    with them.
    """

    lines: tuple[LineTotals, ...]
    allowances: tuple[AllowanceRow, ...]
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
    unplaced: tuple[Hashable, ...] = ()

    @property
    def shown_line_total(self) -> Decimal:
        """Sum of the lines as the document shows them: with VAT in gross price mode."""
        return total_of(line.total for line in self.lines)

    @property
    def shown_allowance_total(self) -> Decimal:
        """Sum of the document allowances as the document shows them."""
        return total_of(row.amount for row in self.allowances if not row.charge)

    @property
    def shown_charge_total(self) -> Decimal:
        """Sum of the document charges as the document shows them."""
        return total_of(row.amount for row in self.allowances if row.charge)
