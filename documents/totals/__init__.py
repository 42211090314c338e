"""The one calculator: pure Decimal arithmetic, no Django, no database.

The editor's live totals, the printed paper, the e-invoice, the API and the import all call `compute`; nothing
else in the project multiplies money.  The rules are EN 16931's BR-CO-10 to BR-CO-17 with rounding half away
from zero, so every place shows the same cents.
"""

from __future__ import annotations

from documents.totals.calculate import compute
from documents.totals.compare import Difference, StatedGroup, StatedTotals, compare
from documents.totals.currency import ConvertedTotals, convert, convert_amount
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
    AMOUNT_LIMIT,
    CENT,
    InvalidFigures,
    Problem,
    apportion,
    largest_remainder,
    line_amount,
    net_amount,
    percent_of,
    round2,
    split,
    unit_net_price,
)
from documents.totals.validate import problems_of

__all__ = [
    "AMOUNT_LIMIT",
    "CENT",
    "AllowanceRow",
    "ConvertedTotals",
    "Difference",
    "DocumentAllowance",
    "DocumentInput",
    "Group",
    "InvalidFigures",
    "LineAllowance",
    "LineInput",
    "LineTotals",
    "PriceMode",
    "Problem",
    "StatedGroup",
    "StatedTotals",
    "TaxGroupTotals",
    "Totals",
    "apportion",
    "compare",
    "compute",
    "convert",
    "convert_amount",
    "largest_remainder",
    "line_amount",
    "net_amount",
    "percent_of",
    "problems_of",
    "round2",
    "split",
    "unit_net_price",
]
