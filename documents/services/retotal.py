"""What posting itself sets: document date, the table's rate of that day, dates of supply, due dates, cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils import translation

from documents.case import Case
from documents.models import Instalment, Line, TaxGroup
from documents.selectors import odd_cents
from documents.selectors.left import left_by_credits
from documents.services.compose import figures, rating
from documents.services.compose.build import cost_of, instalments, term_parts, terms_text
from documents.services.content import decision_hash
from documents.states import State
from documents.totals import convert_amount
from masterdata.selectors.reference import Terms, terms
from valeo.core.rows import Update

ZERO: Final = Decimal(0)
#: stands for the content that was decided on where its payment terms were changed since: no approval names it
OTHER_TERMS: Final = "other terms"
_OF_TERMS: Final = ("due", "share", "amount", "skonto_days", "skonto_until", "skonto_percent", "skonto_base")
_SAVE_LINES: Final = Update(Line, ("cost_price", "supply_from"))


def for_posting(case: Case) -> None:
    """Set the dates in memory; ``save_changed`` writes the rows that differ."""
    case.facts["lines_before"] = {line.pk: (line.cost_price, line.supply_from) for line in case.lines}
    redate(case)
    _supply(case)


def redate(case: Case) -> None:
    """A document that nobody dated is of today, and so are the terms that count from its date.

    The rate of the table is the one that the table has for the document's date by now: a mistyped row may have been put
    right. What was decided stands over both, since it was bound to the content as it was on its own day.
    """
    document = case.document
    if case.today is None:
        return
    moves = not document.date_is_set and document.document_date != case.today
    counts_anew = moves and not document.terms_date and bool(case.instalments)
    stands = not counts_anew or _terms_stand(case)
    decided = _decided(case, stands=stands) if counts_anew or _is_foreign(case) else ""
    if moves:
        document.document_date = case.today
    if counts_anew:
        _instalments(case, in_words=not stands)
    if rating.rerate(case, document.document_date):
        case.facts["rerated"] = True
        figures.reconvert(case)
    if decided and (counts_anew or case.facts.get("rerated")):
        case.facts["decided_hash"] = decided


def _is_foreign(case: Case) -> bool:
    return bool(case.document.currency != case.company.currency)


def _decided(case: Case, *, stands: bool) -> str:
    """The hash of what was decided on: the content of its own day, before another day is set. Empty for a draft.

    Due dates and the span of a cash discount follow the day: up to the end of a month it is another number of days each
    day. Where the terms themselves say something else by now, no decision stands over it.
    """
    if case.document.state == State.DRAFT:
        return ""
    return decision_hash(case) if stands else OTHER_TERMS


def close_off(case: Case) -> None:
    """A storno comes to what earlier credits left of its original: the odd cents are its rounding (BT-114).

    So does the credit that takes the last open quantities of the invoices that it corrects. What is more than odd cents is
    left alone: a cancellation's guards refuse it, a credit leaves it open.
    """
    document = case.document
    left = left_by_credits(case)
    if left is None and not document.rounding:
        return
    unrounded = document.gross_total - document.prepaid_total
    rounding = left.payable - unrounded if left else ZERO
    if left is None or not odd_cents.are_all(rounding, case, left.closed, left.earlier):
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


def _instalments(case: Case, *, in_words: bool = False) -> None:
    """The instalments by what the terms say now; ``in_words``: and the text that says so."""
    document = case.document
    found = _terms(case)
    if not case.instalments or found is None:
        return
    parts = term_parts(found.parts)
    if in_words:
        document.terms_text = _words(case, found)
    case.instalments = instalments(case, parts, document.terms_date or document.document_date)
    case.facts["instalments_changed"] = True


def _terms(case: Case) -> Terms | None:
    found = terms(case.reference).get(case.document.payment_term_id or 0)
    return found if found and found.parts else None


def _words(case: Case, found: Terms) -> str:
    language = case.document.language
    with translation.override(language):
        return terms_text(found.term, term_parts(found.parts), language)


def _terms_stand(case: Case) -> bool:
    """Whether the terms still say what stands here, in words and in figures for the day that these were made for."""
    found = _terms(case)
    if found is None:
        return True
    if _words(case, found) != case.document.terms_text:
        return False
    said = instalments(case, term_parts(found.parts), case.document.document_date)
    return [[getattr(row, name) for name in _OF_TERMS] for row in said] == [
        [getattr(row, name) for name in _OF_TERMS] for row in case.instalments
    ]


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
