"""Proves posted documents against the audit: a change of any column, made with the triggers off, is found.

The posting entry (and each amendment's) carries the SHA-256 of the snapshot and of all rows as the database holds
them, without the progress columns; those are derived again from the links. It carries another one of what the document
wrote into the ledgers of higher floors (``ledger``; absent in entries from before there was one).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from documents import snapshot
from documents.models import Document, Line, Revision
from documents.models.triggers import DOCUMENT_PROGRESS, LINE_PROGRESS
from documents.services.progress import MEASURE_COLUMNS, measured
from documents.states import FROZEN
from valeo.audit.models import AuditEntry
from valeo.core.prepared import prepared

SEALING: Final = ("post", "amend")
BATCH: Final = 200


def _without(columns: Iterable[str]) -> str:
    return "".join(f" - '{column}'" for column in columns)


def _rows(table: str, key: str, columns: Iterable[str] = ()) -> str:
    return (
        f"(SELECT coalesce(string_agg((to_jsonb(r){_without(columns)})::text, '' ORDER BY r.id), '') "  # noqa: S608
        f"FROM {table} r WHERE r.{key} = d.id)"
    )


# A column that came after documents were sealed is empty in those, and left out: their seals hold as they are.
_LATER: Final = ("rate_typed",)
_ROWS: Final = (
    "encode(sha256(convert_to((to_jsonb(d)"
    + _without(DOCUMENT_PROGRESS)
    + "".join(f" - CASE WHEN d.{column} IS NULL THEN '{column}' ELSE '' END" for column in _LATER)
    + ")::text || "
    + " || ".join(
        (
            _rows("documents_line", "document_id", LINE_PROGRESS),
            _rows("documents_allowancecharge", "document_id"),
            _rows("documents_taxgroup", "document_id"),
            _rows("documents_party", "document_id"),
            _rows("documents_instalment", "document_id"),
            _rows("documents_linelot", "document_id"),
            _rows("documents_link", "target_document_id"),
        )
    )
    + ", 'UTF8')), 'hex')"
)
_ledgers: Final[dict[str, str]] = {}  # table → its column of the document


class Digest(NamedTuple):
    """SHA-256 of a document with its rows, and of its entries in the ledgers ("" where it has none)."""

    rows: str
    ledger: str


def register_ledger(table: str, column: str) -> None:
    """A table whose rows are written with a document's posting and never change: called in ``ready()``."""
    _ledgers[table] = column
    _sql.cache_clear()


@cache
def _sql() -> str:
    entries = " || ".join(_rows(table, column) for table, column in sorted(_ledgers.items())) or "''"
    ledger = f"coalesce(encode(sha256(convert_to(nullif({entries}, ''), 'UTF8')), 'hex'), '')"
    return f"SELECT d.id, {_ROWS}, {ledger} FROM documents_document d WHERE d.id = ANY(%s)"  # noqa: S608 - constants


def digests(document_ids: Iterable[int]) -> dict[int, Digest]:
    """The digests over every column of these documents, their rows and their ledger entries, as stored; one query."""
    with prepared() as cursor:
        cursor.execute(_sql(), [list(document_ids)])
        return {pk: Digest(rows, ledger) for pk, rows, ledger in cursor.fetchall()}


def verify(company_id: int) -> Iterator[str]:
    """What does not fit, in words, for ``verify_audit``; nothing where all is well."""
    seals, states = _entries(company_id)
    documents = (
        Document.everywhere.filter(company_id=company_id, state__in=FROZEN).exclude(number="").order_by("pk")
    )
    known: set[int] = set()
    batch: list[Document] = []
    for document in documents.iterator(chunk_size=BATCH):
        known.add(document.pk)
        batch.append(document)
        if len(batch) == BATCH:
            yield from _check(batch, seals, states)
            batch = []
    if batch:
        yield from _check(batch, seals, states)
    for pk, seal in seals.items():
        if pk not in known:
            yield f"{seal['label']}: posted according to the audit, but there is no such posted document"


def _entries(company_id: int) -> tuple[dict[int, dict[str, str]], dict[int, str]]:
    seals: dict[int, dict[str, str]] = {}
    states: dict[int, str] = {}
    rows = (
        AuditEntry.everywhere.filter(company_id=company_id, object_type=Document._meta.label_lower)
        .order_by("seq")
        .values_list("object_id", "action", "to_state", "data", "label")
    )
    for pk, action, to_state, data, label in rows.iterator(chunk_size=2000):
        if pk is None:
            continue
        if action in SEALING:
            seals[pk] = {
                "rows": data.get("rows", ""), "snapshot": data.get("snapshot", ""), "label": label or f"document {pk}",
                **({"ledger": data["ledger"]} if "ledger" in data else {}),
            }  # fmt: skip
        if to_state:
            states[pk] = to_state
    return seals, states


def _check(batch: list[Document], seals: dict[int, dict[str, str]], states: dict[int, str]) -> Iterator[str]:
    ids = [document.pk for document in batch]
    found = digests(ids)
    contents = _contents(ids)
    for document in batch:
        seal = seals.get(document.pk)
        if seal is None:
            yield f"{document.number}: posted, but the audit has no posting entry"
            continue
        digest = found.get(document.pk, Digest("", ""))
        if digest.rows != seal["rows"]:
            yield f"{document.number}: the document or its rows were changed after posting"
        if digest.ledger != seal.get("ledger", digest.ledger):
            yield f"{document.number}: its entries in the stock ledger were changed after posting"
        if states.get(document.pk) != document.state:
            yield f"{document.number}: state {document.state}, the audit says {states.get(document.pk)}"
        held = contents.get((document.pk, document.revision))
        if held is None or held != seal["snapshot"]:
            yield f"{document.number}: the frozen snapshot was changed or is missing"
    yield from _progress(ids)


def _contents(ids: list[int]) -> dict[tuple[int, int], str]:
    rows = Revision.everywhere.filter(document__in=ids, state__in=["in_force", "superseded"])
    return {
        (document_id, number): snapshot.content_hash(content)
        for document_id, number, content in rows.values_list("document_id", "number", "content")
    }


def _progress(ids: list[int]) -> Iterator[str]:
    lines = {line.pk: line for line in Line.everywhere.filter(document__in=ids).select_related("document")}
    for pk, columns in measured(lines).items():
        line = lines[pk]
        for name in MEASURE_COLUMNS:
            if getattr(line, name) != columns[name]:
                yield (
                    f"{line.document.number} line {line.position}: {name} is {getattr(line, name)}, "
                    f"the links say {columns[name]}"
                )
