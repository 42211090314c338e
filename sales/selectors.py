"""Which goods a quantity credit brings back that no posted return names yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.kinds import Measure, ReasonKind
from documents.models import Document, Line, Link
from documents.selectors.lots import lots_left
from documents.spec import AlsoNeeded
from documents.states import State
from masterdata.rounding import MICRO, round_to

ZERO: Final = Decimal(0)
Lots = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class ComingBack:
    """A part of a delivery's line that comes back with a line of the credit, in the delivery's unit.

    ``open`` is what of the delivered has not come back yet; ``lots`` (stock quantities) None: it may be one or another.
    """

    credit_line: Line
    delivery: Document
    line: Line
    quantity: Decimal
    open: Decimal
    lots: Lots | None


def lines_with_goods(case: Case) -> list[Line]:
    """The lines of a quantity credit whose goods the customer gives back."""
    if case.document.reason_kind != ReasonKind.QUANTITY:
        return []
    return [line for line in case.amount_lines if line.with_goods]


def delivered_behind(case: Case, line: Line) -> Iterator[tuple[Link, Document, Line]]:
    """The deliveries' lines that a line of the credit reaches through its invoice, with what it credits of them."""
    for link in case.links_in:
        source = case.source_lines.get(link.source_line_id or 0)
        document = case.sources.get(link.source_document_id)
        if (
            link.target_line_id != line.pk
            or link.measure != Measure.CREDITED
            or source is None
            or document is None
        ):
            continue
        if link.via_id is not None and registry.get(document.kind).traits.moves_stock:
            yield link, document, source


def coming_back(case: Case) -> list[ComingBack]:
    """What still has to come back: less what posted returns brought that no posted credit with goods took up.

    What came back to be replaced is delivered again, so no credit takes it up.
    """
    wanted = [(line, *found) for line in lines_with_goods(case) for found in delivered_behind(case, line)]
    if not wanted:
        return []
    sources = {source.pk: source for _line, _link, _document, source in wanted}
    taken_up = _credited_with_goods(case, sources)
    free = {
        pk: max(ZERO, line.returned - line.replaced - taken_up.get(pk, ZERO)) for pk, line in sources.items()
    }
    left = {pk: line.quantity - line.returned for pk, line in sources.items()}
    lots = lots_left(pk for pk, line in sources.items() if line.lot_duty)
    result = []
    for line, link, document, source in wanted:
        named = min(free[source.pk], link.quantity)
        free[source.pk] -= named
        missing = link.quantity - named
        if missing > ZERO:
            found = _choose(lots.get(source.pk, {}), source, missing, left[source.pk])
            result.append(ComingBack(line, document, source, missing, left[source.pk], found))
            left[source.pk] -= missing
    return result


def goods_back_need(case: Case) -> Iterator[AlsoNeeded]:
    """A credit that makes a return at posting is posted by who may post that delivery (contract § 4)."""
    text = _("Goods come back with this credit note: it is posted by somebody who may post deliveries.")
    for kind in dict.fromkeys(part.delivery.kind for part in coming_back(case)):
        yield AlsoNeeded(registry.get(kind).scopes.post, text)


def _credited_with_goods(case: Case, lines: Iterable[int]) -> dict[int, Decimal]:
    """What other posted credits with goods took of these lines."""
    rows = (
        Link.objects.filter(
            source_line__in=list(lines), measure=Measure.CREDITED, counts=True, target_line__with_goods=True,
            target_document__state=State.POSTED,
        )
        .exclude(target_document=case.document.pk)
        .values("source_line")
        .annotate(taken=Sum("quantity"))
    )  # fmt: skip
    return {row["source_line"]: row["taken"] for row in rows}


def _choose(left: dict[str, Decimal], line: Line, quantity: Decimal, still_out: Decimal) -> Lots | None:
    """The lots of what comes back: there is but one, or all of them come; None where nobody can know."""
    if not line.lot_duty:
        return ()
    out = {lot: amount for lot, amount in left.items() if amount > ZERO}
    if len(out) == 1:
        return tuple((lot, round_to(quantity * line.stock_factor, MICRO)) for lot in out)
    return tuple(sorted(out.items())) if quantity == still_out and out else None
