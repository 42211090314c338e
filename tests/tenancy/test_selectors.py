from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.tenancy import make_member, make_user
from valeo.tenancy.models import Company, Membership, Period
from valeo.tenancy.selectors import actor_for, companies_of, period_state, system_actor

pytestmark = pytest.mark.django_db


def test_companies_of_a_user_by_name(company: Company, other_company: Company) -> None:
    user = make_member(company, "operator").user
    make_member(other_company, "operator", user=user)
    assert list(companies_of(user)) == sorted([company, other_company], key=lambda each: each.name)
    Membership.objects.filter(user=user, company=company).update(is_active=False)
    assert list(companies_of(user)) == [other_company]
    assert not companies_of(make_user()).exists()


def test_an_actor_knows_roles_and_scopes(company: Company) -> None:
    user = make_member(company, "operator", "warehouse", full_name="Anke Petersen").user
    actor = actor_for(user, company)
    assert (actor.name, actor.user_id, actor.company_id) == ("Anke Petersen", user.pk, company.pk)
    assert actor.roles == {"operator", "warehouse"}
    assert actor.has("sales:write")
    assert not actor.has("sales:post")


def test_the_system_acts_without_a_user(company: Company) -> None:
    actor = system_actor(company.pk)
    assert actor.user_id is None
    assert actor.has("admin:all")


def test_period_state_at_the_edges(company: Company, other_company: Company) -> None:
    first = Period.everywhere.filter(company=company).order_by("start")[0]
    Period.everywhere.filter(pk=first.pk).update(state="closed")
    assert period_state(company.pk, first.start) == "closed"
    assert period_state(company.pk, first.end) == "closed"
    assert period_state(company.pk, first.end + dt.timedelta(days=1)) == "open"
    assert period_state(company.pk, first.start - dt.timedelta(days=1)) == "none"
    assert period_state(other_company.pk, first.start) == "open"
