"""Nobody changes what happened: not through the ORM, not with SQL, and not unseen with the triggers off."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from tests.factories.tenancy import make_company, make_user
from valeo.audit import canonical, verifiers
from valeo.audit.models import AuditEntry, AuditHead, AuditText
from valeo.audit.selectors import export_lines, history, verify
from valeo.audit.services import entries_of_user, erase_texts
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch, Company
from valeo.tenancy.selectors import system_actor


def write(actor: Actor, company: Company, count: int = 3) -> None:
    journal = Journal(actor)
    for number in range(count):
        journal.entry(
            action="company.change", obj=company, from_state="draft", to_state="posted", reason="Frau Petersen bat darum",
            changes={"name": ["Alt", "Neu"], "total": [Decimal("1.10"), Decimal(number)]},
            data={"day": dt.date(2026, 3, 1), "list": [1, None, True, {"ä": "ß"}]},
        )  # fmt: skip
    journal.flush()


def without_triggers(table: str, sql: str, parameters: list[Any]) -> None:
    """What somebody does who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with waiting checks can't be altered
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def some_entry(company: Company) -> AuditEntry:
    entry = AuditEntry.objects.filter(company=company, action="company.change").order_by("seq").first()
    assert entry is not None
    return entry


# -- the chain


def test_a_chain_as_written_verifies(actor: Actor, company: Company) -> None:
    write(actor, company)
    verdict = verify(company)
    assert verdict.problems == []
    head = AuditHead.objects.get(company=company)
    assert (verdict.entries, verdict.hash) == (head.seq, head.hash)
    assert AuditEntry.objects.count() == head.seq


def test_sql_that_appends_is_chained_too(actor: Actor, company: Company) -> None:
    write(actor, company)
    entry = some_entry(company)
    AuditEntry.everywhere.bulk_create([AuditEntry(
        company=company, seq=7777, version=1, at=entry.at, action="forged", content_hash="f" * 64, prev_hash="x", hash="y",
    )])  # fmt: skip
    newest = AuditEntry.objects.order_by("-seq").first()
    assert newest is not None
    assert newest.seq == AuditEntry.objects.count()
    assert verify(company).problems == [f"entry {newest.seq} was changed: its content does not fit its hash"]


@pytest.mark.parametrize(
    "change",
    [lambda: AuditEntry.objects.update(action="x"), lambda: AuditEntry.objects.all()._raw_delete("default"),
     lambda: AuditHead.objects.update(seq=1), lambda: AuditHead.objects.all().delete(),
     lambda: AuditText.objects.all()._raw_delete("default"), lambda: AuditText.objects.update(parts={"user": ["k", "x"]})],
)  # fmt: skip
def test_the_database_refuses_changes(actor: Actor, company: Company, change: Any) -> None:
    write(actor, company)
    with pytest.raises(IntegrityError, match="valeo: "), transaction.atomic():
        change()
    assert verify(company).problems == []


CHANGES: dict[str, Any] = {
    "id": 987654321, "company_id": None, "seq": 987654, "version": 2, "at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
    "user_id": 4711, "action": "other", "object_type": "other", "object_id": 1, "object_uuid": uuid.UUID(int=7),
    "label": "other", "from_state": "other", "to_state": "other", "changes": json.dumps({"name": ["Alt", "Anders"]}),
    "data": "{}", "seals": "{}", "request_id": "other", "content_hash": "0" * 64, "prev_hash": "1" * 64, "hash": "2" * 64,
}  # fmt: skip


def test_the_test_below_changes_every_column() -> None:
    assert set(CHANGES) == {field.column for field in AuditEntry._meta.concrete_fields}


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_of_any_column_with_the_triggers_off_is_found(
    actor: Actor, company: Company, other_company: Company, column: str
) -> None:
    write(actor, company)
    entry = some_entry(company)
    value = other_company.pk if column == "company_id" else CHANGES[column]
    if column == "company_id":
        AuditText.objects.filter(entry=entry).update(parts={})
        without_triggers(
            "audit_auditentry", "UPDATE audit_auditentry SET seq = 555 WHERE id = %s", [entry.pk]
        )
    sql = f"UPDATE audit_auditentry SET {column} = %s WHERE id = %s"  # noqa: S608 - from the list above
    without_triggers("audit_auditentry", sql, [value, entry.pk])
    problems = verify(company).problems
    assert problems
    assert str(entry.seq) in problems[0]


def test_the_first_broken_link_is_named(actor: Actor, company: Company) -> None:
    write(actor, company, 6)
    first, second = AuditEntry.objects.filter(action="company.change").order_by("seq")[1:5:3]
    for entry in (second, first):
        without_triggers(
            "audit_auditentry", "UPDATE audit_auditentry SET action = 'x' WHERE id = %s", [entry.pk]
        )
    problems = verify(company).problems
    assert problems[0] == f"entry {first.seq} was changed: its content does not fit its hash"
    assert len(problems) == 2


def test_a_deleted_entry_is_a_gap(actor: Actor, company: Company) -> None:
    write(actor, company)
    entry = some_entry(company)
    without_triggers("audit_auditentry", "DELETE FROM audit_auditentry WHERE id = %s", [entry.pk])
    assert verify(company).problems[0] == f"entry {entry.seq} is missing"


def test_entries_cut_off_at_the_end_are_missed(actor: Actor, company: Company) -> None:
    write(actor, company)
    last = AuditHead.objects.get(company=company).seq
    without_triggers(
        "audit_auditentry",
        "DELETE FROM audit_auditentry WHERE company_id = %s AND seq >= %s",
        [company.pk, last - 1],
    )
    assert f"entries {last - 1} to {last} are missing at the end" in verify(company).problems


def test_a_changed_and_an_added_text_are_found(actor: Actor, company: Company) -> None:
    write(actor, company)
    entry = some_entry(company)
    parts = AuditText.objects.get(entry=entry).parts
    parts["reason"][1] = "Herr Jensen bat darum"
    parts["personal"] = ["00", "added"]
    without_triggers(
        "audit_audittext",
        "UPDATE audit_audittext SET parts = %s WHERE entry_id = %s",
        [json.dumps(parts), entry.pk],
    )
    assert set(verify(company).problems) == {
        f"entry {entry.seq}: the text “reason” was changed", f"entry {entry.seq}: the text “personal” was added"
    }  # fmt: skip


# -- personal text


def test_no_name_and_no_reason_is_in_the_hashed_content(actor: Actor, company: Company) -> None:
    user = make_user(full_name="Eva Petersen")
    journal = Journal(actor)
    journal.entry(
        action="user.change", obj=user, reason="auf Wunsch von Eva Petersen",
        changes={"email": ["", "eva@example.org"], "is_active": [True, False]}, personal={"to": "eva@example.org"},
    )  # fmt: skip
    journal.flush()
    entry = history(user).get()
    columns = {field.column: getattr(entry, field.attname) for field in AuditEntry._meta.concrete_fields}
    for text in ("Petersen", "example.org", actor.name):
        assert text not in str(columns)
    assert entry.user_name == actor.name
    assert entry.reason == "auf Wunsch von Eva Petersen"
    assert entry.object_label == "Eva Petersen"
    assert entry.all_changes == {"email": ["", "eva@example.org"], "is_active": [True, False]}
    assert entry.changes == {"is_active": [True, False]}


def test_erasing_texts_leaves_the_chain_valid(actor: Actor, company: Company) -> None:
    write(actor, company)
    assert actor.user_id is not None
    ids = entries_of_user(company_id=company.pk, user_id=actor.user_id)
    assert len(ids) == 3
    assert erase_texts(company_id=company.pk, entry_ids=ids, parts=["user", "reason"]) == 3
    entry = AuditEntry.objects.select_related("text").get(pk=ids[0])
    assert (entry.user_name, entry.reason) == ("", "")
    verdict = verify(company)
    assert verdict.problems == []
    assert verdict.erased == 6
    assert erase_texts(company_id=company.pk, entry_ids=ids, parts=["user"]) == 0


# -- command, export, registry


def test_the_command_tells_valid_and_broken(
    actor: Actor, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    write(actor, company)
    call_command("verify_audit", company="TEST")
    assert "TEST: valid" in capsys.readouterr().out
    entry = some_entry(company)
    without_triggers(
        "audit_auditentry", "UPDATE audit_auditentry SET to_state = 'x' WHERE id = %s", [entry.pk]
    )
    with pytest.raises(CommandError, match="BROKEN"):
        call_command("verify_audit")
    assert f"first: entry {entry.seq} was changed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no such company"):
        call_command("verify_audit", company="NOPE")


def test_an_export_is_checked_without_django(actor: Actor, company: Company, tmp_path: Path) -> None:
    write(actor, company)
    file = tmp_path / "audit.jsonl"
    call_command("verify_audit", company="TEST", export=str(file))

    def offline() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-S", "-m", "valeo.audit.offline", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )

    good = offline()
    assert good.returncode == 0, good.stdout + good.stderr
    assert AuditHead.objects.get(company=company).hash in good.stdout
    lines = file.read_text().splitlines(keepends=True)
    for changed, words in (
        ([line.replace('"to_state":"posted"', '"to_state":"draft"') for line in lines], "was changed"),
        ([*lines[:2], *lines[3:]], "missing"),
        (lines[:-1], "without the head"),
        ([*lines[:-3], lines[-1]], "missing at the end"),
        (["{}\n"], "no export"),
    ):
        file.write_text("".join(changed))
        bad = offline()
        assert (bad.returncode, words in bad.stdout) == (1, True), bad.stdout


def test_proofs_of_other_apps_run_in_the_companys_scope(
    actor: Actor, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifiers, "_verifiers", {})
    verifiers.register(
        "branches", lambda company_id: iter([f"{Branch.objects.count()} branches in {company_id}"])
    )
    assert verify(company).problems == [f"branches: 0 branches in {company.pk}"]
    with pytest.raises(RuntimeError, match="twice"):
        verifiers.register("branches", lambda _id: iter(()))


def test_the_export_streams(actor: Actor, company: Company) -> None:
    write(actor, company)
    lines = export_lines(company)
    assert json.loads(next(lines))["company"] == "TEST"


# -- encoding


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("1.10"), "1.10"), (1.5, "1.5"), (True, True), (None, None), (dt.date(2026, 1, 2), "2026-01-02"),
        ({1: {2}}, {"1": [2]}), ("a\x00b", "a\N{REPLACEMENT CHARACTER}b"), ("\ud800", "?"), ((1, "x"), [1, "x"]),
    ],
)  # fmt: skip
def test_values_survive_the_database(actor: Actor, company: Company, value: Any, plain: Any) -> None:
    assert canonical.plain(value) == plain
    journal = Journal(actor)
    journal.entry(action="probe", obj=company, data={"value": value}, reason=str(plain))
    journal.flush()
    assert AuditEntry.objects.get(action="probe").data == {"value": plain}
    assert verify(company).problems == []


def test_the_encoding_of_version_one_is_fixed() -> None:
    content = dict.fromkeys(canonical.CONTENT) | {
        "version": 1,
        "label": "ä",
        "data": {"b": 1, "a": [None, "\n"]},
    }
    assert canonical.encode({"b": 1, "ä": ["\n"]}) == '{"b":1,"ä":["\\n"]}'.encode()
    assert (
        canonical.content_hash(content) == "4ec129c37696774e0b716baabe0de608b8b38a4f7abe9b21b9708148111204a0"
    )
    with pytest.raises(KeyError):
        canonical.content_hash({})


# -- at the same time


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_of_two_companies_leave_no_gap() -> None:
    companies = [make_company(), make_company()]
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(15):
                company = companies[(number + step) % 2]
                with transaction.atomic():
                    write(system_actor(company.pk), company, 2)
                    transaction.set_rollback(step % 5 == 0)
        except BaseException as error:  # noqa: BLE001 - told by the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    for company in companies:
        verdict = verify(company)
        assert verdict.problems == []
        assert verdict.entries == AuditEntry.everywhere.filter(company=company).count() > 60


@pytest.mark.parametrize("table", ["audit_auditentry", "audit_audittext", "numbering_issuednumber"])
def test_truncate_is_refused(db: None, table: str) -> None:
    """The triggers are off in the tests' database (conftest.py), so each is tried on a copy of its table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgtype & 32 <> 0",
            [table],
        )
        [(_, definition)] = cursor.fetchall()
        cursor.execute(f"CREATE TEMPORARY TABLE copy (LIKE {table})")
        cursor.execute(definition.replace(f"ON public.{table}", "ON copy"))
        with pytest.raises(IntegrityError, match="valeo: "), transaction.atomic():
            cursor.execute("TRUNCATE copy")
