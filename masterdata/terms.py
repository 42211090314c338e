"""Payment terms: a total becomes instalments with due dates, shares and cash discount. Pure.

The order of a due date: ``start`` → (end of its month) → + months → + days → (next fixed day, that day included).
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from masterdata.kinds import SkontoBase
from masterdata.rounding import CENT, round_to, split_amount
from valeo.core.components import formats

ZERO = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TermPart:
    """A row of the terms, as the database or a frozen document holds it. Shares and percents: 100 is all."""

    position: int = 1
    share: Decimal = HUNDRED
    days: int = 0
    end_of_month: bool = False
    months: int = 0
    fixed_day: int | None = None
    skonto_days: int = 0
    skonto_percent: Decimal = ZERO
    skonto_base: str = SkontoBase.GROSS


@dataclass(frozen=True, slots=True)
class DuePart:
    """One instalment of a total; ``skonto_base_amount`` is what the percentage is taken of."""

    position: int
    share: Decimal
    due: date
    amount: Decimal
    skonto_until: date | None
    skonto_percent: Decimal
    skonto_base: str
    skonto_base_amount: Decimal
    skonto_amount: Decimal


def split(
    total: Decimal,
    parts: Sequence[TermPart],
    start: date,
    *,
    discountable_gross: Decimal | None = None,
    discountable_net: Decimal | None = None,
) -> list[DuePart]:
    """Split the payable ``total`` by ``parts`` from ``start`` (terms date) on.

    The discountable amounts leave out lines without cash discount; empty means the whole total.
    Raises ``ValueError`` when there is no part.
    """
    ordered = sorted(parts, key=lambda part: part.position)
    shares = [part.share for part in ordered]
    gross = total if discountable_gross is None else discountable_gross
    net = gross if discountable_net is None else discountable_net
    amounts = split_amount(total, shares)
    bases = {SkontoBase.GROSS: split_amount(gross, shares), SkontoBase.NET: split_amount(net, shares)}
    result = []
    for index, (part, amount) in enumerate(zip(ordered, amounts, strict=True)):
        due = due_date(part, start)
        has_skonto = part.skonto_percent > 0
        base = bases[SkontoBase(part.skonto_base)][index] if has_skonto else ZERO
        result.append(
            DuePart(
                position=part.position,
                share=part.share,
                due=due,
                amount=amount,
                skonto_until=min(due, _base_day(part, start) + timedelta(days=part.skonto_days))
                if has_skonto
                else None,
                skonto_percent=part.skonto_percent,
                skonto_base=part.skonto_base,
                skonto_base_amount=base,
                skonto_amount=round_to(base * part.skonto_percent / HUNDRED, CENT),
            )
        )
    return result


def due_date(part: TermPart, start: date) -> date:
    """The day on which an instalment is due."""
    base = _base_day(part, start)
    day = _plus_months(base, part.months, to_end=part.end_of_month) + timedelta(days=part.days)
    return day if part.fixed_day is None else _next_fixed_day(day, part.fixed_day)


def _base_day(part: TermPart, start: date) -> date:
    return _in_month(start.year, start.month, 31) if part.end_of_month else start


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _plus_months(day: date, months: int, *, to_end: bool) -> date:
    if not months:
        return day
    month = day.month - 1 + months
    return _in_month(day.year + month // 12, month % 12 + 1, 31 if to_end else day.day)


def _next_fixed_day(day: date, fixed: int) -> date:
    this_month = _in_month(day.year, day.month, fixed)
    if this_month >= day:
        return this_month
    following = day.replace(day=1) + timedelta(days=32)
    return _in_month(following.year, following.month, fixed)


def describe(parts: Sequence[TermPart]) -> str:
    """The terms in words, in the active language, for screens and papers."""
    ordered = sorted(parts, key=lambda part: part.position)
    several = len(ordered) > 1
    return "; ".join(_describe_part(part, several=several) for part in ordered)


def _describe_part(part: TermPart, *, several: bool) -> str:
    pieces = []
    if part.skonto_percent > 0:
        pieces.append(
            ngettext(
                "%(days)s day with %(percent)s %% cash discount",
                "%(days)s days with %(percent)s %% cash discount",
                part.skonto_days,
            )
            % {"days": part.skonto_days, "percent": _plain(part.skonto_percent)}
        )
    pieces.append(_describe_due(part))
    text = ", ".join(pieces)
    return _("%(share)s %%: %(text)s") % {"share": _plain(part.share), "text": text} if several else text


def _describe_due(part: TermPart) -> str:
    if not part.days and not part.months and part.fixed_day is None:
        return (
            _("payable at the end of the month, net") if part.end_of_month else _("payable immediately, net")
        )
    pieces = []
    if part.days:
        pieces.append(ngettext("%(count)s day net", "%(count)s days net", part.days) % {"count": part.days})
    if part.months:
        pieces.append(ngettext("%(count)s month", "%(count)s months", part.months) % {"count": part.months})
    if part.end_of_month:
        pieces.append(_("from the end of the month"))
    if part.fixed_day is not None:
        pieces.append(_("on day %(day)s of the month") % {"day": part.fixed_day})
    return " ".join(pieces)


def _plain(value: Decimal) -> str:
    return formats.number(value, most=3)
