"""With the triggers off: whoever changes any column of a posted document, its rows or the audit is found and named."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from typing import Any
from unittest.mock import patch

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from pytest_django import DjangoDbBlocker

from documents.case import Case
from documents.models import AllowanceCharge, Document, Instalment, Line, Link, Party, Revision, TaxGroup
from documents.services import drafts, proofs
from documents.services.progress import MEASURE_COLUMNS
from inventory.models import StockMovement
from masterdata.models import Article, Partner
from payments.models import OpenItem
from tests.factories.documents import act, again, discount, draft, follow, freight, line, submitted
from tests.factories.steps import delivery
from tests.factories.world import World
from tests.support.raw import change, concrete, run
from valeo.audit.models import AuditEntry, AuditText
from valeo.audit.selectors import verify
from valeo.tenancy.scope import company_scope
from workflow.services.begin import today_in

FREE = {
    "fulfilment",
    "invoicing",
    "payment",
    "outcome",
    "outcome_reason",
    "version",
    "changed_by_id",
    "changed_at",
}
CHILDREN: dict[type[models.Model], str] = {
    Line: "document_id", AllowanceCharge: "document_id", TaxGroup: "document_id", Party: "document_id",
    Instalment: "document_id", Link: "target_document_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def shared_bill(shared_world: World, django_db_blocker: DjangoDbBlocker) -> Case:
    """A posted invoice with every kind of row; nothing is wrong with it yet."""
    world = shared_world
    with django_db_blocker.unblock(), company_scope(world.company.pk):
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
        assert verify(world.company).problems == []
        return again(made)


@pytest.fixture
def bill(shared_bill: Case, world: World) -> Case:
    return shared_bill


def problems(world: World) -> list[str]:
    return list(verify(world.company).problems)


def tampered(world: World, field: models.Field[Any, Any], row: models.Model) -> list[str]:
    """What the check says after one column was changed; the change is undone."""
    with transaction.atomic():
        # a reference that points nowhere is caught by its key at commit; here the check itself is asked
        try:
            with pgtrigger.ignore(), transaction.atomic():
                assert change(field, row) == 1, field.column
        except IntegrityError as refusal:
            return [f"a constraint refuses it even without triggers: {refusal}"]
        found = problems(world)
        transaction.set_rollback(True)
    return found


def missed(world: World, row: models.Model, free: set[str]) -> list[str]:
    """Columns whose change nobody notices (company aside: its key refuses a stranger, its rows vanish)."""
    return [
        str(field.column) for field in concrete(type(row))
        if field.column not in free and field.column != "company_id" and not tampered(world, field, row)
    ]  # fmt: skip


def test_every_column_of_the_document(world: World, bill: Case) -> None:
    assert missed(world, bill.document, FREE) == []


@pytest.mark.parametrize("model", CHILDREN, ids=lambda model: model.__name__)
def test_every_column_of_its_rows(world: World, bill: Case, model: type[models.Model]) -> None:
    row = model._default_manager.filter(**{CHILDREN[model]: bill.document.pk}).first()
    assert row is not None
    progress = {"closed", "closed_reason"} if model is Line else set()
    assert missed(world, row, progress) == []


def test_a_seal_from_before_a_column_holds(world: World) -> None:
    """Empty in what was sealed before the column was there; filled in later, or emptied, it is found."""
    waiting = drafts.create_draft(
        company=world.company, actor=world.clerk, data=draft("sales_order", world.customer, line(world.wheat, "1")),
        today=today_in(world.company),
    )  # fmt: skip
    Document.objects.filter(pk=waiting.document.pk).update(rate_typed=None)
    old = again(act(again(waiting), "submit", world.clerk)).document
    new = submitted(world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "1")))
    assert (old.state, old.rate_typed, again(new).document.rate_typed) == ("posted", None, False)
    with patch.object(proofs, "_ROWS", proofs._ROWS.replace("'changed_at'", "'changed_at' - 'rate_typed'")):
        proofs._sql.cache_clear()
        as_then = proofs.digests([old.pk, new.document.pk])
    proofs._sql.cache_clear()
    now = proofs.digests([old.pk, new.document.pk])
    assert now[old.pk] == as_then[old.pk]
    assert now[new.document.pk] != as_then[new.document.pk]
    assert problems(world) == []
    for case, value in ((old, True), (new.document, None)):
        with transaction.atomic():
            with pgtrigger.ignore(), transaction.atomic():
                assert Document.objects.filter(pk=case.pk).update(rate_typed=value) == 1
            assert any(case.number in text for text in problems(world))
            transaction.set_rollback(True)


def test_the_document_is_named(world: World, bill: Case) -> None:
    field = next(field for field in concrete(Document) if field.column == "net_total")
    assert any(bill.document.number in text for text in tampered(world, field, bill.document))


@pytest.mark.parametrize("column", MEASURE_COLUMNS)
def test_progress_is_derived_again(world: World, bill: Case, column: str) -> None:
    field = next(field for field in concrete(Line) if field.column == column)
    assert any(column in text for text in tampered(world, field, bill.lines[0]))


def test_a_row_that_was_taken_away_or_put_in(world: World, bill: Case) -> None:
    for table, key in (("documents_party", "document_id"), ("documents_instalment", "document_id")):
        with transaction.atomic():
            with pgtrigger.ignore():
                assert run(f"DELETE FROM {table} WHERE {key} = %s", [bill.document.pk]) > 0  # noqa: S608
            assert problems(world), table
            transaction.set_rollback(True)
    with transaction.atomic():
        columns = ", ".join(f'"{field.column}"' for field in concrete(Party) if field.column != "role")
        with pgtrigger.ignore():
            run(
                f"INSERT INTO documents_party (role, {columns}) SELECT 'payee', {columns} "  # noqa: S608
                "FROM documents_party WHERE document_id = %s AND role = 'buyer'",
                [bill.document.pk],
            )
        assert problems(world)
        transaction.set_rollback(True)


def test_the_frozen_snapshot(world: World, bill: Case) -> None:
    revision = Revision.objects.get(document=bill.document)
    for name in ("content", "number", "state"):
        field = next(field for field in concrete(Revision) if field.name == name)
        assert tampered(world, field, revision), name


def test_every_column_of_an_audit_entry(world: World, bill: Case) -> None:
    entry = AuditEntry.objects.filter(object_id=bill.document.pk, action="post").get()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for field in concrete(AuditEntry):
            if field.column in ("company_id", "seq"):
                continue
            assert tampered(world, field, entry), field.column


def test_the_text_of_an_audit_entry(world: World, bill: Case) -> None:
    text = AuditText.objects.filter(entry__object_id=bill.document.pk).first()
    assert text is not None
    field = next(field for field in concrete(AuditText) if field.name == "parts")
    assert tampered(world, field, text)


def test_ledgers_and_master_data(world: World, bill: Case) -> None:
    item = OpenItem.objects.filter(document=bill.document).first()
    assert item is not None
    for row, names in (
        (item, ("amount", "open_amount", "due", "posting_date", "skonto_until", "partner", "currency")),
        (Partner.objects.get(pk=world.customer.pk), ("credit_limit", "name", "vat_id")),
        (Article.objects.get(pk=world.wheat.pk), ("list_price", "tax_class", "standard_cost")),
    ):  # fmt: skip
        for field in concrete(type(row)):
            if field.name in names:
                assert tampered(world, field, row), f"{type(row).__name__}.{field.name}"


@pytest.mark.parametrize("kind", ["delivery", "opening"])
def test_every_column_of_a_stock_movement(world: World, bill: Case, kind: str) -> None:
    """What a document moved is sealed by its posting entry, what a person entered by his own."""
    movement = StockMovement.objects.filter(article=world.wheat, kind=kind).first()
    assert movement is not None
    assert missed(world, movement, set()) == []


def test_value_and_balance_changed_together(world: World, bill: Case) -> None:
    """The sums still agree: only the seal knows what the goods cost."""
    movement = StockMovement.objects.filter(article=world.wheat, kind="delivery").get()
    with transaction.atomic():
        with pgtrigger.ignore():
            run("UPDATE inventory_stockmovement SET value = value - 1 WHERE id = %s", [movement.pk])
            run("UPDATE inventory_stockbalance SET value = value - 1 WHERE article_id = %s", [world.wheat.pk])
        assert movement.document is not None
        assert any(movement.document.number in text for text in problems(world))
        transaction.set_rollback(True)


def test_a_movement_that_was_put_in_or_taken_away(world: World, bill: Case) -> None:
    columns = ", ".join(
        f'"{field.column}"' for field in concrete(StockMovement) if field.name not in {"uuid", "entry_key"}
    )
    for kind in ("delivery", "opening"):
        row = StockMovement.objects.filter(article=world.wheat, kind=kind).get()
        copied = f"INSERT INTO inventory_stockmovement (uuid, {columns}) SELECT gen_random_uuid(), {columns} "
        for sql in (
            copied + "FROM inventory_stockmovement WHERE id = %s",
            "DELETE FROM inventory_stockmovement WHERE id = %s",
        ):
            with transaction.atomic():
                with pgtrigger.ignore():
                    assert run(sql, [row.pk]) == 1
                sign = 1 if sql.startswith("INSERT") else -1
                run(
                    "UPDATE inventory_stockbalance SET on_hand = on_hand + %s, value = value + %s WHERE article_id = %s",
                    [sign * row.stock_quantity, sign * row.value, world.wheat.pk],
                )
                assert problems(world), (kind, sql)
                transaction.set_rollback(True)


def test_the_command_says_so_and_fails(world: World, bill: Case) -> None:
    out = StringIO()
    call_command("verify_audit", company=world.company.code, stdout=out, stderr=out)
    with pgtrigger.ignore():
        Line.objects.filter(pk=bill.lines[0].pk).update(price=Decimal(1))
    with pytest.raises((CommandError, SystemExit)):
        call_command("verify_audit", company=world.company.code, stdout=out, stderr=out)
    assert bill.document.number in out.getvalue()
