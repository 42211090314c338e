"""Companies and people, made by the services that make them in earnest."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from valeo.administration.services.companies import create_company
from valeo.administration.services.members import add_member
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, Membership, User
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import actor_for, system_actor

PASSWORD = "Rapsfeld im Mai 26"
_numbers = itertools.count(1)


def make_company(code: str = "", **fields: Any) -> Company:
    """A company with roles, fiscal years and branding."""
    number = next(_numbers)
    facts = {"city": "Husum", "postal_code": "25813", "street": "Am Hafen 1", **fields}
    return create_company(code=code or f"T{number}", name=facts.pop("name", f"Test {number} GmbH"), **facts)


def make_user(username: str = "", **fields: Any) -> User:
    """An account with the password ``PASSWORD``."""
    number = next(_numbers)
    facts = {"full_name": f"User {number}", **fields}
    return User.objects.create_user(username or f"user{number}", PASSWORD, **facts)


def make_member(company: Company, *roles: str, user: User | None = None, **fields: Any) -> Membership:
    """A user with roles in a company."""
    person = user or make_user(**fields)
    with company_scope(company.pk):
        return add_member(actor=system_actor(company.pk), user=person, roles=roles)


def make_actor(company: Company, roles: Iterable[str] = ("administrator",)) -> Actor:
    """A new member, as he acts."""
    membership = make_member(company, *roles)
    return actor_for(membership.user, company)
