"""What the public page says about a code. The same four queries whatever is asked, so that time tells nothing."""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from archive.kinds import ISSUED, Media
from archive.models import ArchivedPaper
from documents import registry
from documents.kinds import Outcome, Relation
from documents.models import Document, Link, Revision
from documents.printing import paper_of
from documents.printing.papers import title_of
from documents.printing.texts import kind_name, language_of
from documents.states import State
from valeo.audit.models import AuditEntry

#: secrets.token_urlsafe(16): 22 characters, 128 bits
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{16,32}")
_NOBODY: Final = 0
_NO_CODE: Final = "-"


@dataclass(frozen=True, slots=True)
class Other:
    """Another document, as the page names it."""

    title: str
    number: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Sum:
    """The checksum of an archived paper of this revision."""

    title: str
    language: str
    is_copy: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A genuine document; ``state`` is valid, amended, declined, expired, corrected or cancelled.

    ``ended``: the day on which it was declined, or the last one of its validity.
    """

    state: str
    ended: dt.date | None
    title: str
    number: str
    date: dt.date
    revision: int
    is_commitment: bool
    issuer: str
    address: str
    company_uuid: str
    newer: Revision | None
    cancelled_by: list[Other]
    corrected_by: list[Other]
    replaced_by: list[Other]
    cancels: list[Other]
    sums: list[Sum]


def verdict_of(*, code: str, number: str, domain: str | None, language: str) -> Verdict | None:
    """The document behind a code, if number and domain are its own; None for anything else, and always as much work.

    ``domain`` None leaves it out: the entry form has only the two that a person can read.
    """
    wanted = code if _CODE.fullmatch(code) else _NO_CODE
    row = (
        Revision.everywhere.select_related("document", "company")
        .annotate(declined_at=Subquery(_declined().values("at")[:1]))
        .filter(verify_code=wanted, state__in=ISSUED)
        .order_by("pk")
        .first()
    )
    if row is not None and not _is(row, number, domain):
        row = None
    revision_id, document_id = (row.pk, row.document_id) if row is not None else (_NOBODY, _NOBODY)
    papers = list(
        ArchivedPaper.everywhere.filter(revision_id=revision_id, media=Media.PDF)
        .select_related("file")
        .order_by("pk")
    )
    links = list(
        Link.everywhere.filter(
            source_document_id=document_id,
            via__isnull=True,
            relation__in=[Relation.CANCELS, Relation.CORRECTS, Relation.SETTLES],
            target_document__state=State.POSTED,
        )
        .select_related("target_document")
        .order_by("target_document_id", "relation")
    )
    newest = (
        Revision.everywhere.defer("content", "proposal")
        .filter(document_id=document_id, state__in=ISSUED)
        .order_by("-number")
        .first()
    )
    return _verdict(row, papers, links, newest, language_of(language)) if row is not None else None


def _declined() -> Any:
    """When the customer declined last; of a quotation only, and read with the revision: no query more."""
    return AuditEntry.everywhere.filter(
        company_id=OuterRef("company_id"), object_type=Document._meta.label_lower,
        object_id=OuterRef("document_id"), action="decline",
    ).order_by("-seq")  # fmt: skip


def _is(row: Revision, number: str, domain: str | None) -> bool:
    same_number = hmac.compare_digest(row.document.number.encode(), number.encode())
    return same_number and domain in (None, row.content["domain"])


def _verdict(
    row: Revision, papers: list[ArchivedPaper], links: list[Link], newest: Revision | None, language: str
) -> Verdict:
    content: dict[str, Any] = row.content
    document = content["document"]
    newer = newest if newest is not None and newest.number > row.number else None
    cancelled = _others(links, Relation.CANCELS, language)
    corrections = [link for link in links if link.target_document.reason_kind]
    corrected = _others(corrections, Relation.CORRECTS, language)
    successors = [link for link in links if not link.target_document.reason_kind]
    replaced = _others(successors, Relation.CORRECTS, language) + _others(
        successors, Relation.SETTLES, language
    )
    seller = content["parties"].get("buyer" if content["domain"] == "purchase" else "seller") or {}
    place = f"{seller.get('postal_code', '')} {seller.get('city', '')}".strip()
    state = _state(row, newer, corrected)
    return Verdict(
        state=state,
        ended=_ended(row, state),
        title=_headed(content, language),
        number=document["number"],
        date=dt.date.fromisoformat(document["document_date"]),
        revision=row.number,
        is_commitment=content["family"] == "commitment",
        issuer=content["issuer"].get("name") or seller.get("name", ""),
        address=", ".join(part for part in (seller.get("street", ""), place) if part),
        company_uuid=str(content["issuer"].get("company_uuid", "")),
        newer=newer,
        cancelled_by=cancelled,
        corrected_by=corrected,
        replaced_by=replaced,
        cancels=_cancelled(content, language),
        sums=[_sum(content, paper, language) for paper in papers],
    )


def _state(row: Revision, newer: Revision | None, corrected: list[Other]) -> str:
    if row.document.state == State.CANCELLED:
        return "cancelled"
    if newer is not None:
        return "amended"
    if row.document.outcome == Outcome.DECLINED:
        return "declined"
    last = _last_day(row)
    if last is not None and row.document.outcome != Outcome.ACCEPTED and last < _today(row):
        return "expired"
    return "corrected" if corrected else "valid"


def _ended(row: Revision, state: str) -> dt.date | None:
    declined: dt.datetime | None = getattr(row, "declined_at", None)
    if state == "declined" and declined is not None:
        return declined.astimezone(ZoneInfo(row.company.time_zone)).date()
    return _last_day(row) if state == "expired" else None


def _last_day(row: Revision) -> dt.date | None:
    """As this revision says."""
    day = row.content["document"].get("valid_until")
    return dt.date.fromisoformat(day) if day else None


def _today(row: Revision) -> dt.date:
    return timezone.now().astimezone(ZoneInfo(row.company.time_zone)).date()


def _others(links: Iterable[Link], relation: str, language: str) -> list[Other]:
    found: dict[int, Document] = {
        link.target_document_id: link.target_document for link in links if link.relation == relation
    }
    return [Other(_name(row, language), row.number, row.document_date) for row in found.values()]


def _name(document: Document, language: str) -> str:
    """What the other paper is headed; its reason kind decides as on the paper itself."""
    return _headed(
        {"document": {"kind": document.kind, "reason_kind": document.reason_kind}, "lines": []}, language
    )


def _headed(content: dict[str, Any], language: str) -> str:
    """The title of the kind's main paper as printed; the kind's name where it has none."""
    kind = content["document"]["kind"]
    try:
        return title_of(content, registry.get(kind).papers[0], language)
    except LookupError:
        return kind_name(kind, language)


def _cancelled(content: dict[str, Any], language: str) -> list[Other]:
    return [
        Other(_capital(kind_name(row["kind"], language)), row["number"], dt.date.fromisoformat(row["date"]))
        for row in content.get("references") or ()
        if row["relation"] == Relation.CANCELS
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sum(content: dict[str, Any], paper: ArchivedPaper, language: str) -> Sum:
    title = title_of(content, paper_of(content["document"]["kind"], paper.paper), language)
    return Sum(title, paper.language, paper.is_copy, paper.file.sha256)
