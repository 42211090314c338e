"""A company with its default master data, in scope for the whole test."""

from __future__ import annotations

import pytest

from tests.factories.masterdata import make_masterdata
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from valeo.tenancy.scopes import ROLE_SCOPES


@pytest.fixture
def boss(company: Company) -> Actor:
    """May do everything in a company in Germany."""
    return make_masterdata(company)


@pytest.fixture
def clerk(boss: Actor) -> Actor:
    return as_role(boss, "operator")


def as_role(actor: Actor, role: str) -> Actor:
    return Actor(None, role, actor.company_id, frozenset(ROLE_SCOPES[role]))
