"""What discounts leave of a line's price, wherever they were entered; analytic, so that cents never break a limit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from documents.case import Case
from documents.kinds import LineKind
from documents.models import AllowanceCharge, Line
from documents.selectors.entries import Entry, agreed_discounts

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)


class Discounts:
    """The discounts of one document: its lines' own, and those of the whole document."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._by_line: dict[int, list[AllowanceCharge]] = {}
        self._percents: list[AllowanceCharge] = []
        amounts: list[AllowanceCharge] = []
        for row in case.allowances:
            if row.line_id is not None:
                self._by_line.setdefault(row.line_id, []).append(row)
            elif not row.is_charge:
                (amounts if row.percent is None else self._percents).append(row)
        self._share = self._share_of(amounts)

    def of_line(self, line: Line) -> Decimal:
        """What the line's own discounts leave of its price."""
        rows = self._by_line.get(line.pk, [])
        percents = sum((_sign(row) * row.percent for row in rows if row.percent is not None), ZERO)
        amounts = sum((_sign(row) * row.amount for row in rows if row.percent is None), ZERO)
        share = amounts / line.gross_amount if line.gross_amount else ZERO
        return 1 - percents / HUNDRED - share

    def of_document(self, line: Line) -> Decimal:
        """What the document's discounts leave of a line (they are taken on its net)."""
        if line.line_kind == LineKind.CHARGE:
            return Decimal(1)
        percents = sum((row.percent or ZERO for row in self._percents if self._concerns(row, line)), ZERO)
        return 1 - percents / HUNDRED - self._share

    def _concerns(self, row: AllowanceCharge, line: Line) -> bool:
        """A percentage has a row per VAT group, and one of a source is taken on the lines from there only."""
        if (row.tax_category, row.tax_rate) != (line.tax_category, line.tax_rate):
            return False
        return row.source_document_id is None or any(
            link.source_document_id == row.source_document_id
            for link in self._case.links_in
            if link.target_line_id == line.pk
        )

    def _share_of(self, rows: list[AllowanceCharge]) -> Decimal:
        """The part of the goods' value that amounts off the document take."""
        goods = sum((max(ZERO, self._value(line)) for line in self._goods(self._case.lines)), ZERO)
        if not rows or not goods:
            return ZERO
        share = sum((row.amount for row in rows if row.source_entry is None), ZERO) / goods
        taken: dict[Entry, Decimal] = {}
        for row in rows:
            if row.source_entry is not None:
                key = (row.source_document_id or 0, row.source_entry)
                taken[key] = taken.get(key, ZERO) + row.amount
        agreed = agreed_discounts(taken) if taken else {}
        for key, amount in taken.items():
            kept = min(amount, agreed.get(key, ZERO))
            # agreed for the whole source: it comes at once with the first part of its goods
            share += kept / max(goods, self._value_of_source(key[0])) + (amount - kept) / goods
        return share

    def _value(self, line: Line) -> Decimal:
        """The line's total in the document's price mode."""
        own = self._by_line.get(line.pk, [])
        return line.gross_amount - sum((_sign(row) * row.amount for row in own), ZERO)

    def _value_of_source(self, document_id: int) -> Decimal:
        gross = self._case.document.price_mode == "gross"
        return sum(
            (
                line.net_amount * (1 + line.tax_rate / HUNDRED if gross else 1)
                for line in self._goods(list(self._case.source_lines.values()))
                if line.document_id == document_id and line.net_amount > ZERO
            ),
            ZERO,
        )

    def _goods(self, lines: list[Line]) -> list[Line]:
        return [line for line in lines if line.line_kind != LineKind.CHARGE]


def _sign(row: AllowanceCharge) -> int:
    return -1 if row.is_charge else 1
