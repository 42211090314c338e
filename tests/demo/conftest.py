"""The demo company, loaded once by its command into one transaction that is rolled back after the tests of a file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from masterdata.models import Article, Partner
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, User
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import actor_for


@dataclass(frozen=True)
class Demo:
    """What the command left behind."""

    company: Company
    second: Company
    logins: Path
    said: str

    def actor(self, username: str, company: Company | None = None) -> Actor:
        return actor_for(User.objects.get(username=username), company or self.company)

    def partner(self, name: str) -> Partner:
        found: Partner = Partner.objects.get(name=name)
        return found

    def article(self, name: str) -> Article:
        found: Article = Article.objects.get(name_de=name)
        return found


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("data")
    out = io.StringIO()
    with django_db_blocker.unblock(), override_settings(DATA_DIR=data), transaction.atomic():
        call_command("load_demo", stdout=out)
        companies = Company.objects.in_bulk(["MAR", "MSAAT"], field_name="code")
        yield Demo(companies["MAR"], companies["MSAAT"], data / "demo-logins.txt", out.getvalue())
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: Demo, db: None) -> Iterator[Demo]:
    """The demo with its main company in scope; what a test changes is undone."""
    with company_scope(loaded.company.pk), override_settings(DATA_DIR=loaded.logins.parent):
        yield loaded
