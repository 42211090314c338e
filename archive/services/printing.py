"""Printing on demand: the archived bytes, a further version, or a draft; each print leaves an audit entry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from archive.kinds import ISSUED
from archive.services import store
from archive.services.issue import issued_revision, logo_of, paper_file, render, version_of
from documents import registry
from documents.models import Document, Revision
from documents.printing import default_page_size, file_name, paper_of, render_pdf
from documents.printing.papers import PAGE_SIZES, PageSize, Snapshot
from documents.printing.texts import language_of
from documents.selectors.cases import load_case
from documents.services.content import content_of
from documents.spec import Paper
from valeo.core.exceptions import NotFound
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor


@dataclass(frozen=True, slots=True)
class Printed:
    """``state``: ``archived`` (the stored bytes), ``copy`` (stored, marked second copy), ``internal``, ``draft``."""

    content: bytes
    file_name: str
    language: str
    page_size: PageSize
    state: str
    revision: int | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def print_paper(
    *,
    document: Document,
    paper: str,
    actor: Actor,
    language: str | None = None,
    page_size: str | None = None,
    revision: int | None = None,
) -> Printed:
    """A paper of the document as bytes.

    Posted: what the archive holds, made once where the worker has not yet; another language or size is a further
    version marked as a second copy. Not posted: with a watermark, not kept. ``revision`` asks for an earlier one.
    Raises ``NotPermitted`` without ``docs:print`` or the kind's read scope, ``NotFound`` for an unknown paper or
    revision, ``ArchiveDamaged`` for a stored file that is not what was stored.
    """
    actor.require("docs:print")
    actor.require(*registry.get(document.kind).scopes.read)
    declared = _declared(document, paper)
    size = next((known for known in PAGE_SIZES if known.lower() == (page_size or "").lower()), None)
    if document.number:
        printed = _issued(_revision(document, revision), declared, language, size, actor)
    else:
        printed = _draft(document, declared, language, size)
    _note(actor, document, paper, printed)
    return printed


def _declared(document: Document, code: str) -> Paper:
    try:
        return paper_of(document.kind, code)
    except LookupError as error:
        raise NotFound(_("There is no such paper.")) from error


def _revision(document: Document, number: int | None) -> Revision:
    found = (
        Revision.objects.filter(document=document, number=number or document.revision, state__in=ISSUED)
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such issued revision."))
    return issued_revision(found)


def _issued(
    revision: Revision, paper: Paper, language: str | None, size: PageSize | None, actor: Actor
) -> Printed:
    version = version_of(revision, paper.code, language, size)
    if paper.leaves:
        kept = paper_file(revision, version, user_id=actor.user_id)
        content, state = store.read(kept.file), "copy" if version.is_copy else "archived"
    else:
        content, state = render(revision, version), "internal"
    name = file_name(revision.content)
    return Printed(content, name, version.language, version.page_size, state, revision.number)


def _draft(document: Document, paper: Paper, language: str | None, size: PageSize | None) -> Printed:
    snapshot: Snapshot = content_of(load_case(document.pk))
    tongue, page = language_of(language or document.language), size or default_page_size(snapshot)
    content = render_pdf(
        snapshot,
        paper=paper,
        language=tongue,
        page_size=page,
        logo=logo_of(document.company_id, snapshot),
        draft=True,
    )
    return Printed(content, file_name(snapshot, draft=True), tongue, page, "draft", None)


@transaction.atomic
def _note(actor: Actor, document: Document, paper: str, printed: Printed) -> None:
    journal = Journal(actor)
    journal.entry(
        action="print",
        obj=document,
        label=str(document),
        data={
            "paper": paper,
            "language": printed.language,
            "page_size": printed.page_size,
            "kept": printed.state,
            "revision": printed.revision,
            "sha256": printed.sha256,
        },
    )
    journal.flush()
