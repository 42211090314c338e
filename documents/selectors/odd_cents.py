"""Whether the last credit is a few cents off only because every paper rounds its own figures.

Whoever takes the rest of an invoice bridges such cents as rounding (BT-114), which corrects no VAT. So nothing may hide in
it: every line and every document-level allowance or charge of the invoice has to be credited in full first. What then can
still differ is counted, not guessed:

- a line taken whole is the same line again and differs by nothing; one cut into pieces by at most half a cent for each
  rounded figure of its pieces and its own (amount and discounts), and by the price of the millionth to which a piece's
  quantity is rounded
- an allowance of a fixed amount differs by nothing, unless it is split over VAT groups or invoices: by at most a cent a part.
  So does a percentage, and by its share of what the lines may differ
- VAT by half a cent for each group of each paper
- the share of an invoice in a credit of several is apportioned: a cent for each VAT group and one for the whole
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from documents.case import Case
from documents.models import AllowanceCharge, Document, Line
from documents.selectors.cases import load_cases
from documents.selectors.shares import allowance_parts, original_by_line, originals_of
from documents.totals import CENT
from masterdata.rounding import MICRO

HALF: Final = CENT / 2
HUNDRED: Final = Decimal(100)
ZERO: Final = Decimal(0)
#: VAT category, rate, whether it is a charge
_Kind = tuple[str, Decimal, bool]


def are_all(difference: Decimal, last: Case, closed: Sequence[Document], earlier: Sequence[Document]) -> bool:
    """Whether ``difference`` is odd cents: of the invoices that ``last`` closes after the ``earlier`` credits."""
    if not difference:
        return True
    papers = [last, *load_cases([row.pk for row in earlier])]
    most = sum((_of_shares(paper, len(closed)) for paper in papers), ZERO)
    for original in load_cases([row.pk for row in closed]):
        own = [paper for paper in papers if original.document.pk in originals_of(paper)]
        lines = list(_lines(original, own))
        most_of_lines = sum((most for _off, most in lines), ZERO)
        parts = [*lines, *_allowances(original, own, most_of_lines)]
        if any(abs(off) > most for off, most in parts):
            return False
        rate = max((group.rate for group in original.tax_groups), default=ZERO)
        most += sum((most for _off, most in parts), ZERO) * (1 + rate / HUNDRED)
        most += HALF * sum(len(paper.tax_groups) for paper in (original, *own))
    return abs(difference) <= most


def _of_shares(paper: Case, closed: int) -> Decimal:
    return CENT * closed * (len(paper.tax_groups) + 1) if len(originals_of(paper)) > 1 else ZERO


def _lines(original: Case, papers: Iterable[Case]) -> Iterator[tuple[Decimal, Decimal]]:
    """By line what was not credited of it, or too much, and how much of that its pieces can round away."""
    pieces: dict[int, list[tuple[Case, Line]]] = {line.pk: [] for line in original.amount_lines}
    for paper in papers:
        own = _sources(paper)
        alone = len(originals_of(paper)) == 1
        for line in paper.amount_lines:
            source = own.get(line.pk)
            if source in pieces:
                pieces[source].append((paper, line))
            elif source is None and alone:  # it takes off the invoice what is no part of it
                yield _amount(paper, line), ZERO
    for line in original.amount_lines:
        found = pieces[line.pk]
        off = _amount(original, line) - sum((_amount(paper, piece) for paper, piece in found), ZERO)
        rounded = ((original, line), *found) if len(found) > 1 else ()
        yield off, sum((_rounds(paper, piece) for paper, piece in rounded), ZERO)


def _sources(paper: Case) -> dict[int, int]:
    """By line of the credit the invoice's line that it takes off."""
    concerned = original_by_line(paper)
    return {
        link.target_line_id: link.source_line_id
        for link in paper.links_in
        if link.via_id is None and link.target_line_id in concerned and link.source_line_id
        and link.source_document_id == concerned[link.target_line_id]
    }  # fmt: skip


def _amount(case: Case, line: Line) -> Decimal:
    """In the document's price mode, in which lines add up without being spread."""
    return line.gross_amount - sum((row.amount for row in _discounts(case, line)), ZERO)


def _rounds(case: Case, line: Line) -> Decimal:
    return HALF * (1 + len(_discounts(case, line))) + abs(line.price) / line.price_base * MICRO


def _discounts(case: Case, line: Line) -> list[AllowanceCharge]:
    return [row for row in case.allowances if row.line_id == line.pk]


def _allowances(
    original: Case, papers: Iterable[Case], most_of_lines: Decimal
) -> Iterator[tuple[Decimal, Decimal]]:
    """By VAT group, allowances and charges apart: what was not credited of them, and how much of that is roundings."""
    off: dict[_Kind, Fraction] = {}
    most: dict[_Kind, Decimal] = {}
    for sign, case in ((1, original), *((-1, paper) for paper in papers)):
        for row in case.allowances:
            if row.line_id is not None:
                continue
            several = sign < 0 and len(originals_of(case)) > 1
            parts = allowance_parts(case, row) if several else {original.document.pk: Fraction(row.amount)}
            kind = (row.tax_category, row.tax_rate, row.is_charge)
            off[kind] = off.get(kind, Fraction(0)) + sign * parts.get(original.document.pk, Fraction(0))
            rounds = CENT if row.percent is not None or len(parts) > 1 or _is_split(case, row) else ZERO
            most[kind] = most.get(kind, ZERO) + rounds + (row.percent or ZERO) / HUNDRED * most_of_lines
    for kind, amount in off.items():
        yield Decimal(amount.numerator) / amount.denominator, most[kind]


def _is_split(case: Case, row: AllowanceCharge) -> bool:
    return sum(other.line_id is None and other.entry == row.entry for other in case.allowances) > 1
