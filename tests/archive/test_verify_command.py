from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archive.models import ArchivedFile
from archive.services.issue import issue
from archive.storage import WriteOnceStorage
from tests.archive.conftest import World, revision_of


def run() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_archive", stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"FAILED {error}")
    return out.getvalue(), err.getvalue()


def age(path: Path) -> None:
    """As if it had been written two hours ago."""
    then = time.time() - 2 * 3600
    os.utime(path, (then, then))


@pytest.fixture
def pdf(world: World, store: Path) -> Path:
    issue(revision_id=revision_of(world.quotation()).pk)
    return store / ArchivedFile.objects.get(media_type="application/pdf").name


def test_a_sound_archive(pdf: Path) -> None:
    out, err = run()
    assert "2 archived files" in out
    assert err == ""


def test_a_changed_file(pdf: Path) -> None:
    pdf.chmod(0o600)
    content = bytearray(pdf.read_bytes())
    content[100] ^= 1
    pdf.write_bytes(content)
    _out, err = run()
    assert f"changed: {ArchivedFile.objects.get(media_type='application/pdf').name}" in err
    assert "FAILED 1" in err


def test_a_missing_and_a_foreign_file(pdf: Path) -> None:
    pdf.rename(pdf.with_name("foreign.pdf"))
    _out, err = run()
    assert "missing: " in err
    assert "foreign: " in err
    assert "FAILED 2" in err


def test_a_worker_that_finishes_meanwhile_is_no_fault(
    world: World, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It puts its file and commits its row between the reading of the names and that of the rows, or around both."""
    late, names = world.quotation(), WriteOnceStorage.names

    def finishing(storage: WriteOnceStorage) -> list[str]:
        issue(revision_id=revision_of(late).pk)
        return names(storage)

    monkeypatch.setattr(WriteOnceStorage, "names", finishing)
    out, err = run()
    assert err == ""
    assert "4 archived files" in out


def test_a_file_whose_row_is_not_committed_yet_is_a_note(pdf: Path) -> None:
    young = pdf.with_name(f"{'0' * 64}.pdf")
    young.write_bytes(b"%PDF-1.7")
    out, err = run()
    assert f"underway: {ArchivedFile.objects.get(media_type='application/pdf').name[:40]}" in out
    assert err == ""
    age(young)
    _out, err = run()
    assert f"{young.name}\nFAILED 1" in err


def test_what_a_killed_writer_left_is_removed_once_it_is_old(pdf: Path) -> None:
    half, other = pdf.with_name(".0123456789abcdef.part"), pdf.with_name("notes.part")
    half.write_bytes(b"%PDF-1.7 half")
    out, err = run()
    assert f"{half.name} has no row yet" in out
    assert (err, half.exists()) == ("", True)
    age(half)
    other.write_bytes(b"not ours")
    age(other)
    out, err = run()
    assert f"{half.name} was left by a writer" in out
    assert "notes.part" in err
    assert "FAILED 1" in err
    assert (half.exists(), other.exists(), pdf.exists()) == (False, True, True)


def test_a_changed_snapshot(world: World, pdf: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE documents_revision DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE documents_revision SET content = jsonb_set(content, '{document,number}', '\"X\"')"
        )
        cursor.execute("ALTER TABLE documents_revision ENABLE TRIGGER USER")
    _out, err = run()
    assert "snapshot: " in err


def test_what_waits_is_named_and_no_fault(world: World, pdf: Path) -> None:
    waiting = world.quotation()
    out, err = run()
    assert f"waiting: {waiting.document.number}" in out
    assert err == ""
