"""What earlier credits left of an invoice: who takes the rest has to come to exactly that, or a cent stays open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from documents.case import Case
from documents.kinds import WITHOUT_AMOUNT, Measure, ReasonKind, Relation
from documents.models import Document, Link
from documents.selectors.cases import load_case
from documents.selectors.shares import NOBODY, originals_of, shares_by_lines
from documents.states import LIVE
from documents.totals import convert_amount, largest_remainder

ZERO = Decimal(0)
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Left:
    """What the document that takes the rest has to come to, in document and company currency.

    ``shares``: of each original. ``closed`` are those of which nothing stays open, after the ``earlier`` credits.
    """

    closed: tuple[Document, ...]
    earlier: tuple[Document, ...]
    payable: Decimal
    company: Decimal
    shares: Mapping[int, Decimal]

    @property
    def original(self) -> Document:
        return self.closed[0]


def left_by_credits(case: Case, *, besides: frozenset[int] = _NONE) -> Left | None:
    """Of a cancellation whose original was credited in part, and of a credit that takes the last open quantities.

    Of an invoice that such a credit takes in part only, ``shares`` holds what its lines come to. None for any other
    document. ``besides``: credits that came later and do not count.
    """
    whole = _taken_whole(case, besides)
    made = _earlier(case, whole, besides)
    several = len(originals_of(case)) > 1
    if not whole or not (made or several):
        return None
    shares = shares_by_lines(case, rounded=False) if several else {}
    shares |= {original.pk: original.payable_total for original in whole}
    rate = case.document.exchange_rate
    company = {key: convert_amount(amount, rate) for key, amount in shares.items()}
    company |= {original.pk: original.payable_company for original in whole}
    closed = {original.pk for original in whole}
    for credit in made:
        taken, in_company = _took(credit, besides | {case.document.pk})
        for pk in closed & taken.keys():
            shares[pk] -= taken[pk]
            company[pk] -= in_company[pk]
    return Left(
        closed=tuple(whole),
        earlier=tuple(made),
        payable=sum(shares.values(), ZERO),
        company=sum(company.values(), ZERO),
        shares=shares,
    )


def shares_of(case: Case, *, besides: frozenset[int] = _NONE) -> dict[int, Decimal]:
    """By original: what the credit takes off it; ``NOBODY`` for lines of its own. Adds up to the payable total.

    One that takes the last of an original takes exactly what earlier credits left of it.
    """
    originals = originals_of(case)
    if len(originals) == 1:
        return {originals.pop(): case.document.payable_total}
    left = left_by_credits(case, besides=besides)
    if left is not None and left.payable == case.document.payable_total:
        return dict(left.shares)
    return shares_by_lines(case)


def _taken_whole(case: Case, besides: frozenset[int]) -> list[Document]:
    """The originals of which this document takes all that is left."""
    cancelled = {link.source_document_id for link in case.links_in if link.relation == Relation.CANCELS}
    if cancelled:
        credited = any(line.credited for line in case.source_lines.values())
        return [case.sources[pk] for pk in cancelled] if len(cancelled) == 1 and credited else []
    if case.document.reason_kind != ReasonKind.QUANTITY or case.type.ledger_sign >= 0:
        return []
    originals = originals_of(case)
    open_ones = _with_open_quantities(case, originals, besides) if originals else set()
    return [case.sources[pk] for pk in sorted(originals - open_ones)]


def _with_open_quantities(case: Case, originals: set[int], besides: frozenset[int]) -> set[int]:
    """The originals of which this and the other live credits together do not take every line whole."""
    taken: dict[int, Decimal] = {}
    for link in case.links_in:
        if link.via_id is None and link.measure == Measure.CREDITED and link.source_line_id:
            taken[link.source_line_id] = taken.get(link.source_line_id, ZERO) + link.quantity
    rows = _corrections(case, originals, besides).filter(measure=Measure.CREDITED)
    for key, quantity in rows.values_list("source_line").annotate(taken=Sum("quantity")):
        taken[key] = taken.get(key, ZERO) + quantity
    return {
        line.document_id
        for line in case.source_lines.values()
        if line.document_id in originals
        and line.line_kind not in WITHOUT_AMOUNT
        and taken.get(line.pk, ZERO) != line.quantity
    }


def _corrections(case: Case, originals: set[int], besides: frozenset[int]) -> QuerySet[Link]:
    """The direct links of other live credits to these documents."""
    kind = case.document.kind
    rows = Link.objects.filter(
        source_document__in=originals, relation=Relation.CORRECTS, via__isnull=True, target_document__kind=kind,
        target_document__state__in=LIVE,
    )  # fmt: skip
    return rows.exclude(target_document__in={case.document.pk, *besides})


def _earlier(case: Case, originals: list[Document], besides: frozenset[int]) -> list[Document]:
    if not originals:
        return []
    links = _corrections(case, {row.pk for row in originals}, besides)
    return list(Document.objects.filter(pk__in=links.values("target_document")).order_by("pk"))


def _took(credit: Document, besides: frozenset[int]) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """What a stored credit took off each original, in document and company currency."""
    links = Link.objects.filter(target_document=credit, relation=Relation.CORRECTS, via__isnull=True)
    originals = set(links.values_list("source_document", flat=True))
    if len(originals) == 1:
        only = originals.pop()
        return {only: credit.payable_total}, {only: credit.payable_company}
    shares = shares_of(load_case(credit.pk), besides=besides)
    shares.setdefault(NOBODY, ZERO)
    company = largest_remainder(credit.payable_company, list(shares.values()))
    return shares, dict(zip(shares, company, strict=True))
