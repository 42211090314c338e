"""Writes a composed case: a new one in one statement, a changed one with its lines kept by their key."""

from __future__ import annotations

from typing import Any, Final

from documents.case import Case
from documents.models import AllowanceCharge, Instalment, Line, LineLot, Link, Party, TaxGroup
from documents.services import storing
from documents.services.content import search_text

_NOT_WRITTEN: Final = {
    "id", "company", "document", "delivered", "returned", "replaced", "ordered", "received", "invoiced", "billed",
    "credited", "closed", "closed_reason",
}  # fmt: skip
LINE_FIELDS: Final = [field.name for field in Line._meta.concrete_fields if field.name not in _NOT_WRITTEN]
_CHILDREN: Final[tuple[type[Any], ...]] = (AllowanceCharge, TaxGroup, Instalment, LineLot)


def write(case: Case, *, is_new: bool) -> dict[int, Line]:
    """Save the document and its rows; returns the new lines by position.

    A new document comes with all its rows in one statement; the row of an old one is saved last, by the caller.
    """
    document = case.document
    document.search_text = search_text(case)
    if is_new:
        return storing.insert(case)
    added = _lines(case)
    for model in _CHILDREN:
        model.objects.filter(document=document).delete()
    _parties(case)
    tables: tuple[tuple[type[Any], list[Any]], ...] = (
        (AllowanceCharge, case.allowances), (TaxGroup, case.tax_groups), (Instalment, case.instalments),
        (LineLot, [lot for lots in case.lots.values() for lot in lots]),
    )  # fmt: skip
    for model, rows in tables:
        if rows:
            for position, row in enumerate(rows, start=1):
                row.document = document
                row.pk = None
                if model is Instalment:
                    row.position = position
            model.objects.bulk_create(rows)
    return added


def _lines(case: Case) -> dict[int, Line]:
    document = case.document
    new = [line for line in case.lines if line.pk < 0]
    kept = [line for line in case.lines if line.pk > 0]
    temporary = {id(line): line.pk for line in new}
    for line in new:
        line.pk = None  # the database gives the key
        line.document = document
    gone = case.facts.pop("removed_lines", ())
    if gone:
        Link.objects.filter(target_line__in=gone).delete()
        Line.objects.filter(pk__in=gone).delete()
    if kept:
        Line.objects.bulk_update(kept, LINE_FIELDS)
    if new:
        Line.objects.bulk_create(new)
    keys = {temporary[id(line)]: line.pk for line in new}
    for row in case.allowances:
        if row.line_id is not None:
            row.line_id = keys.get(row.line_id, row.line_id)
    case.lots = {keys.get(key, key): lots for key, lots in case.lots.items()}
    for key, lots in case.lots.items():
        for lot in lots:
            lot.line_id = key
    origins = case.facts.get("line_origins", {})
    case.facts["line_origins"] = {keys.get(key, key): value for key, value in origins.items()}
    return {line.position: line for line in new}


def _parties(case: Case) -> None:
    for party in case.parties.values():
        party.document = case.document
    new: list[Party] = [party for party in case.parties.values() if party._state.adding and not party.pk]
    old = [party for party in case.parties.values() if party.pk]
    if old:
        Party.objects.filter(document=case.document).exclude(pk__in=[party.pk for party in old]).delete()
    if new:
        Party.objects.bulk_create(new)
    if old:
        fields = [
            field.name
            for field in Party._meta.concrete_fields
            if field.name not in {"id", "company", "document"}
        ]
        Party.objects.bulk_update(old, fields)
