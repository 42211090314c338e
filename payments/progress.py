"""How far a document is paid: derived from its items, pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from documents.kinds import Progress

if TYPE_CHECKING:
    from payments.models import OpenItem

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class PaymentState:
    """``open_amount`` in the document's currency, signed like its items; ``overdue`` is its part past due."""

    progress: Progress
    open_amount: Decimal
    overdue: Decimal
    next_due: date | None


def payment_state(items: Iterable[OpenItem], today: date) -> PaymentState:
    """What of these items (those of one document) is open, and since when."""
    rows = list(items)
    opens = [row for row in rows if row.open_amount]
    return PaymentState(
        progress=payment_progress(rows),
        open_amount=sum((row.open_amount for row in opens), ZERO),
        overdue=sum((row.open_amount for row in opens if is_overdue(row, today)), ZERO),
        next_due=min((row.due for row in opens), default=None),
    )


def payment_progress(items: Iterable[OpenItem]) -> Progress:
    """open, partial or complete; without items there is nothing to pay."""
    rows = list(items)
    if all(row.open_amount == ZERO for row in rows):
        return Progress.COMPLETE
    return Progress.OPEN if all(row.open_amount == row.amount for row in rows) else Progress.PARTIAL


def is_overdue(item: OpenItem, today: date) -> bool:
    """Past its due day, and the partner owes it: a credit is never overdue."""
    return item.open_amount > ZERO and item.due < today
