"""The chain a document belongs to: what it was made from and what was made from it, with partial quantities."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Sum

from documents import registry
from documents.case import Case
from documents.kinds import Measure, Progress, Relation
from documents.models import Document, Link
from documents.states import LIVE, State
from valeo.core.prepared import prepared

ZERO: Final = Decimal(0)
# Everything reachable up and down from the document, by direct links.
_REACH: Final = """
WITH RECURSIVE up(id) AS (
  SELECT %s::bigint UNION
  SELECT l.source_document_id FROM documents_link l JOIN up ON l.target_document_id = up.id WHERE l.via_id IS NULL
), down(id) AS (
  SELECT id FROM up UNION
  SELECT l.target_document_id FROM documents_link l JOIN down ON l.source_document_id = down.id WHERE l.via_id IS NULL
)
SELECT id FROM down LIMIT 200
"""
ORDER: Final = ("quotation", "sales_order", "delivery_note", "sales_invoice", "credit_note")


def freed_by(documents: list[int]) -> dict[int, Decimal]:
    """What becomes open of each source line when a correction cancels these documents: free for the successor.

    That is what they take, less what credits of them have given back already.
    """
    freed: dict[int, Decimal] = {}
    for link in Link.objects.filter(target_document__in=documents, via__isnull=True).exclude(measure=""):
        if link.source_line_id:
            freed[link.source_line_id] = freed.get(link.source_line_id, ZERO) + link.quantity
    for line, quantity in given_back(documents).items():
        freed[line] = freed.get(line, ZERO) - quantity
    return freed


def given_back(documents: list[int]) -> dict[int, Decimal]:
    """By source line: what live credits of these documents count there; with the documents it ceases to count."""
    rows = Link.objects.filter(
        via__target_document__in=documents,
        measure=Measure.CREDITED,
        counts=True,
        target_document__state__in=LIVE,
    )
    return {
        line: quantity for line, quantity in rows.values_list("source_line").annotate(Sum("quantity")) if line
    }


def corrected_by(case: Case) -> Document | None:
    """The voucher whose place the case takes as the successor of a correction."""
    return next(
        (
            case.sources[link.source_document_id]
            for link in case.links_in
            if link.relation == Relation.CORRECTS
            and link.source_line_id is None
            and link.source_document_id in case.sources
        ),
        None,
    )


def release(case: Case) -> None:
    """Of a correction: what the original gives back is free for the successor, which takes it over at posting."""
    original = corrected_by(case)
    if original is not None:
        case.facts["released"] = freed_by([original.pk])


@dataclass(frozen=True, slots=True)
class ChainRow:
    document: Document
    share: Decimal | None
    here: bool


@dataclass(frozen=True, slots=True)
class ChainColumn:
    """One kind in the chain with its documents; ``open_share`` is what is still to come."""

    kind: str
    title: str
    rows: list[ChainRow]
    current: bool
    open_share: Decimal | None


def chain_of(case: Case) -> list[ChainColumn]:
    """The columns from quotation to credit note that have documents, the kind at hand included. Two queries."""
    with prepared() as cursor:
        cursor.execute(_REACH, [case.document.pk])
        ids = [row[0] for row in cursor.fetchall()]
    found: dict[str, list[Document]] = {}
    rows = (
        Document.objects.filter(pk__in=ids)
        .exclude(state=State.CANCELLED, number="")
        .order_by("document_date", "pk")
    )
    for document in rows:
        found.setdefault(document.kind, []).append(document)
    order = _order_of(case, found)
    columns = []
    kinds = [*ORDER, *(kind for kind in found if kind not in ORDER)]
    for kind in kinds:
        documents = found.get(kind, [])
        if not documents:
            continue
        shares = _shares(documents, order)
        columns.append(
            ChainColumn(
                kind=kind,
                title=str(
                    registry.get(kind).title_plural if len(documents) > 1 else registry.get(kind).title
                ),
                rows=[
                    ChainRow(document, shares.get(document.pk), document.pk == case.document.pk)
                    for document in documents
                ],
                current=kind == case.document.kind,
                open_share=_open(kind, order, shares),
            )
        )
    return columns


def _order_of(case: Case, found: dict[str, list[Document]]) -> Document | None:
    """The one order whose value the deliveries and invoices are shares of."""
    if case.type.traits.needs_delivery:
        return case.document
    orders = [row for kind, rows in found.items() if registry.get(kind).traits.needs_delivery for row in rows]
    return orders[0] if len(orders) == 1 else None


def _shares(documents: list[Document], order: Document | None) -> dict[int, Decimal]:
    document_type = registry.get(documents[0].kind)
    counts = document_type.traits.moves_stock or document_type.ledger_sign > 0
    if order is None or not order.net_total or not counts:
        return {}
    counted = [document for document in documents if document.state in LIVE]
    return {document.pk: min(Decimal(1), abs(document.net_total) / order.net_total) for document in counted}


def _open(kind: str, order: Document | None, shares: dict[int, Decimal]) -> Decimal | None:
    if order is None or not shares:
        return None
    progress = order.fulfilment if registry.get(kind).traits.moves_stock else order.invoicing
    rest = Decimal(1) - sum(shares.values(), ZERO)
    return rest if progress != Progress.COMPLETE and rest > ZERO else None


def successors(document: Document) -> list[Document]:
    """Documents made from this one, live or not, for its page."""
    return list(
        Document.objects.filter(links_in__source_document=document, links_in__via__isnull=True)
        .exclude(state=State.CANCELLED, number="")
        .distinct()
        .order_by("pk")
    )


def pair_of(document: Document) -> list[Document]:
    """The other half of a one-step correction."""
    links = Link.objects.filter(relation=Relation.SETTLES, source_line__isnull=True)
    ids = [*links.filter(source_document=document).values_list("target_document", flat=True)]
    ids += [*links.filter(target_document=document).values_list("source_document", flat=True)]
    return list(Document.objects.filter(pk__in=ids))
