"""The only mover of documents (contract § 4): lock, state, scope, blocks, exceptions, effects, numbers, audit, outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.inputs import DraftInput
from documents.models import Document
from documents.selectors.cases import load_cases
from documents.services import drafts, follow_up
from documents.services.follow_up import FollowUp
from documents.states import ACTIONS
from valeo.core.exceptions import Conflict
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from workflow.selectors.pairs import partners_of
from workflow.services import amendments, cancel, checks, closing, outcomes, steps
from workflow.services.begin import begin
from workflow.services.day import on_one_day
from workflow.services.work import Work


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes with an action: a reason, what the actor saw, and which lines it concerns."""

    reason: str = ""
    expected_version: int | None = None
    accepted: frozenset[int] | None = None  # exception rows that an approver decides
    content_hash: str | None = None
    line_quantities: Mapping[int, Decimal] = field(default_factory=dict)  # close: line id -> quantity


@on_one_day
@transaction.atomic
def perform(*, document_id: int, action: str, actor: Actor, decision: Decision | None = None) -> Case:
    """Run one action on a document and everything that follows from it in the same transaction.

    Raises ``NotFound``, ``NotPermitted``, ``Conflict`` (stale version, wrong state) or ``Refused`` with all reasons;
    then nothing has changed.
    """
    return _do(begin(actor), document_id, action, decision or Decision())


def _do(work: Work, document_id: int, action: str, decision: Decision) -> Case:
    """Lock, run, finish."""
    pair = partners_of(document_id)
    cases = load_cases([document_id, *pair], company=work.company, lock=True)
    for case in cases:
        work.adopt(case)
    run(work, cases, action, decision)
    work.finish()
    return cases[0]


def run(work: Work, cases: list[Case], action: str, decision: Decision) -> None:
    """The action on the first case; its partners of a correction go with it."""
    main = cases[0]
    checks.check_version(main, decision.expected_version)
    checks.check_scope(main, action, work.actor)
    checks.check_state(main, action)
    checks.check_reason(action, decision.reason)
    if len(cases) > 1 and ACTIONS[action].target is not None and action != "cancel":
        _check_seen(main, action, decision)
        cancel.run_pair(work, cases, action, decision.reason, decision.accepted, decision.content_hash)
        return
    _RUN[action](work, main, decision)


def _check_seen(case: Case, action: str, decision: Decision) -> None:
    """Raise ``Conflict`` for an approval of a pair by the content of one half: the version counts for both."""
    if action == "approve" and decision.content_hash is not None and decision.expected_version is None:
        raise Conflict(
            _(
                "%(number)s is decided together with another document, and which version of both was seen is not "
                "said. Look at both again, then decide."
            )
            % {"number": str(case.document)},
            code="version-missing",
        )


def _simple(action: str) -> Callable[[Work, Case, Decision], None]:
    return lambda work, case, decision: steps.simple(work, case, action, reason=decision.reason)


_RUN: Final[dict[str, Callable[[Work, Case, Decision], None]]] = {
    "submit": lambda work, case, decision: steps.submit(work, case),
    "approve": lambda work, case, decision: steps.approve(
        work,
        case,
        accepted=None if decision.accepted is None else set(decision.accepted),
        content_hash=decision.content_hash,
        reason=decision.reason,
    ),
    "post": lambda work, case, decision: steps.post(work, case, was=str(case.document.state)),
    "reject": _simple("reject"),
    "withdraw": _simple("withdraw"),
    "revise": _simple("revise"),
    "reopen": _simple("reopen"),
    "discard": _simple("discard"),
    "cancel": lambda work, case, decision: cancel.cancel(work, case, decision.reason),
    "close": lambda work, case, decision: closing.close(
        work, case, decision.reason, decision.line_quantities
    ),
    "unclose": lambda work, case, decision: closing.unclose(work, case),
    "accept": lambda work, case, decision: outcomes.accept(work, case),
    "decline": lambda work, case, decision: outcomes.decline(work, case, decision.reason),
    "amend": lambda work, case, decision: amendments.not_here(case),
}


@on_one_day
@transaction.atomic
def save_and_submit(
    *, company: Company, actor: Actor, data: DraftInput, today: date, document_id: int | None = None,
    expected_version: int | None = None,
) -> Case:  # fmt: skip
    """Save what the editor holds and submit it, in one transaction: a refusal leaves neither.

    Raises ``NotPermitted``, ``Conflict`` or ``Refused`` with all reasons.
    """
    actor.require(*registry.get(data.kind).scopes.write)
    work = begin(actor, company)
    if document_id is not None:
        drafts.change(
            company=company, actor=actor, document_id=document_id, data=data, expected_version=expected_version,
            today=max(today, work.today), journal=work.journal,
        )  # fmt: skip
        return _do(work, document_id, "submit", Decision())
    case = drafts.create(company, actor, data, max(today, work.today), work.journal)
    if case.links_in:
        fresh = load_cases([case.document.pk], company=company, lock=True)[0]
        case.sources, case.source_lines = fresh.sources, fresh.source_lines
        case.links_in = fresh.links_in
    work.adopt(case)
    steps.submit(work, case)
    work.finish()
    return case


@on_one_day
@transaction.atomic
def follow_and_submit(
    *,
    company: Company,
    actor: Actor,
    kind: str,
    sources: Sequence[int],
    today: date,
    wish: FollowUp | None = None,
) -> Case:
    """Make a follow-up and submit it, in one transaction: one click from order to delivered.

    Raises ``NotPermitted``, ``Conflict`` or ``Refused`` with all reasons; then neither exists.
    """
    actor.require(*registry.get(kind).scopes.write)
    work = begin(actor, company)
    from_cases = load_cases(list(dict.fromkeys(sources)), company=company, lock=True)
    data = follow_up.draft_of(company, kind, from_cases, wish or follow_up.FollowUp())
    case = drafts.create(company, actor, data, max(today, work.today), work.journal)
    chain: dict[int, Document] = from_cases[0].facts["chain"]
    case.facts["chain"] = chain
    case.sources = {link.source_document_id: chain[link.source_document_id] for link in case.links_in}
    for source in from_cases:
        case.source_lines.update({line.pk: line for line in source.lines})
        case.source_lines.update(source.source_lines)
    work.adopt(case)
    steps.submit(work, case)
    work.finish()
    return case


@transaction.atomic
def correct(*, document_id: int, actor: Actor, expected_version: int | None = None) -> tuple[Case, Case]:
    """Open the storno of an invoice and its successor, side by side; both are drafts to edit and submit."""
    work = begin(actor)
    case = work.adopt(load_cases([document_id], company=work.company, lock=True)[0])
    checks.check_version(case, expected_version)
    pair = cancel.correct(work, case)
    work.finish()
    return pair
