"""The set of a revision: canonical data and a PDF of each paper that leaves the house."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from archive.exceptions import ArchiveDamaged
from archive.kinds import ISSUED, Media
from archive.models import ArchivedFile, ArchivedPaper
from archive.retention import retention_of
from archive.services import store
from documents import snapshot
from documents.models import Revision
from documents.printing import TEMPLATE_VERSION, default_page_size, paper_of, render_pdf
from documents.printing.papers import PageSize, Snapshot
from documents.printing.texts import language_of
from valeo.core.exceptions import NotFound
from valeo.tenancy.models import Logo


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of a paper: the original is the one in the document's language on its default page."""

    paper: str
    language: str
    page_size: PageSize
    is_copy: bool


def version_of(
    revision: Revision, paper: str, language: str | None = None, page_size: PageSize | None = None
) -> Version:
    """The version that is asked for, by default the original. What is a copy never depends on who prints first."""
    own_language = language_of(revision.content["document"]["language"])
    own_size = default_page_size(revision.content)
    wanted = language_of(language) if language else own_language, page_size or own_size
    return Version(paper, *wanted, is_copy=wanted != (own_language, own_size))


def issue(*, revision_id: int) -> list[ArchivedPaper]:
    """Make what is missing of a revision's set, and return the whole set. Idempotent.

    Raises ``NotFound`` for a revision that is not (or no longer) one in this company, ``ArchiveDamaged`` where its
    snapshot is not the one that was hashed at posting.
    """
    revision = issued_revision(revision_id)
    papers = [_data(revision)]
    papers += [paper_file(revision, version_of(revision, code)) for code in revision.content["papers"]]
    return papers


def issued_revision(revision_id: int) -> Revision:
    revision: Revision | None = (
        Revision.objects.select_related("document", "company")
        .filter(pk=revision_id, state__in=ISSUED)
        .first()
    )
    if revision is None:
        raise NotFound(_("There is no such issued revision."))
    return revision


def paper_file(revision: Revision, version: Version, *, user_id: int | None = None) -> ArchivedPaper:
    """The archived version; made now if there is none. Of two at once one is stored and both return it."""
    found = _find(revision, Media.PDF, version)
    if found is not None:
        return found
    return _keep(revision, Media.PDF, version, render(revision, version), user_id)


def render(revision: Revision, version: Version) -> bytes:
    """The PDF of a version, from the snapshot alone."""
    return render_pdf(
        revision.content,
        paper=paper_of(revision.content["document"]["kind"], version.paper),
        language=version.language,
        page_size=version.page_size,
        logo=logo_of(revision.company_id, revision.content),
        second_copy=version.is_copy,
    )


def logo_of(company_id: int, content: Snapshot) -> bytes | None:
    """The bytes of the logo that a snapshot names; a logo is never changed, so they are the ones of then."""
    named = (content.get("branding") or {}).get("logo")
    if not named:
        return None
    found = (
        Logo.everywhere.filter(company_id=company_id, sha256=named["sha256"])
        .values_list("content", flat=True)
        .first()
    )
    return bytes(found) if found is not None else None


def _data(revision: Revision) -> ArchivedPaper:
    version = Version("", "", "", is_copy=False)  # type: ignore[arg-type]  # data have no page
    found = _find(revision, Media.DATA, version)
    if found is not None:
        return found
    content = snapshot.canonical_bytes(revision.content)
    if snapshot.content_hash(revision.content) != revision.content_hash:
        raise ArchiveDamaged(_("The snapshot of %(revision)s was changed.") % {"revision": revision})
    return _keep(revision, Media.DATA, version, content, None)


def _find(revision: Revision, media: Media, version: Version) -> ArchivedPaper | None:
    return (
        ArchivedPaper.objects.select_related("file")
        .filter(
            revision=revision,
            media=media,
            paper=version.paper,
            language=version.language,
            page_size=version.page_size,
        )
        .first()
    )


@transaction.atomic
def _keep(
    revision: Revision, media: Media, version: Version, content: bytes, user_id: int | None
) -> ArchivedPaper:
    """Whoever comes second waits for the first one's commit, stores nothing and gets his row."""
    file: ArchivedFile = store.put(company=revision.company, content=content, media=media)
    issued = dt.date.fromisoformat(revision.content["document"]["document_date"])
    retention, until = retention_of(revision.content["family"], issued)
    row = ArchivedPaper(
        company_id=revision.company_id,
        document_id=revision.document_id,
        revision=revision,
        file=file,
        media=media,
        paper=version.paper,
        language=version.language,
        page_size=version.page_size,
        is_copy=version.is_copy,
        template_version=TEMPLATE_VERSION if media == Media.PDF else str(revision.content["schema"]),
        retention=retention,
        retain_until=until,
        created_by_id=user_id,
    )
    ArchivedPaper.objects.bulk_create([row], ignore_conflicts=True)
    kept = _find(revision, media, version)
    if kept is None:
        raise ArchiveDamaged(_("The archive did not keep %(revision)s.") % {"revision": revision})
    return kept
