"""The rows of the table, each with the sum carried into and out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from documents.printing import clean
from documents.printing.papers import Snapshot, has_amount
from documents.printing.texts import kind_name
from documents.totals.rounding import total_of

Line = Mapping[str, Any]
Words = Mapping[str, str]


@dataclass(slots=True)
class Row:
    """One row as printed; ``carry_in`` is the sum before it (empty for the first), ``carry_out`` the sum with it."""

    kind: str
    position: str = ""
    article_number: str = ""
    description: str = ""
    detail: str = ""
    notes: list[str] = field(default_factory=list)
    quantity: str = ""
    quantity_note: str = ""
    price: str = ""
    price_note: str = ""
    tax: str = ""
    amount: str = ""
    carry_in: str = ""
    carry_out: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    rows: list[Row]
    total: Decimal
    has_articles: bool


def shown_amount(line: Line, *, gross: bool) -> Decimal:
    """What stands in the amount column: the line's net (BT-131), in gross price mode the sum the customer was told."""
    if not gross:
        return clean.figure(line["net_amount"])
    signed = (_signed(row) for row in line.get("allowances") or ())
    return total_of([clean.figure(line["gross_amount"]), *signed])


def _signed(allowance: Mapping[str, Any]) -> Decimal:
    value = clean.figure(allowance["amount"])
    return value if allowance["is_charge"] else -value


def table_of(
    snapshot: Snapshot, words: Words, language: str, *, priced: bool, supply: tuple[str, str]
) -> Table:
    """All rows. ``supply`` is the period that the head shows: a line repeats its own only where it differs."""
    document = snapshot["document"]
    gross = document.get("price_mode") == "gross"
    writer = _Writer(words, language, document["currency"], priced, supply)
    rows: list[Row] = []
    running, since_subtotal, amounts = Decimal(0), Decimal(0), 0
    for line in snapshot["lines"]:
        row = writer.row(line)
        row.carry_in = clean.amount(running, language) if amounts and priced else ""
        if has_amount(line):
            value = shown_amount(line, gross=gross)
            running, since_subtotal, amounts = running + value, since_subtotal + value, amounts + 1
            row.amount = clean.amount(value, language) if priced else ""
        elif line["line_kind"] == "subtotal":
            row.amount = clean.amount(since_subtotal, language) if priced else ""
            since_subtotal = Decimal(0)
        row.carry_out = clean.amount(running, language) if amounts and priced else ""
        rows.append(row)
    return Table(rows, running, any(row.article_number for row in rows))


@dataclass(frozen=True, slots=True)
class _Writer:
    words: Words
    language: str
    currency: str
    priced: bool
    supply: tuple[str, str]

    def row(self, line: Line) -> Row:
        kind = line["line_kind"]
        row = Row(
            kind=kind if not has_amount(line) else "item",
            description=clean.text(line.get("description")),
            detail=clean.text(line.get("detail")),
        )
        if kind == "subtotal":
            row.description = row.description or self.words["subtotal"]
        if has_amount(line):
            self._fill(row, line)
        return row

    def _fill(self, row: Row, line: Line) -> None:
        row.position = str(line["position"])
        row.article_number = clean.text(line.get("article_number"))
        row.quantity = self._measure(line["quantity"], line.get("unit_symbol") or line.get("unit"))
        row.notes = list(self._notes(line))
        charged = self._measure(
            line["price_quantity"], line.get("price_unit_symbol") or line.get("price_unit")
        )
        if charged != row.quantity:
            row.quantity_note = f"= {charged}"
        if self.priced:
            row.price = clean.price(line["price"], self.currency, self.language)
            base = clean.quantity(line.get("price_base") or "1", self.language)
            unit = clean.text(line.get("price_unit_symbol") or line.get("price_unit"))
            row.price_note = self.words["per"].format(base=base, unit=unit).strip()
            row.tax = (
                clean.percent(line.get("tax_rate"), self.language) if line.get("tax_category") != "O" else "–"
            )

    def _measure(self, value: Any, unit: Any) -> str:
        return f"{clean.quantity(value, self.language)}\u00a0{clean.text(unit)}".strip()

    def _notes(self, line: Line) -> Iterator[str]:
        if line.get("free_reason"):
            yield self.words[f"free_{line['free_reason']}"]
        yield from self._origins(line)
        yield from self._supply(line)
        for lot in line.get("lots") or ():
            yield self.words["lot"].format(
                lot=clean.text(lot["lot"]),
                quantity=clean.quantity(lot["stock_quantity"], self.language),
                unit=clean.text(lot.get("unit_symbol")),
            )
        if self.priced and line.get("allowances"):
            yield self.words["line_gross"].format(amount=self._money(line["gross_amount"]))
            for allowance in line["allowances"]:
                yield (
                    f"{allowance_text(allowance, self.words, self.currency, self.language)}: "
                    + self._money(_signed(allowance))
                )

    def _origins(self, line: Line) -> Iterator[str]:
        for origin in line.get("origin") or ():
            place = ""
            if origin.get("position"):
                place = self.words["origin_position"].format(position=origin["position"])
            yield place_reference(self.words["origin"], origin, self.language) + place

    def _supply(self, line: Line) -> Iterator[str]:
        start, end = line.get("supply_from") or "", line.get("supply_to") or ""
        if not start or (start, end or start) == self.supply:
            return
        first, last = clean.day(start, self.language), clean.day(end or start, self.language)
        if first == last:
            yield self.words["line_supply"].format(date=first)
        else:
            yield self.words["line_supply_period"].format(start=first, end=last)

    def _money(self, value: Any) -> str:
        return clean.money(value, self.currency, self.language)


def place_reference(pattern: str, reference: Mapping[str, Any], language: str) -> str:
    """A sentence that names another document by kind, number and date."""
    return pattern.format(
        kind=kind_name(reference["kind"], language),
        number=clean.text(reference.get("number")),
        date=clean.day(reference.get("date"), language),
    )


def allowance_text(allowance: Mapping[str, Any], words: Words, currency: str, language: str) -> str:
    """Reason, percent and base, or the reason alone where an amount was agreed."""
    reason = clean.text(allowance.get("reason")) or words["charge" if allowance["is_charge"] else "allowance"]
    if allowance.get("percent") is None:
        return reason
    share = clean.percent(allowance["percent"], language)
    if allowance.get("base") is None:
        return f"{reason} {share}"
    base = clean.money(allowance["base"], currency, language)
    return words["allowance_percent"].format(reason=reason, percent=share, base=base)
