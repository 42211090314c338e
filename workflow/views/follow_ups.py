"""The ways on from a document: what is made from it, and what is made from the vouchers that came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from documents import registry
from documents.case import Case
from documents.kinds import Family, Measure, Progress, Relation
from documents.models import Document, Link
from documents.selectors.cases import load_cases
from documents.services.follow_up import proposals
from documents.spec import DocumentType, Source
from documents.states import State
from valeo.tenancy.actor import Actor
from workflow.services.options import follow_up_options

#: as many sources as one page picks from
MOST: Final = 50
DONE: Final = (Progress.COMPLETE, Progress.NONE)


@dataclass(slots=True)
class FollowUp:
    """A button; ``forward`` is the way on, not back."""

    kind: str
    label: str
    icon: str
    allowed: bool
    forward: bool
    url: str
    primary: bool = False


def follow_ups(case: Case, actor: Actor) -> list[FollowUp]:
    """What may be made now. An invoice of an order is made from its deliveries, with its services beside them."""
    document = case.document
    found = {
        kind: FollowUp(
            kind, label, icon, allowed, forward, reverse("documents:follow_up", args=[kind, document.uuid])
        )
        for kind, label, icon, allowed, forward in follow_up_options(case, actor)
    }
    for target, way, vouchers in _through_vouchers(case):
        first, *also = [str(each.uuid) for each in vouchers]
        if target.code in found:  # the order's own services go on the same invoice
            also.append(str(document.uuid))
        query = "&".join(f"also={uuid}" for uuid in also)
        url = reverse("documents:follow_up", args=[target.code, first])
        found[target.code] = FollowUp(
            target.code, str(way.label), way.icon, actor.has_any(*target.scopes.write), forward=True,
            url=f"{url}?{query}" if query else url,
        )  # fmt: skip
    return list(found.values())


def _through_vouchers(case: Case) -> Iterator[tuple[DocumentType, Source, list[Document]]]:
    """Kinds that are made from the posted vouchers of a commitment, with those that leave something for them."""
    document = case.document
    if not document.is_commitment or document.state != State.POSTED:
        return
    for middle, made in registry.follow_ups(document.kind):
        if middle.family != Family.VOUCHER or made.negate:
            continue
        for target, way in registry.follow_ups(middle.code):
            if way.negate or not way.many or target.ledger_sign < 0:
                continue
            vouchers = _open_vouchers(document, middle, target, way)
            if vouchers:
                yield target, way, vouchers


def _open_vouchers(
    document: Document, middle: DocumentType, target: DocumentType, way: Source
) -> list[Document]:
    made = Link.objects.filter(source_document=document, via__isnull=True, relation=Relation.CREATES).values(
        "target_document"
    )
    progress = "invoicing" if way.measure == Measure.INVOICED else "fulfilment"
    rows = (
        Document.objects.filter(pk__in=made, kind=middle.code, state=State.POSTED)
        .exclude(**{f"{progress}__in": DONE})
        .order_by("document_date", "pk")
    )
    keys = list(rows.values_list("pk", flat=True)[:MOST])
    cases = load_cases(keys, lines_only=True) if keys else []
    return [each.document for each in cases if proposals(target.code, [each])]
