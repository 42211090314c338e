"""Printing on demand: the archived bytes, second copies, drafts, earlier revisions."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from pypdf import PdfReader

from archive.exceptions import ArchiveDamaged
from archive.models import ArchivedFile, ArchivedPaper
from archive.services.issue import issue
from archive.services.printing import Printed, print_paper
from documents.models import Document
from tests.archive.conftest import World, revision_of
from tests.factories.documents import draft, line
from tests.factories.tenancy import make_actor
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotFound, NotPermitted
from valeo.tenancy.scope import company_scope
from workflow.services.begin import today_in


def text_of(printed: Printed) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)


def test_a_reprint_is_the_archived_bytes(world: World) -> None:
    case = world.invoice()
    before = print_paper(document=case.document, paper="invoice", actor=world.accountant)
    issue(revision_id=revision_of(case).pk)
    after = print_paper(
        document=case.document, paper="invoice", actor=world.clerk, language="de", page_size="a4"
    )
    assert before.content == after.content
    assert (before.state, after.state) == ("archived", "archived")
    assert ArchivedPaper.objects.filter(media="pdf").count() == 1
    assert before.file_name == f"{case.document.number}_{case.document.document_date.isoformat()}.pdf"


def test_another_language_is_a_second_copy_whoever_comes_first(world: World) -> None:
    case = world.invoice()
    copy = print_paper(document=case.document, paper="invoice", actor=world.accountant, language="en")
    original = print_paper(document=case.document, paper="invoice", actor=world.accountant)
    again = print_paper(document=case.document, paper="invoice", actor=world.accountant, language="en")
    assert "Second copy" in text_of(copy)
    assert "Zweitschrift" not in text_of(original)
    assert again.content == copy.content
    assert [row.is_copy for row in ArchivedPaper.objects.filter(media="pdf").order_by("pk")] == [True, False]
    assert ArchivedPaper.objects.get(is_copy=True).created_by_id == world.accountant.user_id


def test_a_draft_is_marked_and_not_kept(world: World) -> None:
    from documents.services import drafts
    from valeo.events.journal import Journal

    data = draft("sales_invoice", world.customer, line(world.service, "1"))
    case = drafts.create(world.company, world.clerk, data, today_in(world.company), Journal(world.clerk))
    printed = print_paper(document=case.document, paper="invoice", actor=world.clerk)
    assert "ENTWURF" in text_of(printed)
    assert printed.state == "draft"
    assert "draft" in printed.file_name
    assert not ArchivedPaper.objects.exists()


def test_every_print_is_audited(world: World) -> None:
    case = world.invoice()
    before = AuditEntry.objects.filter(action="print").count()
    printed = print_paper(document=case.document, paper="invoice", actor=world.clerk)
    entry = AuditEntry.objects.filter(action="print").latest("seq")
    assert AuditEntry.objects.filter(action="print").count() == before + 1
    assert entry.user_id == world.clerk.user_id
    assert entry.object_id == case.document.pk
    assert entry.data["sha256"] == printed.sha256


def test_refusals_leave_nothing(world: World) -> None:
    case = world.invoice()
    auditor = make_actor(world.company, ["auditor"])
    entries = AuditEntry.objects.count()
    unreading = replace(world.clerk, scopes=frozenset({"docs:print"}))
    for actor in (auditor, unreading):
        with pytest.raises(NotPermitted):
            print_paper(document=case.document, paper="invoice", actor=actor)
    for wrong in ({"paper": "nonsense"}, {"paper": "invoice", "revision": 7}):
        with pytest.raises(NotFound):
            print_paper(document=case.document, actor=world.clerk, **wrong)
    assert not ArchivedPaper.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_a_changed_file_is_never_handed_out(world: World, store: Path) -> None:
    case = world.invoice()
    print_paper(document=case.document, paper="invoice", actor=world.clerk)
    file = store / ArchivedFile.objects.get(media_type="application/pdf").name
    file.chmod(0o600)
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(ArchiveDamaged):
        print_paper(document=case.document, paper="invoice", actor=world.clerk)
    file.unlink()
    with pytest.raises(ArchiveDamaged):
        print_paper(document=case.document, paper="invoice", actor=world.clerk)


@pytest.mark.django_db(transaction=True)
def test_two_prints_at_once_store_one(world: World) -> None:
    case = world.invoice()
    company_id, together = world.company.pk, threading.Barrier(3)
    found: list[bytes] = []
    faults: list[Exception] = []

    def press() -> None:
        try:
            with company_scope(company_id):
                document = Document.objects.get(pk=case.document.pk)
                together.wait()
                found.append(print_paper(document=document, paper="invoice", actor=world.clerk).content)
        except Exception as fault:  # noqa: BLE001  # shown by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(set(found)) == 1
    assert ArchivedPaper.objects.filter(media="pdf").count() == 1
    assert AuditEntry.objects.filter(action="print").count() == 3
