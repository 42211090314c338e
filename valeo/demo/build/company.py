"""Company, branch, series, periods, people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from masterdata.services.defaults import create_default_masterdata
from numbering.services import create_default_series
from valeo.administration.services import branding, companies, fiscal, members
from valeo.demo.data.people import PEOPLE, Person
from valeo.demo.days import Days
from valeo.tenancy.actor import Actor
from valeo.tenancy.kinds import PeriodState
from valeo.tenancy.models import Branch, Company, Period, User
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import actor_for, system_actor


def make_company(
    code: str, facts: Mapping[str, Any], look: Mapping[str, Any], logo: str, days: Days
) -> Company:
    """The company with last, this and next fiscal year, its looks, standing data and number series."""
    company = companies.create_company(
        code=code, first_fiscal_year=days.today - dt.timedelta(days=366), **facts
    )
    actor = system_actor(company.pk)
    with company_scope(company.pk):
        branding.set_branding(actor=actor, logo=logo.encode(), **look)
        create_default_masterdata(company, actor)
        create_default_series(company, actor)
    return company


def make_branches(actor: Actor, rows: Iterable[Mapping[str, Any]]) -> dict[str, Branch]:
    return {row["code"]: companies.save_branch(actor=actor, **row) for row in rows}


def close_periods(actor: Actor, days: Days) -> None:
    """The past is closed, the month before the demo's first one for vouchers only."""
    past = list(Period.objects.filter(end__lt=days.first_open).order_by("start"))
    if past:
        fiscal.set_period_states(actor=actor, periods=past[:-1], state=PeriodState.CLOSED)
        fiscal.set_period_state(actor=actor, period=past[-1], state=PeriodState.CLOSED_FOR_VOUCHERS)


def make_administrator(company: Company, password: str) -> Actor:
    """The administrator comes first: alone, so that what is set up needs no second person yet."""
    return _member(company, next(one for one in PEOPLE if one.role == "administrator"), password)


def make_people(company: Company, password: str) -> dict[str, Actor]:
    """Everybody as he acts in the company, by username; who has an account already keeps it with its password."""
    return {
        person.username: actor_for(User.objects.get(username=person.username), company)
        if person.role == "administrator"
        else _member(company, person, password)
        for person in PEOPLE
    }


def add_second_members(company: Company) -> dict[str, Actor]:
    """Some of the people work in the second company too."""
    actor = system_actor(company.pk)
    found = {}
    for person in PEOPLE:
        if person.second:
            user = User.objects.get(username=person.username)
            members.add_member(actor=actor, user=user, roles=person.second)
            found[person.username] = actor_for(user, company)
    return found


def _member(company: Company, person: Person, password: str) -> Actor:
    actor = system_actor(company.pk)
    user = User.objects.filter(username=person.username).first()
    if user is None:
        user = members.create_user(
            actor=actor, username=person.username, password=password, full_name=person.full_name,
            email=f"{person.username}@marschland.example",
        )  # fmt: skip
    members.add_member(actor=actor, user=user, roles=[person.role])
    return actor_for(user, company)
