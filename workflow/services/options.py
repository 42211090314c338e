"""Which actions an actor has on a document now, and why the others are not possible: buttons and API read this."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.kinds import Outcome, Progress
from documents.models import Document
from documents.services.follow_up import proposals
from documents.services.progress import MEASURE_COLUMNS
from documents.states import ACTIONS, State
from valeo.tenancy.actor import Actor
from valeo.tenancy.selectors import four_eyes_on
from workflow.services import closing, rules


@dataclass(frozen=True, slots=True)
class ActionOption:
    """One button. ``reasons`` say why it is not possible; empty means it is."""

    code: str
    label: str
    reasons: tuple[str, ...] = ()
    needs_reason: bool = False
    is_primary: bool = False
    danger: bool = False

    @property
    def allowed(self) -> bool:
        return not self.reasons


_DANGER = {"reject", "cancel", "discard"}
_HIDDEN = {"amend"}  # has its own button that opens the editor


def available_actions(case: Case, actor: Actor) -> list[ActionOption]:
    """Every action that the state allows, in the order of the table, with its hindrances."""
    options = []
    for action in ACTIONS.values():
        if case.document.state not in action.sources or case.type.family not in action.families:
            continue
        if action.code in _HIDDEN or not _concerns(case, action.code):
            continue
        options.append(
            ActionOption(
                action.code,
                _label(case, action.code),
                tuple(_hindrances(case, action.code, actor)),
                action.needs_reason,
                False,
                action.code in _DANGER,
            )
        )
    return _with_primary(case, options)


def _label(case: Case, code: str) -> str:
    return str(ACTIONS[code].label)


def _concerns(case: Case, code: str) -> bool:
    """Actions that make no sense for this document are not shown at all."""
    document = case.document
    if code in ("accept", "decline"):
        return case.type.traits.has_validity and _may_answer(document, code)
    if code == "unclose":
        return any(line.closed for line in case.lines)
    if code == "close":
        return any(closing.open_rest(case, line) > 0 for line in case.lines)
    if code == "cancel" and (case.cancels or not (case.type.cancel_by or document.is_commitment)):
        return False  # what cancels stands itself
    return not (
        code == "post" and rules.release_of(case.type).post_on_release and document.state != State.APPROVED
    )


def _may_answer(document: Document, code: str) -> bool:
    """A customer may change his mind, until an order says what he wants."""
    if code == "accept":
        return document.outcome != Outcome.ACCEPTED
    ordered = document.fulfilment in (Progress.PARTIAL, Progress.COMPLETE)
    return document.outcome != Outcome.DECLINED and not ordered


def _hindrances(case: Case, code: str, actor: Actor) -> list[str]:
    reasons = []
    wanted = case.type.scopes.of(ACTIONS[code].right)
    if not actor.has_any(*wanted):
        return [_("Your role does not allow this.")]  # no other reason matters then
    if (
        code in ("approve", "reject")
        and four_eyes_on(case.company, case.type.domain)
        and rules.same_eyes(case, actor)
    ):
        reasons.append(_("Four eyes: you wrote, changed or submitted it."))
    if code == "withdraw" and not rules.may_withdraw(case, actor):
        reasons.append(_("Only who wrote or submitted a document takes it back, or an approver."))
    if code == "post":
        reasons += [str(need.text) for need in rules.lacks_to_post(case, actor)]
    limit = actor.approval_limit
    if code == "approve" and limit is not None and case.document.gross_company > limit:
        reasons.append(_("Above what your role may approve."))
    if code == "cancel" and case.document.is_commitment and _was_taken(case):
        reasons.append(_("Something was made from it: cancel that first, or close the rest."))
    return reasons


def _was_taken(case: Case) -> bool:
    """Whether anything counts as made from it; a rest that was closed does not."""
    return any(getattr(line, name) for line in case.lines for name in MEASURE_COLUMNS)


def _with_primary(case: Case, options: list[ActionOption]) -> list[ActionOption]:
    """The next step is the one filled button."""
    order = ("submit", "approve", "post", "revise")
    first = next((code for code in order for option in options if option.code == code and option.allowed), "")
    return [
        ActionOption(
            option.code,
            option.label,
            option.reasons,
            option.needs_reason,
            option.code == first,
            option.danger,
        )
        for option in options
    ]


def follow_up_options(case: Case, actor: Actor) -> list[tuple[str, str, str, bool, bool]]:
    """(kind, label, icon, allowed, forward) for what may be made from a posted document now.

    ``forward`` is the way on, not back: a return or a credit is never the next step that a page proposes.
    """
    if case.document.state != State.POSTED:
        return []
    found = []
    for target, source in registry.follow_ups(case.document.kind):
        from_lines = _anything_open(case, target.code)
        forward = target.ledger_sign >= 0 and not source.negate
        if from_lines:
            found.append(
                (target.code, str(source.label), source.icon, actor.has_any(*target.scopes.write), forward)
            )
    return found


def _anything_open(case: Case, kind: str) -> bool:
    return bool(proposals(kind, [case]))
