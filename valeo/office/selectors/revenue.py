"""Revenue and margin by month, from the posted invoices and credits, in company currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import TruncMonth

from documents.kinds import ReasonKind
from documents.models import Document
from documents.spec import DocumentType

ZERO: Final = Decimal(0)
MONTHS: Final = 12
#: credits that bring no goods back take from the revenue and leave the cost
_PRICE_ONLY: Final = (ReasonKind.PRICE, ReasonKind.BONUS)


@dataclass
class Month:
    """``net`` is the revenue; ``costed`` and ``cost`` are what has a cost price; ``partly`` is up to today's day."""

    start: dt.date
    net: Decimal = ZERO
    costed: Decimal = ZERO
    cost: Decimal = ZERO
    partly: Decimal = ZERO

    @property
    def end(self) -> dt.date:
        return next_month(self.start) - dt.timedelta(days=1)

    @property
    def margin(self) -> Decimal | None:
        """Gross profit as a share of revenue; None where nothing has a cost price."""
        return (self.costed - self.cost) / self.costed if self.costed > 0 else None


def next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_before(day: dt.date) -> dt.date:
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def months(types: Sequence[DocumentType], today: dt.date, count: int = 2 * MONTHS) -> list[Month]:
    """The last months up to today's, the oldest first; one query. What was cancelled counts with its storno."""
    starts = [today.replace(day=1)]
    while len(starts) < count:
        starts.append(month_before(starts[-1]))
    found = {start: Month(start) for start in reversed(starts)}
    signs = {item.code: item.ledger_sign for item in types}
    for row in _sums(list(signs), starts[-1], today):
        month, sign = found[row["month"]], signs[row["kind"]]
        for name in ("net", "costed", "cost", "partly"):
            setattr(month, name, getattr(month, name) + sign * (row[name] or ZERO))
    return list(found.values())


def _sums(kinds: list[str], first: dt.date, today: dt.date) -> list[dict[str, Any]]:
    has_cost = ~Q(cost_total=0)
    cost = Case(When(reason_kind__in=_PRICE_ONLY, then=Value(ZERO)), default=F("cost_total"))
    rows = (
        Document.objects.filter(kind__in=kinds, document_date__gte=first, document_date__lte=today)
        .exclude(number="")
        .annotate(month=TruncMonth("document_date"), counted=cost)
        .values("kind", "month")
        .annotate(
            net=Sum("net_company"),
            costed=Sum("net_company", filter=has_cost),
            cost=Sum("counted"),
            partly=Sum("net_company", filter=Q(document_date__day__lte=today.day)),
        )
        .order_by()
    )
    return list(rows)
