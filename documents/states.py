"""ONE table of states and actions: transitions, database trigger, buttons and the diagram come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.kinds import Family


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    POSTED = "posted", _("Posted")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")


LIVE: Final = (State.PENDING, State.APPROVED, State.POSTED)
FROZEN: Final = (State.POSTED, State.CANCELLED)
BOTH: Final = (Family.COMMITMENT, Family.VOUCHER)


@dataclass(frozen=True, slots=True)
class Action:
    """One row of contract § 4. ``target`` None keeps the state (amend, close, accept …)."""

    code: str
    label: str | Promise
    sources: tuple[State, ...]
    target: State | None
    families: tuple[Family, ...] = BOTH
    needs_reason: bool = False
    right: str = "write"  # which of the kind's scopes it asks for: write, approve or post
    runs_on: str = ""  # the action that follows in the same transaction where nothing asks for a person


ACTIONS: Final[dict[str, Action]] = {
    action.code: action
    for action in (
        Action("submit", _("Submit"), (State.DRAFT,), State.PENDING, runs_on="approve"),
        Action("approve", _("Approve"), (State.PENDING,), State.APPROVED, right="approve", runs_on="post"),
        Action("post", _("Post"), (State.APPROVED,), State.POSTED, right="post"),
        Action("reject", _("Reject"), (State.PENDING,), State.REJECTED, needs_reason=True, right="approve"),
        Action("withdraw", _("Withdraw"), (State.PENDING,), State.DRAFT),
        Action("revise", _("Revise"), (State.REJECTED,), State.DRAFT),
        Action("reopen", _("Reopen"), (State.APPROVED,), State.DRAFT, needs_reason=True),
        Action("discard", _("Discard"), (State.DRAFT, State.REJECTED), State.CANCELLED, needs_reason=True),
        Action(
            "cancel", _("Cancel document"), (State.POSTED,), State.CANCELLED, needs_reason=True, right="post"
        ),
        Action(
            "amend", _("Amend"), (State.POSTED,), None, (Family.COMMITMENT,), needs_reason=True, right="post"
        ),
        Action("close", _("Close remainder"), (State.POSTED,), None, (Family.COMMITMENT,), True, "post"),
        Action(
            "unclose", _("Open remainder again"), (State.POSTED,), None, (Family.COMMITMENT,), False, "post"
        ),
        Action("accept", _("Accepted by customer"), (State.POSTED,), None, (Family.COMMITMENT,)),
        Action(
            "decline",
            _("Declined by customer"),
            (State.POSTED,),
            None,
            (Family.COMMITMENT,),
            needs_reason=True,
        ),
    )
}


def moves() -> frozenset[tuple[State, State]]:
    """Every pair (from, to) that one transaction may save, runs-on included (submit may end posted)."""
    pairs: set[tuple[State, State]] = set()
    for action in ACTIONS.values():
        if action.target is None:
            continue
        step: Action | None = action
        while step is not None and step.target is not None:
            pairs.update((source, step.target) for source in action.sources)
            step = ACTIONS.get(step.runs_on)
    return frozenset(pairs)
