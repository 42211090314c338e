"""One small world for a whole module: made once in an open transaction, each test in a savepoint of its own.

``make_world`` costs about a second; a module of forty tests would spend most of its time there. Import the fixtures:

    from tests.support.shared import shared_world, world  # noqa: F401
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.factories.tenancy import make_company
from tests.factories.world import World, make_world
from valeo.tenancy.scope import company_scope


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction or savepoint that is always undone; durable blocks inside think that it is a test's."""
    atomic: Any = transaction.atomic()
    atomic._from_testcase = True  # as django.test.TestCase does
    with atomic:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def shared_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), rolled_back():
        company = make_company("SHARED")
        with company_scope(company.pk):
            made = make_world(company)
        yield made


@pytest.fixture
def world(shared_world: World, db: None) -> Iterator[World]:
    """The module's world as it was made, in scope; what the test does to it is undone."""
    with company_scope(shared_world.company.pk):
        yield copy.deepcopy(shared_world)
