"""Amendments that wait for a decision, and what becomes of them without one."""

from __future__ import annotations

from typing import Final

from documents.kinds import RevisionState
from documents.models import Document, Revision
from workflow.models import DocumentException
from workflow.services.work import Work

OPEN: Final = (RevisionState.PROPOSED, RevisionState.PENDING)


def take_back(work: Work, document: Document, revision: Revision) -> None:
    """Nobody decides it any more, nor what was found on it."""
    revision.state = RevisionState.WITHDRAWN
    revision.save()
    DocumentException.objects.filter(document=document, is_open=True, revision=revision.number).update(
        is_open=False
    )
    state = str(document.state)
    work.note(document, "withdraw-amendment", from_state=state, to_state=state, revision=revision.number)


def take_back_with(work: Work, document: Document) -> None:
    """A commitment that is cancelled takes its waiting amendment along."""
    if document.is_commitment:
        for revision in Revision.objects.filter(document=document, state__in=OPEN):
            take_back(work, document, revision)
