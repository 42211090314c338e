"""What a decision on a document is about: its open exceptions, and those of the paper that is decided with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from documents import registry
from documents.case import Case
from documents.models import Document
from documents.selectors.chain import pair_of
from documents.states import State
from workflow.models import DocumentException


@dataclass(frozen=True, slots=True)
class Asked:
    """One exception to decide; ``paper`` says of which of two papers, and is empty where there is one."""

    pk: int
    text: str
    paper: str = ""


def text_of(row: DocumentException) -> str:
    """The exception in the reader's language."""
    language = "en" if (get_language() or "de").startswith("en") else "de"
    return str(row.text.get(language) or next(iter(row.text.values()), row.code))


def named(rows: Iterable[DocumentException], papers: Iterable[Document]) -> list[Asked]:
    """The exceptions in words, with the paper that each belongs to where there are several."""
    titles = {paper.pk: f"{registry.get(paper.kind).title} {paper}:" for paper in papers}
    several = len(titles) > 1
    return [Asked(row.pk, text_of(row), titles[row.document_id] if several else "") for row in rows]


def half_of(case: Case) -> list[Document]:
    """The other half of a one-step correction; read once for a page."""
    found: list[Document] | None = case.facts.get("pair")
    if found is None:
        found = case.facts["pair"] = pair_of(case.document)
    return found


def asked(case: Case) -> list[Asked]:
    """What whoever approves the document decides, that of the other half with it; read once for a page."""
    if case.document.state != State.PENDING:
        return []
    found: list[Asked] | None = case.facts.get("asked")
    if found is None:
        papers = {
            paper.pk: paper for paper in (case.document, *half_of(case)) if paper.state == State.PENDING
        }
        rows = DocumentException.objects.filter(document__in=papers, is_open=True).order_by("document", "pk")
        found = case.facts["asked"] = named(rows, papers.values())
    return found
