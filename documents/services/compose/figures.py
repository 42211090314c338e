"""Puts the one calculator's results on the rows of a case."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents import totals
from documents.case import Case
from documents.inputs import AllowanceInput, LineInput
from documents.kinds import WITHOUT_AMOUNT, LineKind
from documents.models import AllowanceCharge, Line, TaxGroup
from documents.selectors.entries import highest_taken
from masterdata.models import TaxCode
from valeo.core.components import formats
from valeo.core.exceptions import Refused, Violation

ZERO: Final = Decimal(0)
DISCOUNT_CODE: Final = "95"  # UNTDID 5189: discount
FREIGHT_CODE: Final = "FC"  # UNTDID 7161: freight


def compute(
    case: Case,
    given_lines: Sequence[LineInput],
    allowances: Sequence[AllowanceInput],
    tax_codes: dict[int, TaxCode],
) -> None:
    """Line amounts, allowance rows, VAT groups and totals; raises ``Refused`` for figures that cannot be."""
    document = case.document
    if not case.type.traits.has_prices:
        case.allowances, case.tax_groups = [], []
        return
    with translation.override(document.language):  # reasons are printed in the document's language
        line_rows = [
            _line_allowances(case, line, given) for line, given in zip(case.lines, given_lines, strict=True)
        ]
    result = _calculate(case, line_rows, allowances, tax_codes)
    case.facts["unplaced"] = result.unplaced
    case.allowances = [row for rows in line_rows for row in rows]
    for line, rows, figures in zip(case.lines, line_rows, result.lines, strict=True):
        line.gross_amount, line.net_amount = figures.gross, figures.net
        amounts = [*figures.allowance_amounts, *figures.charge_amounts]
        for row, amount in zip(rows, amounts, strict=True):
            row.amount = amount
            row.base = figures.gross if row.percent is not None else None
            row.tax_category, row.tax_rate, row.tax_code_id = (
                line.tax_category,
                line.tax_rate,
                line.tax_code_id,
            )
    codes = {(line.tax_category, line.tax_rate): line for line in case.lines if line.tax_category}
    with translation.override(document.language):
        case.allowances += _document_rows(case, result, allowances, codes)
    of_charges = {(row.tax_category, row.tax_rate): row.tax_code_id for row in case.allowances}
    case.tax_groups = [
        _group(case, group, codes, tax_codes.get(of_charges.get((group.category, group.rate)) or 0))
        for group in result.groups
    ]
    document.line_total, document.allowance_total = result.line_total, result.allowance_total
    document.charge_total, document.net_total = result.charge_total, result.net
    document.tax_total, document.gross_total = result.tax, result.gross
    document.payable_total = result.payable
    _company_currency(case, result)


def _line_allowances(case: Case, line: Line, given: LineInput) -> list[AllowanceCharge]:
    if line.line_kind in WITHOUT_AMOUNT:
        return []
    rows = []
    if given.discount_percent:
        rows.append(_allowance(case, line=line, percent=given.discount_percent, reason=_("Discount")))
    if given.discount_amount:
        rows.append(_allowance(case, line=line, amount=given.discount_amount, reason=_("Discount")))
    return rows


def _allowance(
    case: Case, *, line: Line | None, percent: Decimal | None = None, amount: Decimal = ZERO, reason: str
) -> AllowanceCharge:
    row = AllowanceCharge(
        company_id=case.company.pk, percent=percent, amount=amount, reason=reason, reason_code=DISCOUNT_CODE
    )
    row.line_id = line.pk if line else None
    return row


def _calculate(
    case: Case,
    line_rows: list[list[AllowanceCharge]],
    allowances: Sequence[AllowanceInput],
    tax_codes: dict[int, TaxCode],
) -> totals.Totals:
    lines = tuple(
        totals.LineInput(
            key=line.position,
            price_quantity=line.price_quantity,
            price=line.price,
            price_base=line.price_base,
            category=line.tax_category or "S",
            rate=line.tax_rate,
            allowances=tuple(
                totals.LineAllowance(
                    charge=False, percent=row.percent, amount=None if row.percent is not None else row.amount
                )
                for row in rows
            ),
            carries_amount=line.line_kind not in WITHOUT_AMOUNT,
            is_charge=line.line_kind == LineKind.CHARGE,
        )
        for line, rows in zip(case.lines, line_rows, strict=True)
    )
    try:
        return totals.compute(
            totals.DocumentInput(
                lines=lines,
                allowances=tuple(
                    _document_allowance(case, index, row, tax_codes)
                    for index, row in enumerate(allowances, start=1)
                ),
                price_mode=totals.PriceMode(case.document.price_mode),
                prepaid=case.document.prepaid_total,
                rounding=case.document.rounding,
            )
        )
    except totals.InvalidFigures as invalid:
        raise Refused([_violation(problem) for problem in invalid.problems]) from invalid


_PROBLEMS: Final = {
    "too_large": gettext_lazy("This figure is too large."),
    "too_precise": gettext_lazy("This figure has too many decimals."),
    "negative": gettext_lazy("This figure must not be negative."),
    "not_positive": gettext_lazy("This figure must be greater than 0."),
    "not_finite": gettext_lazy("This is not a number."),
    "missing": gettext_lazy("A figure is missing."),
}


def _violation(problem: totals.Problem) -> Violation:
    text = _PROBLEMS.get(problem.code, gettext_lazy("This figure cannot be calculated with."))
    return Violation(
        f"figure-{problem.code}", text, problem.field, problem.key if isinstance(problem.key, int) else None
    )


def _document_allowance(
    case: Case, index: int, row: AllowanceInput, tax_codes: dict[int, TaxCode]
) -> totals.DocumentAllowance:
    code = tax_codes.get(row.tax_code_id or 0)
    category = rate = None
    if row.taken_tax is not None:
        category, rate = row.taken_tax.category, row.taken_tax.rate
    elif code is not None:
        category, rate = code.category, _rate_of(case, code)
    lines = None
    if row.percent is not None and row.source_document_id is not None:
        lines = frozenset(
            line.position
            for line in case.lines
            if row.source_document_id in case.facts.get("line_origins", {}).get(line.pk, ())
        )
    return totals.DocumentAllowance(
        key=index, charge=row.is_charge, percent=row.percent, amount=None if row.percent is not None else row.amount,
        category=category, rate=rate, lines=lines,
    )  # fmt: skip


def _rate_of(case: Case, code: TaxCode) -> Decimal:
    """The code's rate on the document's day of supply; the lines' own where one carries the code.

    Raises ``Refused`` where a code that charges tax has no rate on that day.
    """
    fitting = next((line for line in case.lines if line.tax_code_id == code.pk), None)
    if fitting is not None:
        return fitting.tax_rate
    on = case.document.supply_from or case.document.document_date
    for row in code.rates.all():
        if (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or row.valid_to >= on):
            percent: Decimal = row.percent
            return percent
    if code.category in ("S", "L", "M"):
        text = _("Tax code %(code)s has no rate on %(date)s.")
        facts = {"code": code.code, "date": formats.day(on)}
        raise Refused([Violation("tax-missing", text % facts, "allowances")])
    return ZERO


def _document_rows(
    case: Case,
    result: totals.Totals,
    allowances: Sequence[AllowanceInput],
    codes: dict[tuple[str, Decimal], Line],
) -> list[AllowanceCharge]:
    rows = []
    numbers = _entry_numbers(case, allowances)
    for figures in result.allowances:
        index = int(str(figures.source_key)) - 1
        given, entry = allowances[index], numbers[index]
        line = codes.get((figures.category, figures.rate))
        row = AllowanceCharge(
            company_id=case.company.pk, entry=entry, is_charge=figures.charge, percent=figures.percent,
            base=figures.base, amount=figures.amount, stated_amount=given.amount,
            reason=(given.reason or (_("Freight") if given.is_charge else _("Discount")))[:200],
            reason_code=given.reason_code or (FREIGHT_CODE if given.is_charge else DISCOUNT_CODE),
            tax_category=figures.category, tax_rate=figures.rate, source_document_id=given.source_document_id,
            source_entry=given.source_entry,
        )  # fmt: skip
        chosen = given.taken_tax.code_id if given.taken_tax else given.tax_code_id
        row.tax_code_id = line.tax_code_id if line else chosen
        rows.append(row)
    return rows


def _entry_numbers(case: Case, allowances: Sequence[AllowanceInput]) -> list[int]:
    """What follow-ups took is known by its number: kept entries keep theirs, new ones get one that none ever had."""
    in_force: Case | None = case.facts.get("amends")
    numbers: list[int] = []
    for given in allowances:
        numbers.append(given.entry if given.entry and given.entry not in numbers else 0)
    highest = max(numbers, default=0)
    if in_force is not None and 0 in numbers:
        before = [row.entry for row in in_force.allowances if row.line_id is None]
        highest = max(highest, *before, highest_taken(in_force.document.pk))
    fresh = count(highest + 1)
    return [number or next(fresh) for number in numbers]


def _group(
    case: Case,
    figures: totals.TaxGroupTotals,
    codes: dict[tuple[str, Decimal], Line],
    of_charge: TaxCode | None,
) -> TaxGroup:
    """``of_charge``: the code that was chosen for a charge, which may be all there is in the group."""
    line = codes.get((figures.category, figures.rate))
    language = "en" if case.document.language.startswith("en") else "de"
    code_id, reason, text = None, "", ""
    if line is not None:
        code_id, source = line.tax_code_id, line.tax_source
        reason, text = source.get("exemption_code", ""), source.get(f"exemption_{language}", "")
    elif of_charge is not None:
        code_id, reason = of_charge.pk, of_charge.exemption_code
        text = of_charge.exemption_text_en if language == "en" else of_charge.exemption_text_de
    return TaxGroup(
        company_id=case.company.pk, tax_code_id=code_id, category=figures.category, rate=figures.rate,
        net=figures.net, tax=figures.tax, gross=figures.gross, exemption_code=reason, exemption_text=text,
    )  # fmt: skip


def _company_currency(case: Case, result: totals.Totals) -> None:
    document = case.document
    converted = totals.convert(result, document.exchange_rate)
    document.net_company, document.tax_company = converted.net, converted.tax
    document.gross_company, document.payable_company = converted.gross, converted.payable
    by_key = {(group.category, group.rate): group for group in converted.groups}
    for group in case.tax_groups:
        found = by_key[(group.category, group.rate)]
        group.net_company, group.tax_company = found.net, found.tax


def reconvert(case: Case) -> None:
    """The stored figures in the company's currency again, at another rate: as ``compute`` would say them."""
    document, rate = case.document, case.document.exchange_rate
    for group in case.tax_groups:
        group.net_company = totals.convert_amount(group.net, rate)
        group.tax_company = totals.convert_amount(group.tax, rate)
    document.net_company = sum((group.net_company for group in case.tax_groups), ZERO)
    document.tax_company = sum((group.tax_company for group in case.tax_groups), ZERO)
    document.gross_company = document.net_company + document.tax_company
    document.payable_company = (
        totals.convert_amount(document.payable_total, rate)
        if document.prepaid_total
        else document.gross_company + totals.convert_amount(document.rounding, rate)
    )
