"""What a credit takes off each of the invoices that it corrects: the amounts of its own lines, tax included."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from documents.kinds import Relation
from documents.totals import apportion

if TYPE_CHECKING:
    from decimal import Decimal

    from documents.case import Case
    from documents.models import AllowanceCharge, Line

#: stands for lines that name no invoice
NOBODY: Final = 0
_REFERS: Final = (Relation.CORRECTS, Relation.CANCELS)


def originals_of(case: Case) -> set[int]:
    """The documents whose lines this one corrects or cancels."""
    return {
        link.source_document_id
        for link in case.links_in
        if link.via_id is None and link.source_line_id and link.relation in _REFERS
    }


def shares_by_lines(case: Case, *, rounded: bool = True) -> dict[int, Decimal]:
    """The payable total by original: each VAT group's gross in proportion to the nets that come from it.

    The odd cents stay in the group in which they arise; what the document rounds (BT-114) follows the totals, or is
    left out where not ``rounded``. The parts add up to the payable total.
    """
    keys = sorted({*original_by_line(case).values(), NOBODY})
    shares = dict.fromkeys(keys, Fraction(0))
    for group in case.tax_groups:
        nets = _nets(case, (group.category, group.rate))
        for key, amount in zip(
            keys, _in_proportion(group.gross, [nets.get(key, 0) for key in keys]), strict=True
        ):
            shares[key] += Fraction(amount)
    document = case.document
    payable = document.payable_total if rounded else document.gross_total - document.prepaid_total
    beside = _in_proportion(payable - document.gross_total, list(shares.values()))
    for key, amount in zip(keys, beside, strict=True):
        shares[key] += Fraction(amount)
    parts = apportion(payable, list(shares.values()))
    return {key: amount for key, amount in zip(keys, parts, strict=True) if amount}


def _in_proportion(total: Decimal, weights: list[Fraction | int]) -> tuple[Decimal, ...]:
    sizes = [abs(Fraction(weight)) for weight in weights]
    whole = sum(sizes)
    if not whole:
        sizes, whole = [Fraction(1), *sizes[1:]], Fraction(1)
    return apportion(total, [Fraction(total) * size / whole for size in sizes])


def original_by_line(case: Case) -> dict[int, int]:
    """By line: the document that it corrects or cancels."""
    found: dict[int, int] = {}
    for link in case.links_in:
        if link.via_id is None and link.target_line_id and link.source_line_id and link.relation in _REFERS:
            found.setdefault(link.target_line_id, link.source_document_id)
    return found


def _nets(case: Case, group: tuple[str, Decimal]) -> dict[int, Fraction]:
    """The group's net by original: its lines, and allowances of the document spread over the lines they concern."""
    original = original_by_line(case)
    lines = [line for line in case.amount_lines if (line.tax_category, line.tax_rate) == group]
    nets: dict[int, Fraction] = {}
    for line in lines:
        key = original.get(line.pk, NOBODY)
        nets[key] = nets.get(key, Fraction(0)) + Fraction(line.net_amount)
    for row in case.allowances:
        if row.line_id is not None or (row.tax_category, row.tax_rate) != group:
            continue
        for key, part in allowance_parts(case, row).items():
            nets[key] += part if row.is_charge else -part
    return nets


def allowance_parts(case: Case, row: AllowanceCharge) -> dict[int, Fraction]:
    """By original: the document's allowance or charge, spread over the lines of its VAT group that it concerns."""
    original = original_by_line(case)
    group = (row.tax_category, row.tax_rate)
    lines = [line for line in case.amount_lines if (line.tax_category, line.tax_rate) == group]
    concerned = [line for line in lines if _comes_from(case, line, row.source_document_id)] or lines
    whole = sum((Fraction(line.net_amount) for line in concerned), Fraction(0))
    parts: dict[int, Fraction] = {}
    for line in concerned if whole else ():
        key = original.get(line.pk, NOBODY)
        part = Fraction(row.amount) * Fraction(line.net_amount) / whole
        parts[key] = parts.get(key, Fraction(0)) + part
    return parts


def _comes_from(case: Case, line: Line, document_id: int | None) -> bool:
    """Whether an entry of that document speaks of the line; one of this document speaks of every line."""
    if document_id is None:
        return True
    return any(
        link.target_line_id == line.pk and link.source_document_id == document_id for link in case.links_in
    )
