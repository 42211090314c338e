"""Fiscal years and their periods."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from valeo.core.exceptions import NotFound, Refused, Violation
from valeo.core.validation import check
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.kinds import PeriodState
from valeo.tenancy.models import Company, FiscalYear, Period

ADMIN = "admin:all"
ONE_DAY = dt.timedelta(days=1)


def _next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def year_start(day: dt.date, start_month: int) -> dt.date:
    """The first day of the fiscal year that a day lies in."""
    return dt.date(day.year - (day.month < start_month), start_month, 1)


def label_of(start: dt.date, end: dt.date) -> str:
    """2026, or 2026/27 where it isn't the calendar year."""
    return str(start.year) if start.year == end.year else f"{start.year}/{end.year % 100:02d}"


def make_years(company: Company, *, first: dt.date, last: dt.date) -> list[FiscalYear]:
    """Every fiscal year from the one of ``first`` to the one after that of ``last``, with monthly periods."""
    start = year_start(first, company.fiscal_year_start_month)
    final = year_start(last, company.fiscal_year_start_month)
    years = []
    while start.year <= final.year + 1:
        end = dt.date(start.year + 1, start.month, 1) - ONE_DAY
        years.append(_make_year(company.pk, start, end))
        start = end + ONE_DAY
    return years


def _make_year(company_id: int, start: dt.date, end: dt.date) -> FiscalYear:
    year = FiscalYear(company_id=company_id, start=start, end=end, label=label_of(start, end))
    check(year)
    year.save()
    periods: list[Period] = []
    first = start
    while first <= end:
        last = min(_next_month(first) - ONE_DAY, end)
        periods.append(
            Period(company_id=company_id, fiscal_year=year, number=len(periods) + 1, start=first, end=last)
        )
        first = last + ONE_DAY
    Period.everywhere.bulk_create(periods)
    return year


@transaction.atomic
def create_fiscal_year(*, actor: Actor, start: dt.date, end: dt.date) -> FiscalYear:
    """A fiscal year of at most 12 months (§ 240 (2) HGB) with monthly periods; a short year is possible.

    Raises ``Refused`` where it overlaps another or is longer.
    """
    actor.require(ADMIN)
    faults = []
    if end <= start:
        faults.append(
            Violation(code="year-order", text=_("The last day lies before the first."), field="end")
        )
    elif end >= dt.date(start.year + 1, start.month, min(start.day, 28)):
        faults.append(
            Violation(code="year-too-long", text=_("A fiscal year has at most 12 months."), field="end")
        )
    if faults:
        raise Refused(faults)
    year = _make_year(actor.company_id, start, end)
    journal = Journal(actor)
    journal.entry(
        action="fiscal_year.create",
        obj=year,
        label=year.label,
        changes={"start": [None, start], "end": [None, end]},
    )
    journal.flush()
    return year


@transaction.atomic
def set_period_state(*, actor: Actor, period: Period, state: str, reason: str = "") -> Period:
    """Open or close a period. To open a closed one again needs a reason. Raises ``Refused``."""
    set_period_states(actor=actor, periods=[period], state=state, reason=reason)
    period.refresh_from_db()
    return period


@transaction.atomic
def set_period_states(*, actor: Actor, periods: list[Period], state: str, reason: str = "") -> int:
    """The same for several at once, all or none; returns how many have changed."""
    actor.require(ADMIN)
    rows = Period.everywhere.select_for_update(no_key=True).filter(
        company_id=actor.company_id, pk__in=[period.pk for period in periods]
    )
    found = list(rows.order_by("id"))
    if len(found) != len({period.pk for period in periods}):
        raise NotFound
    moving = [period for period in found if period.state != state]
    if not reason.strip() and any(period.state == PeriodState.CLOSED for period in moving):
        raise Refused(
            Violation(
                code="reason-required", text=_("Say why the closed period is opened again."), field="reason"
            )
        )
    journal = Journal(actor)
    for period in moving:
        before, period.state = period.state, state
        check(period)
        period.save(update_fields=["state"])
        journal.entry(
            action="period.state",
            obj=period,
            label=str(period),
            from_state=before,
            to_state=state,
            reason=reason.strip(),
        )
    journal.flush()
    return len(moving)
