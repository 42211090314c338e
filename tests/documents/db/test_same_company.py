"""Every reference between rows of companies is a composite key: another company's row is refused by the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from documents.models import Document
from masterdata.models import Article, Partner, PaymentTerm, TaxCode, Warehouse
from tests.factories.documents import line
from tests.factories.steps import drafted
from tests.factories.tenancy import make_company
from tests.factories.world import World, make_world
from tests.support.raw import run
from valeo.core.constraints import SameCompany
from valeo.tenancy.base import CompanyOwned
from valeo.tenancy.scope import company_scope


def owned() -> list[type[CompanyOwned]]:
    return [
        model for model in apps.get_models() if issubclass(model, CompanyOwned) and model._meta.managed
        and not model._meta.proxy
    ]  # fmt: skip


def references() -> list[tuple[type[CompanyOwned], models.ForeignKey]]:  # type: ignore[type-arg]
    return [
        (model, field) for model in owned() for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, CompanyOwned)
    ]  # fmt: skip


REFERENCES = references()
#: soft references that outlive their target; audit.AuditText's own is proved by the verifier
SOFT = {("audit.AuditText", "entry")}


def test_there_are_references_to_prove() -> None:
    assert len(owned()) > 30
    assert len(REFERENCES) > 40


@pytest.mark.parametrize(
    ("model", "field"), REFERENCES, ids=lambda item: getattr(item, "__name__", getattr(item, "name", ""))
)
def test_every_reference_has_its_composite_key(model: type[CompanyOwned], field: models.ForeignKey) -> None:  # type: ignore[type-arg]
    if (model._meta.label, field.name) in SOFT:
        pytest.skip("a soft reference")
    declared = {item.field for item in model._meta.constraints if isinstance(item, SameCompany)}
    assert field.name in declared
    assert not getattr(field, "db_constraint", True), "Django's own single key is replaced"


def keys_in_the_database() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
        )
        found: dict[str, set[str]] = {}
        for table, definition in cursor.fetchall():
            found.setdefault(table, set()).add(definition)
    return found


def test_the_database_has_them_all(world: World) -> None:
    existing = keys_in_the_database()
    missing = []
    for model, field in REFERENCES:
        if (model._meta.label, field.name) in SOFT:
            continue
        target = field.related_model._meta.db_table
        wanted = f"FOREIGN KEY (company_id, {field.column}) REFERENCES {target}(company_id, id)"
        if not any(row.startswith(wanted) for row in existing.get(model._meta.db_table, ())):
            missing.append(f"{model._meta.label}.{field.name}")
    assert missing == []


@pytest.fixture
def foreign(world: World) -> Iterator[World]:
    """Another company with its own partner, articles, tax codes, warehouse and a draft."""
    company = make_company("FOREIGN")
    with company_scope(company.pk):
        yield make_world(company)


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("documents_document", "partner_id", Partner), ("documents_document", "bill_to_id", Partner),
        ("documents_document", "payment_term_id", PaymentTerm), ("documents_document", "warehouse_id", Warehouse),
        ("documents_line", "article_id", Article), ("documents_line", "tax_code_id", TaxCode),
        ("documents_line", "warehouse_id", Warehouse), ("documents_line", "document_id", Document),
        ("documents_link", "source_document_id", Document), ("documents_remark", "document_id", Document),
    ],
)  # fmt: skip
def test_another_company_s_row_is_refused(
    world: World, foreign: World, table: str, column: str, target: type[models.Model]
) -> None:
    theirs = drafted(foreign, "sales_order", line(foreign.wheat, "1")) if target is Document else None
    there = theirs.document.pk if theirs else target._default_manager.values_list("pk", flat=True).first()
    with company_scope(world.company.pk):
        mine = drafted(world, "sales_order", remark="A note")
        with (  # noqa: PT012 - the key speaks at the end of the statement
            pytest.raises(IntegrityError, match=f"{column.removesuffix('_id')}_company|never moves"),
            transaction.atomic(),
        ):
            if table == "documents_link":
                run(
                    "INSERT INTO documents_link (company_id, source_document_id, target_document_id, relation, measure, "
                    "quantity, counts, replaces) VALUES (%s, %s, %s, 'creates', '', 1, true, false)",
                    [world.company.pk, there, mine.document.pk],
                )
            else:
                key = "id" if table == "documents_document" else "document_id"
                run(
                    f"UPDATE {table} SET {column} = %s WHERE {key} = %s",  # noqa: S608 - names from this file
                    [there, mine.document.pk],
                )
            connection.check_constraints()
            run("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_references_are_checked_by_the_statement_that_writes_them() -> None:
    """At the commit they would wait for locks with the heads of the company's chains in hand (docs/concurrency.md)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE condeferred) FROM pg_constraint "
            "WHERE contype = 'f' AND cardinality(conkey) = 2"
        )
        found, deferred = cursor.fetchone()
    assert found >= len(REFERENCES) - len(SOFT)
    assert deferred == 0
