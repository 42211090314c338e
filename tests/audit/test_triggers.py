"""The triggers refuse whoever sends it: no TRUNCATE, no variable of a session, and a check that they are there.

The tests' own database has them loosened (conftest.py): each test puts back what it needs and rolls that back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from tests.conftest import TRUNCATE
from valeo.audit import triggers
from valeo.audit.models import AuditEntry
from valeo.core.operations import NEVER_IGNORED, AddTrigger
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

BEFORE_DELETE = (1 << 1) | (1 << 3)
#: pruned by the worker after two weeks, so its rows may go; they are only never changed
PRUNED = {"events_liveevent"}


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def as_installed(db: None) -> None:
    """The database as the migrations made it, until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
        cursor.execute(NEVER_IGNORED)


def guarded(bits: int) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'pgtrigger%%' AND tgtype & %s = %s",
            [bits, bits],
        )
        return {table for (table,) in cursor.fetchall()}


def test_every_table_whose_rows_stay_refuses_truncate(db: None) -> None:
    """A trigger per row does not see TRUNCATE."""
    tables = guarded(BEFORE_DELETE)
    assert {
        "documents_document", "documents_line", "documents_revision", "documents_link", "payments_openitem",
        "audit_audithead", "numbering_seriescounter", "workflow_approval",
    } <= tables  # fmt: skip
    assert tables - guarded(TRUNCATE) - PRUNED == set()


def test_no_table_of_the_record_is_emptied(as_installed: None) -> None:
    for table in sorted(guarded(TRUNCATE)):
        with pytest.raises(IntegrityError, match="valeo: "), transaction.atomic():
            execute(f"TRUNCATE {table} CASCADE")


def test_a_session_cannot_have_triggers_ignored(as_installed: None, actor: Actor, company: Company) -> None:
    journal = Journal(actor)
    journal.entry(action="company.change", obj=company)
    journal.flush()
    ways: tuple[Callable[[], Any], ...] = (
        lambda: AuditEntry.objects.update(action="x"),
        lambda: AuditEntry.objects.all()._raw_delete("default"),
    )
    with pgtrigger.ignore():
        for way in ways:
            with pytest.raises(IntegrityError, match="valeo: "), transaction.atomic():
                way()
    names = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())
    execute(f"SELECT set_config('pgtrigger.ignore', '{{{names}}}', true)")
    with pytest.raises(IntegrityError, match="valeo: "), transaction.atomic():
        execute("UPDATE audit_auditentry SET action = 'x'")


def test_nor_after_a_later_migration(as_installed: None) -> None:
    """pgtrigger puts its own function back with each trigger that it makes."""
    trigger = next(each for each in AuditEntry._meta.triggers if each.name == "append_only")  # type: ignore[attr-defined]
    execute(trigger.compile(AuditEntry).install_sql)
    assert "a session can have the triggers ignored" in list(triggers.problems())

    class State:
        class apps:  # noqa: N801
            @staticmethod
            def get_model(_app: str, _name: str) -> type[AuditEntry]:
                return AuditEntry

    with connection.schema_editor() as editor:
        AddTrigger("auditentry", trigger).database_forwards("audit", editor, State(), State())  # type: ignore[arg-type]
    assert list(triggers.problems()) == []


def test_the_check_names_what_is_not_as_it_was_made(
    as_installed: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_triggers")
    assert "as the migrations made them" in capsys.readouterr().out
    pgids = {
        trigger.name: trigger.get_pgid(model)
        for model, trigger in pgtrigger.registered() if model._meta.label == "audit.AuditEntry"
    }  # fmt: skip
    execute(f"ALTER TABLE audit_auditentry DISABLE TRIGGER {pgids['append_only']}")
    execute(f"DROP TRIGGER {pgids['no_truncate']} ON audit_auditentry")
    execute(
        f"CREATE OR REPLACE FUNCTION {pgids['link']}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    )
    with pytest.raises(CommandError, match="3 triggers"):
        call_command("check_triggers")
    out = capsys.readouterr().out
    assert "append_only of audit_auditentry is switched off" in out
    assert "no_truncate of audit_auditentry is missing" in out
    assert "link of audit_auditentry does something else" in out
