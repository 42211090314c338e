"""Below the table: sums, VAT by rate, exemption texts, terms of payment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from documents.causes import by_cause
from documents.printing import clean
from documents.printing.lines import Table, Words, allowance_text
from documents.printing.papers import Snapshot, is_credit, is_invoice
from documents.totals.rounding import percent_of

_CATEGORIES_WITH_TEXT = ("AE", "K", "G", "O", "E")


@dataclass(frozen=True, slots=True)
class Sum:
    """One row of the sums; ``weight``: "" plain, "strong" a result, "quiet" what a result contains."""

    label: str
    amount: str
    weight: str = ""


def sums_of(snapshot: Snapshot, table: Table, words: Words, language: str) -> list[Sum]:
    """From the sum of the lines to what is to be paid, VAT once per category and rate (§ 14 (4) no. 7, 8 UStG)."""
    return list(_Sums(snapshot, words, language).rows(table.total))


def exemptions_of(snapshot: Snapshot, words: Words) -> list[str]:
    """Why a group carries no VAT (BT-120): the frozen text, else the law's own words for the category."""
    found = []
    for group in snapshot.get("tax_groups") or ():
        text = clean.text(group.get("exemption_text"))
        category = str(group["category"])
        if not text and category in _CATEGORIES_WITH_TEXT:
            text = words[category]
        if category == "AE" and words["AE_law"].lower() not in text.lower():
            text = f"{words['AE']}. {text}" if text else words["AE"]
        found.append(text)
    return [text for text in dict.fromkeys(found) if text]


def _cause(row: Snapshot) -> tuple[object, ...]:
    return row.get("entry"), row["is_charge"], row.get("reason"), row.get("percent")


class _Sums:
    def __init__(self, snapshot: Snapshot, words: Words, language: str) -> None:
        self.snapshot, self.words, self.language = snapshot, words, language
        self.currency = str(snapshot["document"]["currency"])
        self.totals = snapshot["totals"]
        self.gross_mode = snapshot["document"].get("price_mode") == "gross"

    def rows(self, lines_total: Decimal) -> Iterator[Sum]:
        allowances = self.snapshot.get("allowances") or ()
        if allowances:
            yield self._sum("sum_lines_gross" if self.gross_mode else "sum_lines", lines_total)
        for rows in by_cause(allowances, _cause):
            yield self._cause(rows)
        if self.gross_mode:
            yield self._result()
            yield from self._settled()
            yield Sum(self.words["vat_included"], "", "quiet")
            yield from (Sum(group.label, group.amount, "quiet") for group in self._groups())
            yield self._sum("net_total", self.totals["net"], "quiet")
        else:
            yield self._sum("net_total", self.totals["net"])
            yield from self._groups()
            yield self._result()
            yield from self._settled()

    def _cause(self, rows: list[Snapshot]) -> Sum:
        """A discount or charge once, whatever the rates: what each group comes to stands with its VAT below."""
        first = rows[0]
        bases = [row.get("base") for row in rows]
        whole = None if None in bases else sum((clean.figure(base) for base in bases), Decimal(0))
        label = allowance_text({**first, "base": whole}, self.words, self.currency, self.language)
        if len(rows) == 1:
            rate = clean.percent(first.get("tax_rate"), self.language)
            label = f"{label} {self.words['at_rate'].format(rate=rate)}"
        amount = sum((clean.figure(row["amount"]) for row in rows), Decimal(0))
        return Sum(label, self._amount(amount if first["is_charge"] else -amount))

    def _groups(self) -> Iterator[Sum]:
        for group in self.snapshot.get("tax_groups") or ():
            rate = "" if group["category"] == "O" else clean.percent(group["rate"], self.language) + " "
            base = self._money(group["net"])
            joint = "auf" if self.language == "de" else "on"
            yield Sum(f"{rate}{self.words['tax_total']} {joint} {base}", self._amount(group["tax"]))

    def _result(self) -> Sum:
        """The last row of a paper that nothing is deducted from says what it is."""
        if not self._is_settled():
            return self._sum("total", self.totals["gross"], "strong")
        return self._sum(
            "in_your_favour" if is_credit(self.snapshot) else "total", self.totals["gross"], "strong"
        )

    def _is_settled(self) -> bool:
        return clean.figure(self.totals["payable"]) == clean.figure(self.totals["gross"])

    def _settled(self) -> Iterator[Sum]:
        if self._is_settled():
            return
        if clean.figure(self.totals.get("prepaid")):
            yield self._sum("prepaid", -clean.figure(self.totals["prepaid"]))
        if clean.figure(self.totals.get("rounding")):
            yield self._sum("rounding", self.totals["rounding"])
        yield self._sum(
            "in_your_favour" if is_credit(self.snapshot) else "payable", self.totals["payable"], "strong"
        )

    def _sum(self, word: str, value: Any, weight: str = "") -> Sum:
        shown = self._money(value) if weight == "strong" else self._amount(value)
        return Sum(self.words[word], shown, weight)

    def _amount(self, value: Any) -> str:
        return clean.amount(value, self.language)

    def _money(self, value: Any) -> str:
        return clean.money(value, self.currency, self.language)


def company_vat(snapshot: Snapshot, words: Words, language: str) -> str:
    """VAT in our own currency on an invoice in another one (Art. 230 Directive 2006/112/EC), where the snapshot has it."""
    currency = snapshot["document"].get("company_currency") or ""
    tax = snapshot["totals"].get("tax_company")
    if not tax or currency in ("", snapshot["document"]["currency"]):
        return ""
    return words["vat_in_company"].format(currency=currency, amount=clean.money(tax, currency, language))


def terms_of(snapshot: Snapshot, words: Words, language: str) -> list[str]:
    """Terms in words; due dates and Skonto only on an invoice, since they count from its date (§ 14 (4) no. 7 UStG)."""
    document = snapshot["document"]
    if is_credit(snapshot):
        return []
    found = clean.lines(document.get("terms_text"))
    if is_invoice(snapshot):
        found += _instalments(snapshot, words, language)
        if document.get("number"):
            found.append(words["purpose"].format(number=clean.text(document["number"])))
    return found


def _instalments(snapshot: Snapshot, words: Words, language: str) -> Iterator[str]:
    currency = snapshot["document"]["currency"]
    instalments = snapshot.get("instalments") or ()
    for row in instalments:
        amount = clean.figure(row["amount"])
        due = clean.day(row["due"], language)
        if len(instalments) == 1:
            yield words["due_once"].format(date=due)
        else:
            yield words["due_part"].format(date=due, amount=clean.money(amount, currency, language))
        share = clean.figure(row.get("skonto_percent"))
        if not share or not row.get("skonto_until"):
            continue
        base = amount if row.get("skonto_base") is None else clean.figure(row["skonto_base"])
        skonto = percent_of(base, share)
        yield words["skonto"].format(
            date=clean.day(row["skonto_until"], language),
            percent=clean.percent(share, language),
            base=clean.money(base, currency, language),
            skonto=clean.money(skonto, currency, language),
            rest=clean.money(amount - skonto, currency, language),
        )
