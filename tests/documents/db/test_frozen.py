"""A posted voucher never changes, in any column of any of its rows; a commitment only with a new revision."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.db.models.deletion import ProtectedError

from documents.case import Case
from documents.models import (
    AllowanceCharge,
    Document,
    Instalment,
    Line,
    LineLot,
    Link,
    Party,
    Revision,
    TaxGroup,
)
from tests.factories.documents import act, again, discount, draft, follow, freight, line, submitted
from tests.factories.steps import amended, delivery, order, waiting_order
from tests.factories.world import World
from tests.support.raw import change, concrete, database_refuses, run
from workflow.models import Approval

#: contract § 4: what may still change on a posted voucher; everything else is loop-tested
DOCUMENT_PROGRESS = {
    "state", "outcome", "outcome_reason", "fulfilment", "invoicing", "payment", "version", "changed_by_id", "changed_at",
}  # fmt: skip
LINE_PROGRESS = {
    "delivered", "returned", "replaced", "ordered", "received", "invoiced", "billed", "credited", "closed", "closed_reason",
}  # fmt: skip
CHILDREN: dict[type[models.Model], str] = {
    Line: "document_id", AllowanceCharge: "document_id", TaxGroup: "document_id", Party: "document_id",
    Instalment: "document_id", LineLot: "document_id", Link: "target_document_id",
}  # fmt: skip


@pytest.fixture
def bill(world: World) -> Case:
    """A posted invoice with every kind of row (lots are made here, past the triggers)."""
    case = submitted(
        world.company, world.clerk,
        draft(
            "sales_order", world.customer, line(world.wheat, "20"), line(world.lime, "40"),
            allowances=(discount("3"), freight("120.00")),
        ),
    )  # fmt: skip
    done = delivery(world, case)
    made = act(follow(world.company, world.accountant, "sales_invoice", done), "submit", world.accountant)
    assert made.document.state == "posted"
    import pgtrigger

    with pgtrigger.ignore():
        LineLot.objects.create(
            company=world.company, line=made.lines[0], document=made.document, lot="L1", stock_quantity=1
        )
    return again(made)


def rows_of(case: Case, model: type[models.Model]) -> models.Model:
    row = model._default_manager.filter(**{CHILDREN[model]: case.document.pk}).first()
    assert row is not None, f"the invoice has no row of {model.__name__}: nothing would be proved"
    return row


def test_every_column_of_a_posted_voucher(bill: Case) -> None:
    columns = {field.column for field in concrete(Document)}
    assert columns >= DOCUMENT_PROGRESS
    for field in concrete(Document):
        if field.column in DOCUMENT_PROGRESS:
            continue
        with database_refuses():
            assert change(field, bill.document) == 1, field.column


@pytest.mark.parametrize("column", sorted(DOCUMENT_PROGRESS - {"state", "changed_by_id"}))
def test_the_named_progress_columns_of_a_voucher_move(bill: Case, column: str) -> None:
    field = next(field for field in concrete(Document) if field.column == column)
    assert change(field, bill.document) == 1


def test_a_progress_column_is_no_door_for_others(bill: Case) -> None:
    with database_refuses("immutable"):
        run(
            "UPDATE documents_document SET version = version + 1, net_total = 0 WHERE id = %s",
            [bill.document.pk],
        )
    with database_refuses("immutable"):
        run(
            "UPDATE documents_document SET state = 'cancelled', number = 'X' WHERE id = %s",
            [bill.document.pk],
        )
    with database_refuses("immutable"):
        run("UPDATE documents_line SET closed = 1, price = 0 WHERE id = %s", [bill.lines[0].pk])


@pytest.mark.parametrize("model", CHILDREN, ids=lambda model: model.__name__)
def test_every_column_of_every_row(bill: Case, model: type[models.Model]) -> None:
    row = rows_of(bill, model)
    for field in concrete(model):
        if model is Line and field.column in LINE_PROGRESS:
            assert change(field, row) == 1, field.column
            continue
        with database_refuses():
            assert change(field, row) == 1, field.column


@pytest.mark.parametrize("model", CHILDREN, ids=lambda model: model.__name__)
def test_no_row_goes_and_none_is_added(bill: Case, model: type[models.Model]) -> None:
    row = rows_of(bill, model)
    with database_refuses("immutable"):
        run(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608 - from the model
    columns = ", ".join(f'"{field.column}"' for field in concrete(model))
    with database_refuses("immutable"):
        run(
            f"INSERT INTO {model._meta.db_table} ({columns}) "  # noqa: S608 - from the model
            f"SELECT {columns} FROM {model._meta.db_table} WHERE id = %s",
            [row.pk],
        )


@pytest.mark.parametrize("model", CHILDREN, ids=lambda model: model.__name__)
def test_a_row_of_a_draft_is_not_moved_into_a_posted_document(
    world: World, bill: Case, model: type[models.Model]
) -> None:
    from tests.factories.steps import drafted

    other = drafted(
        world, "sales_invoice", line(world.wheat, "1"), actor=world.accountant, allowances=(discount("1"),)
    )
    row = model._default_manager.filter(**{CHILDREN[model]: other.document.pk}).first()
    if row is None:
        pytest.skip("a draft without such a row")
    with database_refuses():
        run(
            f"UPDATE {model._meta.db_table} SET {CHILDREN[model]} = %s WHERE id = %s",  # noqa: S608 - from the model
            [bill.document.pk, row.pk],
        )


def test_a_cancelled_voucher_is_as_frozen_as_a_posted_one(world: World) -> None:
    case = delivery(world, order(world))
    act(case, "cancel", world.warehouse, "Wrong")
    for field in concrete(Document):
        if field.column in DOCUMENT_PROGRESS - {"state"}:
            continue
        with database_refuses():
            assert change(field, case.document) == 1, field.column
    with database_refuses("no way from cancelled to posted"):
        run("UPDATE documents_document SET state = 'posted' WHERE id = %s", [case.document.pk])
    with database_refuses("immutable"):
        run("DELETE FROM documents_line WHERE document_id = %s", [case.document.pk])


def test_a_commitment_changes_only_with_a_new_revision(world: World) -> None:
    case = order(world)
    for field in concrete(Document):
        if field.column in DOCUMENT_PROGRESS:
            continue
        with database_refuses():
            assert change(field, case.document) == 1, field.column
    for field in concrete(Line):
        if field.column in LINE_PROGRESS:
            continue
        with database_refuses():
            assert change(field, case.lines[0]) == 1, field.column
    with database_refuses("immutable"):  # a number alone is no revision
        run("UPDATE documents_document SET revision = 2, net_total = 0 WHERE id = %s", [case.document.pk])
    with database_refuses("immutable"):
        run("DELETE FROM documents_line WHERE document_id = %s", [case.document.pk])
    amended(world, case, quantity=Decimal(25), price_quantity=None)
    assert again(case).document.revision == 2
    with database_refuses("immutable"):  # after it took effect the door is shut again
        run("UPDATE documents_line SET price = 0 WHERE document_id = %s", [case.document.pk])


def test_a_pending_proposal_opens_no_door(world: World) -> None:
    case = order(world)
    revision = amended(world, case, quantity=Decimal(95), price_quantity=None)
    assert revision.state == "pending"
    with database_refuses("immutable"):
        run("UPDATE documents_line SET quantity = 95 WHERE document_id = %s", [case.document.pk])
    with database_refuses("immutable"):
        run("UPDATE documents_document SET revision = 2, net_total = 0 WHERE id = %s", [case.document.pk])


@pytest.mark.parametrize("state", ["in_force", "superseded"])
def test_a_revision_that_was_in_force_is_immutable(world: World, state: str) -> None:
    case = order(world)
    amended(world, case, quantity=Decimal(25), price_quantity=None)
    revision = Revision.objects.get(document=case.document, state=state)
    for field in concrete(Revision):
        if field.column in {"version", "state"}:
            continue
        with database_refuses("revision in force is immutable"):
            assert change(field, revision) == 1, field.column
    for other in ("proposed", "pending", "rejected", "withdrawn"):
        with database_refuses("revision in force is immutable"):
            run("UPDATE documents_revision SET state = %s WHERE id = %s", [other, revision.pk])
    with database_refuses("revision in force is immutable"):
        run("DELETE FROM documents_revision WHERE id = %s", [revision.pk])


def test_a_decision_stands(world: World) -> None:
    case = act(waiting_order(world), "approve", world.manager)
    approval = Approval.objects.get(document=case.document)
    for field in concrete(Approval):
        if field.column in {"voided_at", "void_reason"}:
            continue
        with database_refuses("a decision stands"):
            assert change(field, approval) == 1, field.column
    with database_refuses("a decision stands"):
        run("DELETE FROM workflow_approval WHERE id = %s", [approval.pk])
    assert (
        run("UPDATE workflow_approval SET voided_at = now(), void_reason = 'x' WHERE id = %s", [approval.pk])
        == 1
    )
    with database_refuses("a decision stands"):  # voided once and for all
        run("UPDATE workflow_approval SET voided_at = NULL WHERE id = %s", [approval.pk])


def test_the_orm_is_refused_as_well(bill: Case) -> None:
    document = copy.copy(bill.document)
    document.buyer_reference = "changed"
    with database_refuses("immutable"):
        document.save()
    with database_refuses("immutable"):
        Line.objects.filter(document=document).update(price=1)
    errors: tuple[Any, ...] = (ProtectedError,)
    with pytest.raises(errors):
        document.delete()


@pytest.mark.parametrize("table", ["audit_auditentry", "audit_audittext"])
def test_nothing_is_emptied_at_once(world: World, table: str) -> None:
    """TRUNCATE passes row triggers by; the statement trigger exists (the tests' database has it switched off)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgtype & 32 <> 0",
            [table],
        )
        assert cursor.fetchone()[0] >= 1
