"""What every test stands on: the database, a company, people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests.factories.tenancy import make_actor, make_company, make_member
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, User
from valeo.tenancy.scope import company_scope

#: the bit of pg_trigger.tgtype that stands for TRUNCATE
TRUNCATE = 1 << 5
#: lets ``pgtrigger.ignore()`` work in the tests' databases; in the product it never does (valeo.core.operations)
IGNORABLE = """
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
LANGUAGE plpgsql AS $$
BEGIN
  RETURN coalesce(trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false);
END $$
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Switch the triggers that forbid TRUNCATE off: Django empties tables so after a transactional test.

    That they exist and that no session can have a trigger ignored is proved in tests/audit/test_triggers.py.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgtype & %s <> 0",
            [TRUNCATE],
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute(IGNORABLE)
    connection.close()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page that a test asked for in English leaves that language behind: the next test starts in the product's own."""
    yield
    translation.deactivate()


@pytest.fixture
def company(db: None) -> Iterator[Company]:
    """A company, in scope during the test."""
    made = make_company("TEST")
    with company_scope(made.pk):
        yield made


@pytest.fixture
def other_company(db: None) -> Company:
    """Another company, not in scope."""
    return make_company("OTHER")


@pytest.fixture
def actor(company: Company) -> Actor:
    """A member of ``company`` with all scopes."""
    return make_actor(company)


@pytest.fixture
def client_for(company: Company) -> Callable[..., Client]:
    """``client_for("operator")``: a browser in which a new member with these roles is signed in."""

    def sign_in(*roles: str, user: User | None = None) -> Client:
        membership = make_member(company, *roles, user=user)
        client = Client()
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
