"""The tax of what corrects or cancels another document: the other's, whatever master data says today (§ 17 UStG)."""

from __future__ import annotations

from documents.case import Case
from documents.inputs import TakenTax
from documents.kinds import Measure, Relation
from documents.models import AllowanceCharge, Line


def tax_of(row: Line | AllowanceCharge) -> TakenTax:
    """The tax of a stored line or allowance as it stands."""
    source = row.tax_source if isinstance(row, Line) else {}
    return TakenTax(row.tax_code_id, row.tax_category, row.tax_rate, source)


def taken_taxes(case: Case) -> dict[int, TakenTax]:
    """By line: the tax of the line that it cancels, credits or brings back; empty for every other document."""
    found = {}
    for link in case.links_in:
        source = case.source_lines.get(link.source_line_id or 0)
        if source is None or link.via_id is not None or link.target_line_id is None:
            continue
        credits_it = link.relation == Relation.CORRECTS and case.type.ledger_sign < 0
        if link.relation == Relation.CANCELS or credits_it or link.measure == Measure.RETURNED:
            found[link.target_line_id] = tax_of(source)
    return found
