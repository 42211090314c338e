"""When a link counts on its source line: from submit on, while its document is live (contract § 3, Flow)."""

from __future__ import annotations

from documents.case import Case
from documents.kinds import Measure, Relation
from documents.models import Link
from documents.states import LIVE, State


def counted(link: Link, state: str) -> int:
    """1 where the link counts in a state of its document, else 0.

    The successor of a correction takes its quantities over only at posting, when the original is cancelled; a credit
    claims what it credits from submit on, like every other document.
    """
    if state == State.POSTED:
        return 1
    waits = link.relation == Relation.CORRECTS and link.measure != Measure.CREDITED
    return int(state in LIVE and not waits)


def claims_now(case: Case, link: Link) -> bool:
    """Whether a link of this document counts in the document's present state."""
    return bool(counted(link, str(case.document.state)))
