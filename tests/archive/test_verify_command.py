from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archive.models import ArchivedFile
from archive.services.issue import issue
from tests.archive.conftest import World, revision_of


def run() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_archive", stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"FAILED {error}")
    return out.getvalue(), err.getvalue()


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
