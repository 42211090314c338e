"""The tax code that a person chose for a discount or charge of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from django.db.models import Sum

from documents.models import AllowanceCharge, Line

ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")
Groups = Mapping[tuple[str, Decimal], Decimal]


def groups_of(lines: Iterable[Line]) -> Groups:
    """The net of these lines by VAT category and rate."""
    groups: dict[tuple[str, Decimal], Decimal] = {}
    for line in lines:
        key = (line.tax_category, line.tax_rate)
        groups[key] = groups.get(key, ZERO) + line.net_amount
    return groups


def chosen_code(rows: list[AllowanceCharge], groups: Groups) -> int | None:
    """The code of an entry, given all its rows and the VAT groups of the document's lines; None: nobody chose one.

    An entry without a code of its own is spread over all groups of the lines that it is of, so one that is in a single
    group though others would have had a cent of it was put there.
    """
    row, whole = rows[0], sum(groups.values(), ZERO)
    of_some_lines = row.percent is not None and row.source_document_id is not None
    if len(rows) > 1 or of_some_lines or not whole:
        return None
    others = [net for key, net in groups.items() if key != (row.tax_category, row.tax_rate)]
    spread = any(abs(row.amount * net / whole) >= CENT for net in others)
    return row.tax_code_id if spread else None


def chosen_codes(rows: Iterable[AllowanceCharge]) -> dict[tuple[int, int], int]:
    """The chosen codes by document and entry, of documents whose lines are not at hand; one query where one may be."""
    entries: dict[tuple[int, int], list[AllowanceCharge]] = {}
    for row in rows:
        entries.setdefault((row.document_id, row.entry), []).append(row)
    candidates = {key: found for key, found in entries.items() if len(found) == 1 and found[0].tax_code_id}
    if not candidates:
        return {}
    groups: dict[int, dict[tuple[str, Decimal], Decimal]] = {}
    of_lines = Line.objects.filter(document__in={document for document, _entry in candidates}).order_by()
    for document, category, rate, net in of_lines.values_list(
        "document", "tax_category", "tax_rate"
    ).annotate(Sum("net_amount")):
        groups.setdefault(document, {})[category, rate] = net
    found_codes = {key: chosen_code(found, groups.get(key[0], {})) for key, found in candidates.items()}
    return {key: code for key, code in found_codes.items() if code is not None}
