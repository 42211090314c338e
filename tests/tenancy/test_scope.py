from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from valeo.tenancy.models import Branch, Company, FiscalYear, Period
from valeo.tenancy.scope import NoCompanyInScopeError, company_in_scope, company_scope, no_company

pytestmark = pytest.mark.django_db


def test_without_a_company_there_is_no_answer(other_company: Company) -> None:
    asking: list[Callable[[], object]] = [
        lambda: list(Branch.objects.all()),
        lambda: Branch.objects.filter(code="X").count(),
        lambda: Branch.objects.filter(code="X").update(name="Y"),
        lambda: Branch.objects.all().delete(),
    ]
    for ask in asking:
        with pytest.raises(NoCompanyInScopeError), transaction.atomic():
            ask()
    assert Branch.everywhere.filter(company=other_company).count() == 0


def test_only_the_rows_of_the_company_in_scope(company: Company, other_company: Company) -> None:
    for each in (company, other_company):
        Branch.everywhere.create(company=each, code="B", name=each.name)
    later = Branch.objects.all()
    assert [branch.company_id for branch in later.all()] == [company.pk]
    with company_scope(other_company.pk):
        assert [branch.company_id for branch in later.all()] == [other_company.pk]
        assert Branch.objects.update(name="Neu") == 1
    assert Branch.everywhere.get(company=company).name == company.name


def test_scopes_nest_and_end_with_their_block_even_by_an_exception(
    company: Company, other_company: Company
) -> None:
    with pytest.raises(RuntimeError), company_scope(other_company.pk):
        raise RuntimeError
    assert company_in_scope() == company.pk
    with no_company():
        assert company_in_scope() is None
    assert company_in_scope() == company.pk


def test_a_new_thread_and_a_fresh_context_have_no_company(company: Company) -> None:
    seen: list[int | None] = []
    thread = threading.Thread(target=lambda: seen.append(company_in_scope()))
    thread.start()
    thread.join()
    contextvars.Context().run(lambda: seen.append(company_in_scope()))
    assert seen == [None, None]


def test_the_database_refuses_another_companys_row(company: Company, other_company: Company) -> None:
    foreign = FiscalYear.everywhere.filter(company=other_company).order_by("start")[0]
    own = Period.everywhere.filter(company=company).order_by("start")[0]
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 - the key is deferred
        Period.everywhere.filter(pk=own.pk).update(fiscal_year=foreign)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "tenancy", check=True, dry_run=True, verbosity=0)
