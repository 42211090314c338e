"""Opening balances and corrections, entered by a person with a reason (contract § 3, Ledgers)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory import costing
from inventory.kinds import MovementKind
from inventory.models import StockMovement
from inventory.needs import Key
from inventory.selectors.proof import digests_of
from inventory.services.ledger import COST_LIMIT, QUANTITY_LIMIT, Booking, Move, book, lock_balances
from inventory.services.movements import announce
from masterdata.models import Article, Warehouse
from masterdata.rounding import MICRO, NANO, round_to
from masterdata.services.writing import clean_text
from valeo.core.components import formats
from valeo.core.exceptions import Conflict, Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.kinds import PeriodState
from valeo.tenancy.models import Company
from valeo.tenancy.selectors import period_state

ZERO: Final = Decimal(0)
EARLIEST: Final = date(2000, 1, 1)
LOT_LENGTH: Final = 40
REASON_LENGTH: Final = 300


@dataclass(frozen=True, slots=True)
class StockEntry:
    """What a person enters.

    ``quantity`` in the article's stock unit (a correction's is the difference, signed); ``unit_cost`` in the company's currency per stock unit, None: the average. ``entry_key`` makes it count once.
    """

    article: UUID
    warehouse: UUID
    quantity: Decimal
    reason: str
    lot: str = ""
    unit_cost: Decimal | None = None
    effective_on: date | None = None
    entry_key: UUID | None = None


@transaction.atomic
def record_opening(*, actor: Actor, entry: StockEntry) -> StockMovement:
    """The first stock of a key. Needs ``inventory:write``.

    Raises ``NotPermitted``, ``Refused`` with all reasons (also where the key has moved before), ``Conflict`` for an
    entry that was recorded already; then nothing has changed.
    """
    return _record(actor, entry, MovementKind.OPENING)


@transaction.atomic
def record_correction(*, actor: Actor, entry: StockEntry) -> StockMovement:
    """What counting found: more (at a cost or the average) or less (at the average). Needs ``inventory:write``.

    Raises as ``record_opening``; a stock is never corrected below zero.
    """
    return _record(actor, entry, MovementKind.CORRECTION)


def _record(actor: Actor, entry: StockEntry, kind: MovementKind) -> StockMovement:
    actor.require("inventory:write")
    if entry.entry_key and StockMovement.objects.filter(entry_key=entry.entry_key).exists():
        raise Conflict(_("This entry was recorded already."), code="recorded-already")
    article = Article.objects.select_related("stock_unit").filter(uuid=entry.article).first()
    warehouse = Warehouse.objects.filter(uuid=entry.warehouse).first()
    today = _today(actor)
    lot, reason, problems = _texts(entry)
    problems += _subject(article, warehouse, lot)
    problems += _figures(entry, kind, article)
    problems += _day(actor, entry.effective_on or today, today)
    if problems or article is None or warehouse is None:
        raise Refused(problems)
    key = Key(article.pk, warehouse.pk, lot or None)
    held = lock_balances(actor.company_id, [key])[key]
    if kind == MovementKind.OPENING and _has_moved(key):
        raise Refused(
            Violation(
                "opening-exists", _("This stock has moved before: enter a correction instead."), "article"
            )
        )
    move = Move(key, round_to(entry.quantity, MICRO), kind)
    if move.quantity > ZERO and entry.unit_cost is not None:
        move.unit_cost = round_to(entry.unit_cost, NANO)
        move.value = costing.worth(move.quantity, move.unit_cost)
    booking = Booking(
        company_id=actor.company_id,
        user_id=actor.user_id,
        effective_on=entry.effective_on or today,
        reason=reason,
        entry_key=entry.entry_key,
        standard_costs={article.pk: article.standard_cost},
    )
    rows = book(booking, [move], may_lack=False)
    journal = Journal(actor)
    _tell(journal, rows, article, warehouse, held.stand.quantity)
    announce(journal, rows)
    journal.flush()
    return rows[0]


def _texts(entry: StockEntry) -> tuple[str, str, list[Violation]]:
    lot, problems = clean_text(entry.lot, "lot")
    reason, found = clean_text(entry.reason, "reason")
    problems = [*problems, *found]
    if not reason:
        problems.append(
            Violation("reason-missing", _("Say why: the reason becomes part of the history."), "reason")
        )
    if len(reason) > REASON_LENGTH:
        problems.append(
            Violation("too-long", _("At most %(most)s characters.") % {"most": REASON_LENGTH}, "reason")
        )
    if len(lot) > LOT_LENGTH:
        problems.append(
            Violation("too-long", _("At most %(most)s characters.") % {"most": LOT_LENGTH}, "lot")
        )
    return lot, reason, problems


def _subject(article: Article | None, warehouse: Warehouse | None, lot: str) -> list[Violation]:
    problems = []
    if warehouse is None:
        problems.append(Violation("warehouse-unknown", _("There is no such warehouse."), "warehouse"))
    elif not warehouse.active:
        problems.append(Violation("warehouse-inactive", _("This warehouse is not active."), "warehouse"))
    if article is None:
        problems.append(Violation("article-unknown", _("There is no such article."), "article"))
        return problems
    if not article.active:
        problems.append(
            Violation(
                "article-inactive", _("%(article)s is not active.") % {"article": article.number}, "article"
            )
        )
    if not article.stock_managed:
        problems.append(
            Violation(
                "no-stock", _("%(article)s is not stock-managed.") % {"article": article.number}, "article"
            )
        )
    if article.lot_duty and not lot:
        problems.append(Violation("lot-missing", _("This article needs a lot."), "lot"))
    if lot and not article.lot_duty:
        problems.append(Violation("lot-not-kept", _("This article is kept without lots."), "lot"))
    return problems


def _figures(entry: StockEntry, kind: MovementKind, article: Article | None) -> list[Violation]:
    problems = []
    quantity, cost = entry.quantity, entry.unit_cost
    if not quantity.is_finite() or abs(quantity) >= QUANTITY_LIMIT:
        problems.append(
            Violation("too-large", _("The figure is too large for the stock ledger."), "quantity")
        )
    elif not round_to(quantity, MICRO):
        problems.append(Violation("quantity-zero", _("The quantity must not be 0."), "quantity"))
    elif kind == MovementKind.OPENING and quantity < ZERO:
        problems.append(Violation("quantity-negative", _("An opening balance is above zero."), "quantity"))
    if cost is not None and (not cost.is_finite() or abs(cost) >= COST_LIMIT):
        problems.append(
            Violation("too-large", _("The figure is too large for the stock ledger."), "unit_cost")
        )
    elif cost is not None and cost < ZERO:
        problems.append(Violation("cost-negative", _("A cost is not below zero."), "unit_cost"))
    elif (
        cost is None
        and kind == MovementKind.OPENING
        and article is not None
        and article.standard_cost is None
    ):
        problems.append(
            Violation("cost-missing", _("Enter the cost: the article has no standard cost."), "unit_cost")
        )
    return problems


def _day(actor: Actor, day: date, today: date) -> list[Violation]:
    if day > today:
        return [Violation("date-future", _("The day lies in the future."), "effective_on")]
    if day < EARLIEST:
        text = _("%(date)s is no plausible day.") % {"date": formats.day(day)}
        return [Violation("date-age", text, "effective_on")]
    state = period_state(actor.company_id, day, lock=True)
    if state == PeriodState.OPEN:
        return []
    if state in PeriodState.values:
        text = _("The period of %(date)s is closed.") % {"date": formats.day(day)}
    else:
        text = _("There is no fiscal year for %(date)s.") % {"date": formats.day(day)}
    return [Violation(f"period-{state}", text, "effective_on")]


def _today(actor: Actor) -> date:
    company = Company.objects.get(pk=actor.company_id)
    return timezone.now().astimezone(ZoneInfo(company.time_zone)).date()


def _has_moved(key: Key) -> bool:
    return StockMovement.objects.filter(
        article=key.article, warehouse=key.warehouse, lot=key.lot, owner=key.owner
    ).exists()


def _tell(
    journal: Journal, rows: list[StockMovement], article: Article, warehouse: Warehouse, before: Decimal
) -> None:
    """The entry seals what was written: the movement, and the revaluation where one came with it."""
    row = rows[0]
    journal.entry(
        action=f"stock.{row.kind}",
        obj=row,
        label=article.number,
        reason=row.reason,
        data={
            "article": article.number,
            "warehouse": warehouse.code,
            "lot": row.lot or "",
            "quantity": str(row.stock_quantity),
            "before": str(before),
            "unit_cost": str(row.unit_cost),
            "value": str(row.value),
            "effective_on": row.effective_on.isoformat(),
            "rows": {str(pk): digest for pk, digest in digests_of([item.pk for item in rows]).items()},
        },
    )
