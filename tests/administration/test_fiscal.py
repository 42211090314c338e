from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests.factories.tenancy import make_actor
from valeo.administration.services import fiscal
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotFound, NotPermitted, Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.kinds import PeriodState
from valeo.tenancy.models import Company, FiscalYear, Period
from valeo.tenancy.selectors import period_state

pytestmark = pytest.mark.django_db


def first_period(company: Company) -> Period:
    return Period.everywhere.filter(company=company).order_by("start")[0]


def test_a_short_year_has_partial_months(company: Company, actor: Actor) -> None:
    year = fiscal.create_fiscal_year(actor=actor, start=dt.date(2019, 10, 15), end=dt.date(2019, 12, 31))
    days = list(year.periods(manager="everywhere").order_by("start").values_list("start", "end"))
    assert days == [
        (dt.date(2019, 10, 15), dt.date(2019, 10, 31)),
        (dt.date(2019, 11, 1), dt.date(2019, 11, 30)),
        (dt.date(2019, 12, 1), dt.date(2019, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (dt.date(2019, 1, 1), dt.date(2018, 1, 1), "year-order"),
        (dt.date(2018, 1, 1), dt.date(2019, 1, 1), "year-too-long"),
    ],
)
def test_a_year_that_cannot_be(
    company: Company, actor: Actor, start: dt.date, end: dt.date, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        fiscal.create_fiscal_year(actor=actor, start=start, end=end)
    assert [violation.code for violation in refusal.value.violations] == [code]
    assert not FiscalYear.everywhere.filter(company=company, start=start).exists()


def test_years_don_t_overlap(company: Company, actor: Actor) -> None:
    year = FiscalYear.everywhere.filter(company=company).order_by("start")[0]
    with pytest.raises(Refused):
        fiscal.create_fiscal_year(actor=actor, start=year.start + dt.timedelta(days=31), end=year.end)
    with pytest.raises(IntegrityError), transaction.atomic():
        FiscalYear.everywhere.create(company=company, label="x", start=year.start, end=year.end)


def test_a_period_is_closed_and_opened_again_with_a_reason(company: Company, actor: Actor) -> None:
    period = first_period(company)
    assert period_state(company.pk, period.end) == PeriodState.OPEN
    fiscal.set_period_state(actor=actor, period=period, state=PeriodState.CLOSED)
    assert period_state(company.pk, period.end) == PeriodState.CLOSED
    with pytest.raises(Refused) as refusal:
        fiscal.set_period_state(actor=actor, period=period, state=PeriodState.OPEN, reason="  ")
    assert refusal.value.violations[0].code == "reason-required"
    assert period_state(company.pk, period.end) == PeriodState.CLOSED
    fiscal.set_period_state(actor=actor, period=period, state=PeriodState.OPEN, reason="Rechnung vergessen")
    moves = (
        AuditEntry.everywhere.filter(action="period.state")
        .order_by("seq")
        .values_list("from_state", "to_state")
    )
    assert list(moves) == [("open", "closed"), ("closed", "open")]


def test_a_state_that_does_not_exist(company: Company, actor: Actor) -> None:
    with pytest.raises(Refused):
        fiscal.set_period_state(actor=actor, period=first_period(company), state="ajar")
    assert period_state(company.pk, first_period(company).start) == PeriodState.OPEN


def test_periods_are_the_administrators(company: Company, other_company: Company, actor: Actor) -> None:
    with pytest.raises(NotPermitted):
        fiscal.set_period_state(
            actor=make_actor(company, ["accountant"]), period=first_period(company), state=PeriodState.CLOSED
        )
    with pytest.raises(NotFound):
        fiscal.set_period_state(actor=actor, period=first_period(other_company), state=PeriodState.CLOSED)
    assert period_state(other_company.pk, first_period(other_company).start) == PeriodState.OPEN
