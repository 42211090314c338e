"""Credits of an invoice that a cancellation meets: what they took must be settled before the rest is taken back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from documents import registry
from documents.kinds import Measure, ReasonKind, Relation
from documents.models import Document, Link
from documents.states import LIVE, State
from valeo.core.exceptions import Violation


def credits_of(documents: Iterable[int]) -> QuerySet[Document]:
    """Live credit notes made from these vouchers."""
    kinds = [item.code for item in registry.all_types() if item.ledger_sign < 0]
    links = Link.objects.filter(
        source_document__in=list(documents), relation=Relation.CORRECTS, via__isnull=True,
        target_document__kind__in=kinds, target_document__state__in=LIVE,
    )  # fmt: skip
    return Document.objects.filter(pk__in=links.values("target_document")).order_by("pk")


def credits_in_the_way(documents: Iterable[int]) -> list[Violation]:
    """Why these vouchers cannot be cancelled yet.

    A credit that waits may still be rejected, and then nobody would have taken back what it was to take. A price
    credit took value, not quantity: what it left cannot be said line by line.
    """
    found = []
    for row in credits_of(documents):
        if row.state != State.POSTED:
            text = _("%(number)s credits it and is not posted yet. Post it or take it back first.")
            found.append(Violation("credit-open", text % {"number": str(row)}))
        elif row.reason_kind == ReasonKind.PRICE:
            text = _("%(number)s changed the price. Reverse it first.")
            found.append(Violation("price-credit", text % {"number": str(row)}))
    return found


def credits_for_good(document: Document) -> list[Document]:
    """Posted credits of quantities that neither came back nor may be invoiced again."""
    rows = Link.objects.filter(
        target_document__in=credits_of([document.pk]),
        measure=Measure.CREDITED,
        via__isnull=False,
        counts=False,
    )
    return list(Document.objects.filter(pk__in=rows.values("target_document")).order_by("pk"))
