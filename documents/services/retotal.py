"""What posting itself sets: document date, the table's rate of that day, dates of supply, due dates, cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils import translation

from documents.case import Case
from documents.models import Instalment, Line, TaxGroup
from documents.selectors.left import left_by_credits
from documents.services.compose import figures, rating
from documents.services.compose.build import cost_of, instalments, term_parts, terms_text
from documents.services.content import decision_hash
from documents.totals import convert_amount
from valeo.core.rows import Update

ZERO: Final = Decimal(0)
_SAVE_LINES: Final = Update(Line, ("cost_price", "supply_from"))


def for_posting(case: Case) -> None:
    """Set the dates in memory; ``save_changed`` writes the rows that differ."""
    case.facts["lines_before"] = {line.pk: (line.cost_price, line.supply_from) for line in case.lines}
    redate(case)
    _supply(case)


def redate(case: Case) -> None:
    """A document that nobody dated is of today, and so are its exchange rate and the terms that count from its date."""
    document = case.document
    if document.date_is_set or case.today is None or document.document_date == case.today:
        return
    document.document_date = case.today
    decided = decision_hash(case) if document.currency != case.company.currency else ""
    if rating.rerate(case, case.today):
        case.facts["decided_hash"] = decided  # of the content that was decided on, at the rate of its day
        case.facts["rerated"] = True
        figures.reconvert(case)
    if not document.terms_date:
        _instalments(case)


def close_off(case: Case) -> None:
    """A storno comes to what earlier credits left of its original: the odd cents are its rounding (BT-114).

    So does the credit that takes the last open quantities of the invoices that it corrects. More than roundings can explain is left alone, and the guards refuse it.
    """
    document = case.document
    left = left_by_credits(case)
    if left is None and not document.rounding:
        return
    unrounded = document.gross_total - document.prepaid_total
    rounding = left.payable - unrounded if left else ZERO
    if left is None or abs(rounding) > left.most:
        rounding, company = ZERO, convert_amount(unrounded, document.exchange_rate)
    elif all(
        case.sources[pk].exchange_rate == document.exchange_rate for pk in left.shares if pk in case.sources
    ):
        company = left.company
    else:
        company = convert_amount(unrounded + rounding, document.exchange_rate)
    document.rounding, document.payable_total, document.payable_company = (
        rounding,
        unrounded + rounding,
        company,
    )
    _instalments(case)


def _supply(case: Case) -> None:
    """A voucher says when it supplied, also where that is its own date (§ 14 (4) No. 6 UStG)."""
    document, traits = case.document, case.type.traits
    if not (traits.is_invoice or traits.moves_stock) or document.supply_from:
        return
    undated = [line for line in case.amount_lines if line.supply_from is None]
    if not undated:
        return
    if len(undated) == len(case.amount_lines):
        document.supply_from = document.document_date
        return
    for line in undated:
        line.supply_from = document.document_date


def _instalments(case: Case) -> None:
    document = case.document
    if not case.instalments or document.payment_term is None:
        return
    parts = term_parts(document.payment_term.instalments.order_by("position"))
    with translation.override(document.language):  # the words go with what they say
        document.terms_text = terms_text(document.payment_term, parts, document.language)
    case.instalments = instalments(case, parts, document.terms_date or document.document_date)
    case.facts["instalments_changed"] = True


def save_changed(case: Case) -> None:
    """Write lines and instalments that posting changed; the document's row is saved by the caller."""
    before = case.facts.get("lines_before", {})
    changed = [
        line
        for line in case.lines
        if before.get(line.pk, (None, None)) != (line.cost_price, line.supply_from)
    ]
    if changed:
        _SAVE_LINES(changed)
    save_redated(case)
    case.document.cost_total = cost_of(case.lines)


def save_redated(case: Case) -> None:
    """Write what another date changed beside the document's row: VAT groups at another rate, instalments due then."""
    if case.facts.pop("rerated", False):
        TaxGroup.objects.bulk_update(case.tax_groups, ["net_company", "tax_company"])
    if case.facts.pop("instalments_changed", False):
        Instalment.objects.filter(document=case.document).delete()
        for row in case.instalments:
            row.document = case.document
        Instalment.objects.bulk_create(case.instalments)
