"""Progress columns of source lines and documents: derived from live links, never typed in."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from documents import quantities, registry
from documents.case import Case
from documents.claims import counted
from documents.kinds import Measure
from documents.models import Document, Line
from documents.models.triggers import LINE_PROGRESS
from valeo.core.prepared import prepared

ZERO: Final = Decimal(0)
MEASURE_COLUMNS: Final = (
    "delivered",
    "returned",
    "replaced",
    "ordered",
    "received",
    "invoiced",
    "billed",
    "credited",
)

# A link counts while its target is live, and with it the step it passes through. The successor of a correction
# takes its quantities over from the original only at posting, when the original is cancelled.
_SUMS = """
SELECT l.source_line_id, l.measure, sum(l.quantity) FILTER (WHERE l.counts), sum(l.quantity) FILTER (WHERE l.replaces)
FROM documents_link l
JOIN documents_document t ON t.id = l.target_document_id
LEFT JOIN documents_link v ON v.id = l.via_id
LEFT JOIN documents_document vt ON vt.id = v.target_document_id
WHERE l.source_line_id = ANY(%s) AND l.measure <> ''
  AND (t.state = 'posted' OR (t.state IN ('pending', 'approved') AND (l.relation <> 'corrects' OR l.measure = 'credited')))
  AND (l.via_id IS NULL OR vt.state IN ('pending', 'approved', 'posted'))
GROUP BY l.source_line_id, l.measure
"""


def measured(line_ids: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """What the live links say about these lines, by progress column; the proof behind the stored columns."""
    found: dict[int, dict[str, Decimal]] = {pk: dict.fromkeys(MEASURE_COLUMNS, ZERO) for pk in line_ids}
    with prepared() as cursor:
        cursor.execute(_SUMS, [list(found)])
        for pk, measure, counted, replaced in cursor.fetchall():
            found[pk][measure] = counted or ZERO
            if measure == Measure.RETURNED:
                found[pk]["replaced"] = replaced or ZERO
    return found


def apply(case: Case, *, was: str, now: str) -> list[Line]:
    """Add or take back what this document's links feed, on the source lines in memory, when its liveness changes.

    Returns the changed lines. The caller has locked the sources and saves with ``save``.
    """
    changed: dict[int, Line] = {}
    for link in case.links_in:
        step = counted(link, now) - counted(link, was)
        line = case.source_lines.get(link.source_line_id or 0)
        if not step or line is None or not link.measure:
            continue
        if link.counts:
            setattr(line, link.measure, getattr(line, link.measure) + step * link.quantity)
        if link.measure == Measure.RETURNED and link.replaces:
            line.replaced += step * link.quantity
        changed[line.pk] = line
    return list(changed.values())


def save(lines: list[Line]) -> None:
    """Write the progress columns of these lines in one statement."""
    if not lines:
        return
    columns = LINE_PROGRESS
    types = ["text" if name == "closed_reason" else "numeric" for name in columns]
    arrays: list[Any] = [[line.pk for line in lines]]
    arrays += [[str(getattr(line, name)) for line in lines] for name in columns]
    sets = ", ".join(f"{name} = v.{name}::{kind}" for name, kind in zip(columns, types, strict=True))
    unnest = ", ".join(["%s::bigint[]"] + ["%s::text[]"] * len(columns))
    sql = f"UPDATE documents_line AS l SET {sets} FROM unnest({unnest}) AS v(id, {', '.join(columns)}) WHERE l.id = v.id"  # noqa: S608 - names from a constant
    with prepared() as cursor:
        cursor.execute(sql, arrays)


def refresh(documents: Iterable[Document], lines_of: dict[int, list[Line]]) -> list[Document]:
    """Derive fulfilment and invoicing of these documents from their lines in memory; save what changed.

    A quotation from which an order came is accepted by it.
    """
    changed = []
    for document in documents:
        document_type = registry.get(document.kind)
        rows = lines_of.get(document.pk, [])
        fulfilment = quantities.fulfilment(rows, document_type)
        invoicing = quantities.invoicing(rows, document_type)
        if (document.fulfilment, document.invoicing) != (fulfilment, invoicing):
            document.fulfilment, document.invoicing = fulfilment, invoicing
            changed.append(document)
    if changed:
        with prepared() as cursor:
            cursor.execute(
                "UPDATE documents_document AS d SET fulfilment = v.f, invoicing = v.i "
                "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v(id, f, i) WHERE d.id = v.id",
                [
                    [document.pk for document in changed],
                    [str(document.fulfilment) for document in changed],
                    [str(document.invoicing) for document in changed],
                ],
            )
    return changed


def recompute(line_ids: Iterable[int]) -> None:
    """Derive the progress of these lines and their documents anew from the links (after a cancellation)."""
    found = measured(line_ids)
    if not found:
        return
    touched = Line.objects.filter(pk__in=found).values_list("document_id", flat=True)
    documents = {row.pk: row for row in Document.objects.filter(pk__in=set(touched))}
    lines_of: dict[int, list[Line]] = {}
    changed = []
    for line in Line.objects.filter(document__in=documents).order_by("document_id", "position"):
        lines_of.setdefault(line.document_id, []).append(line)
        if line.pk in found:
            for column, value in found[line.pk].items():
                setattr(line, column, value)
            changed.append(line)
    save(changed)
    refresh(documents.values(), lines_of)
