"""The set of a posted document: made by the worker, once, and never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from archive.exceptions import ArchiveDamaged
from archive.models import ArchivedFile, ArchivedPaper
from archive.retention import retention_of
from archive.services import store
from archive.services.issue import issue, issued_revision
from documents.models import Document
from documents.printing import TEMPLATE_VERSION, render_pdf
from tests.archive.conftest import World, revision_of
from valeo.core.exceptions import NotFound
from valeo.events.models import Job
from valeo.events.relay import relay_once
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope


def test_posting_orders_the_set_and_the_worker_makes_it(world: World) -> None:
    case = world.invoice()
    assert case.document.number
    revision = revision_of(case)
    assert Job.objects.get(key=f"archive.issue:{revision.pk}").state == "open"
    assert not ArchivedPaper.objects.exists()
    relay_once()
    assert Job.objects.get(key=f"archive.issue:{revision.pk}").state == "done"
    data, pdf = ArchivedPaper.objects.select_related("file").order_by("media")
    assert (data.media, data.paper, pdf.media, pdf.paper) == ("data", "", "pdf", "invoice")
    assert data.file.sha256 == revision.content_hash, "the audited hash is the archived file's"
    assert json.loads(store.read(data.file)) == revision.content
    content = store.read(pdf.file)
    assert content == render_pdf(revision.content, paper="invoice", language="de")
    assert (pdf.file.sha256, pdf.file.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert pdf.template_version == TEMPLATE_VERSION
    assert not pdf.is_copy
    assert pdf.retain_until == dt.date(case.document.document_date.year + 8, 12, 31)


def test_doing_it_again_changes_nothing(world: World, store: Path) -> None:
    revision = revision_of(world.quotation())
    first = issue(revision_id=revision.pk)
    files = sorted(store.rglob("*.*"))
    assert [row.pk for row in issue(revision_id=revision.pk)] == [row.pk for row in first]
    assert sorted(store.rglob("*.*")) == files
    assert len(first) == 2


def test_a_crash_between_file_and_row_heals(world: World, store: Path) -> None:
    revision = revision_of(world.quotation())
    with transaction.atomic():
        issue(revision_id=revision.pk)
        transaction.set_rollback(True)
    assert not ArchivedFile.objects.exists()
    left = sorted(store.rglob("*.pdf"))
    assert left
    issue(revision_id=revision.pk)
    assert sorted(store.rglob("*.pdf")) == left


def test_a_failed_rendering_is_seen_and_tried_again(world: World, store: Path) -> None:
    store.parent.mkdir(exist_ok=True)
    store.write_text("in the way")  # the directory cannot be made
    case = world.quotation()
    relay_once()
    job = Job.objects.get(key=f"archive.issue:{revision_of(case).pk}")
    assert (job.state, job.attempts) == ("open", 1)
    assert job.error
    assert Document.objects.get(pk=case.document.pk).state == "posted", "posting is not held up"
    store.unlink()
    Job.objects.update(next_try_at=job.created_at)
    relay_once()
    assert ArchivedPaper.objects.count() == 2


def test_a_changed_snapshot_is_not_archived(world: World) -> None:
    revision = revision_of(world.quotation())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE documents_revision DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE documents_revision SET content = jsonb_set(content, '{totals,gross}', '\"1.00\"') WHERE id = %s",
            [revision.pk],
        )
        cursor.execute("ALTER TABLE documents_revision ENABLE TRIGGER USER")
    with pytest.raises(ArchiveDamaged):
        issue(revision_id=revision.pk)
    assert not ArchivedPaper.objects.exists()


def test_another_companys_revision_is_not_there(world: World, other_company: Company) -> None:
    revision = revision_of(world.quotation())
    with company_scope(other_company.pk), pytest.raises(NotFound):
        issued_revision(revision.pk)


@pytest.mark.parametrize("table", ["archive_archivedpaper", "archive_archivedfile"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_refuses_changes(world: World, table: str, statement: str) -> None:
    issue(revision_id=revision_of(world.quotation()).pk)
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table))
    assert ArchivedPaper.objects.count() == 2


def test_retention() -> None:
    assert retention_of("voucher", dt.date(2026, 1, 1)) == ("voucher", dt.date(2034, 12, 31))
    assert retention_of("commitment", dt.date(2026, 11, 24)) == ("letter", dt.date(2032, 12, 31))
