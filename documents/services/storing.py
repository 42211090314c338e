"""A new document with all its rows in one INSERT: the rows travel as JSON, the keys come back by position."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from django.db import models

from documents.case import Case
from documents.models import AllowanceCharge, Document, Instalment, Line, LineLot, Party, TaxGroup
from valeo.core import rows
from valeo.core.prepared import prepared

_DOCUMENT: Final = rows.Record(Document)
#: rows that name a line name it by its position
_BY_LINE: Final = frozenset({"allowances", "lots"})
_CHILDREN: Final[dict[str, rows.Record[Any]]] = {
    "lines": rows.Record(Line, without={"document"}),
    "parties": rows.Record(Party, without={"document"}),
    "allowances": rows.Record(AllowanceCharge, without={"document", "line"}),
    "tax_groups": rows.Record(TaxGroup, without={"document"}),
    "instalments": rows.Record(Instalment, without={"document"}),
    "lots": rows.Record(LineLot, without={"document", "line"}),
}


def insert(case: Case) -> dict[int, Line]:
    """Store the case as it was composed; returns its lines by position."""
    document = case.document
    given = _rows(case)
    at = {line.pk: line.position for line in case.lines}
    names = tuple(name for name, found in given.items() if found)
    parameters = [rows.dump([_DOCUMENT.of(document, adding=True)])]
    for name in names:
        record = _CHILDREN[name]
        records = [{"ord": index, **record.of(row, adding=True)} for index, row in enumerate(given[name])]
        if name in _BY_LINE:
            for values, row in zip(records, given[name], strict=True):
                values["at"] = at.get(row.line_id)
        parameters.append(rows.dump(records))
    with prepared() as cursor:
        cursor.execute(_sql(names), parameters)
        found = cursor.fetchone()
    rows.stored(document, found[0])
    for name, keys in zip(names, found[1:], strict=True):
        _stored(document, given[name], sorted(keys))
    _name_lines(case, at)
    return {line.position: line for line in case.lines}


def _rows(case: Case) -> dict[str, Sequence[Any]]:
    for position, row in enumerate(case.instalments, start=1):
        row.position = position
    return {
        "lines": case.lines,
        "parties": list(case.parties.values()),
        "allowances": case.allowances,
        "tax_groups": case.tax_groups,
        "instalments": case.instalments,
        "lots": [_of_line(lot, key) for key, lots in case.lots.items() for lot in lots],
    }


def _of_line(lot: LineLot, key: int) -> LineLot:
    lot.line_id = key
    return lot


def _stored(document: Document, given: Sequence[models.Model], keys: list[int]) -> None:
    """Rows are inserted in their order, so the keys rise with it."""
    for row, key in zip(given, keys, strict=True):
        rows.stored(row, key)
        row.document = document  # type: ignore[attr-defined]


def _name_lines(case: Case, at: dict[int, int]) -> None:
    """What named a line by its temporary key names it by its own."""
    by_position = {line.position: line.pk for line in case.lines}
    keys = {temporary: by_position[position] for temporary, position in at.items()}
    for row in case.allowances:
        if row.line_id is not None:
            row.line_id = keys[row.line_id]
    case.lots = {keys[key]: lots for key, lots in case.lots.items()}
    for key, lots in case.lots.items():
        for lot in lots:
            lot.line_id = key
    origins = case.facts.get("line_origins", {})
    case.facts["line_origins"] = {keys.get(key, key): value for key, value in origins.items()}


@cache
def _sql(names: tuple[str, ...]) -> str:
    """One statement for the tables that have rows."""
    insert = f"INSERT INTO {Document._meta.db_table} ({_DOCUMENT.columns}) SELECT {_DOCUMENT.selected} "
    given = f"FROM jsonb_to_recordset(%s::jsonb) AS r({_DOCUMENT.types})"
    parts = [
        f"document AS ({insert}{given} RETURNING id)",
        *(f"{name} AS ({_child(name)})" for name in names),
    ]
    keys = "".join(f", (SELECT array_agg(id) FROM {name})" for name in names)  # noqa: S608
    return f"WITH {', '.join(parts)} SELECT id{keys} FROM document"  # noqa: S608


def _child(name: str) -> str:
    record = _CHILDREN[name]
    by_line = name in _BY_LINE
    table = record.model._meta.db_table
    return (
        f"INSERT INTO {table} (document_id{', line_id' if by_line else ''}, {record.columns}) "  # noqa: S608
        f"SELECT document.id{', l.id' if by_line else ''}, {record.selected} "
        f"FROM document, jsonb_to_recordset(%s::jsonb) AS r(ord int, at int, {record.types}) "
        f"{'LEFT JOIN lines l ON l.position = r.at ' if by_line else ''}"
        f"ORDER BY r.ord RETURNING id{', position' if name == 'lines' else ''}"
    )
