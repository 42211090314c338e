"""Amending a posted commitment (contract § 4): same number, revision n+1, every revision frozen with its paper."""

from __future__ import annotations

import copy
import secrets
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from documents import snapshot
from documents.case import Case
from documents.findings import covered, standing, stood
from documents.inputs import DraftInput
from documents.kinds import RevisionState
from documents.models import Document, Revision
from documents.selectors.cases import load_case
from documents.services import content as contents
from documents.services import links, progress, saving, wire
from documents.services.compose import compose
from documents.states import State
from valeo.core.exceptions import Conflict, NotFound, Refused, Violation
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from workflow.models import Approval, DocumentException
from workflow.models.approvals import Decision
from workflow.selectors.inbox import proposed_gross
from workflow.services import checks, rules, steps, taken
from workflow.services.begin import begin
from workflow.services.proposals import OPEN, take_back
from workflow.services.work import CODE_BYTES, Work


def not_here(case: Case) -> None:
    """An amendment carries content, so it has a service of its own."""
    raise Refused(Violation("amend-needs-content", _("Change the document in the editor to amend it.")))


@transaction.atomic
def propose(
    *,
    company: Company,
    actor: Actor,
    document_id: int,
    data: DraftInput,
    reason: str,
    expected_version: int | None,
) -> Revision:
    """Propose new content. In force at once where the difference asks for nobody; else it waits in the inbox.

    So it does in a company that has every document of the kind decided.
    """
    work = begin(actor, company)
    case = work.adopt(load_case(document_id, company=company, lock=True))
    checks.check_version(case, expected_version)
    checks.check_scope(case, "amend", actor)
    checks.check_state(case, "amend")
    checks.check_reason("amend", reason)
    if Revision.objects.filter(document=case.document, state__in=OPEN).exists():
        raise Refused(Violation("proposal-open", _("An amendment is waiting for its decision already.")))
    before = standing(case, checks.exceptions(case))
    changed = _changed(work, case, data)
    asked = {item.key for item in checks.exceptions(changed) if not stood(changed, item, before)}
    new = [row for row in checks.in_both_languages(changed) if row.key in asked] if asked else []
    waits = bool(new) or rules.release_of(case.type, case.reference).always
    revision = Revision(
        company_id=company.pk,
        document=case.document,
        number=case.document.revision + 1,
        state=RevisionState.PENDING if waits else RevisionState.PROPOSED,
        content=contents.content_of(changed),
        content_hash=contents.decision_hash(changed),
        proposal=wire.to_json(data),
        base_version=case.document.version,
        reason=reason[:500],
        proposed_by_id=actor.user_id,
    )
    if waits:
        revision.save()
        for row in new:
            row.revision = revision.number
        DocumentException.objects.bulk_create(new)
        work.note(
            case.document, "propose", from_state=State.POSTED, to_state=State.POSTED, reason=reason,
            revision=revision.number, exceptions=[row.code for row in new],
        )  # fmt: skip
    else:
        _take_effect(work, changed, revision, reason)
    work.finish()
    return revision


def _changed(work: Work, case: Case, data: DraftInput) -> Case:
    """The case as it would be; raises ``Refused`` where successors took more than it leaves, or a guard blocks."""
    old_lines = {line.pk: copy.copy(line) for line in case.lines}
    changed = case.apart()
    changed.facts = {"work": work, "amends": case}
    wanted = {line.id for line in data.lines if line.id}
    if wanted - set(old_lines):
        raise Refused(Violation("line-unknown", _("A line is no longer there. Reload the page."), "lines"))
    changed.facts["removed_lines"] = set(old_lines) - wanted
    compose(case.company, data, work.today, existing=changed)
    changed.document.date_is_set = case.document.date_is_set
    changed.document.document_date = case.document.document_date
    violations = taken.of_head(case, changed) + taken.of_lines(old_lines, changed)
    steps.refuse_if(violations + checks.blocks(changed))
    return changed


def _take_effect(work: Work, case: Case, revision: Revision, reason: str) -> None:
    """Revision n+1 comes into force: frozen first, then the rows follow (the trigger asks for that order)."""
    document = case.document
    document.revision = revision.number
    Revision.objects.filter(document=document, state=RevisionState.IN_FORCE).update(
        state=RevisionState.SUPERSEDED
    )
    code = secrets.token_urlsafe(CODE_BYTES)
    content = contents.content_of(case, code=code)
    revision.state, revision.in_force_at, revision.verify_code = RevisionState.IN_FORCE, work.now, code
    revision.content, revision.content_hash = content, snapshot.content_hash(content)
    revision.save()
    document.content_hash = revision.content_hash
    document.edited_by_id = work.actor.user_id
    saving.write(case, is_new=False)
    gone = [
        link for link in case.links_in if link.target_line_id not in {None, *(line.pk for line in case.lines)}
    ]
    case.links_in = [link for link in case.links_in if link not in gone]
    # what it takes of its own sources has changed with it
    progress.recompute(
        {
            link.source_line_id
            for link in (*gone, *links.keep_in_step(case))
            if link.source_line_id and link.measure
        }
    )
    for effect in case.type.on_amend:
        effect(case)
    work.change(document)
    work.note(
        document, "amend", from_state=State.POSTED, to_state=State.POSTED, reason=reason, revision=revision.number,
        snapshot=revision.content_hash,
    )  # fmt: skip
    work.save_now(document)
    progress.refresh([document], {document.pk: case.lines})
    if any(paper.leaves for paper in case.type.papers):
        work.journal.job(
            name="archive.issue", payload={"revision": revision.pk}, key=f"archive.issue:{revision.pk}"
        )


@transaction.atomic
def decide(
    *, actor: Actor, revision_id: int, approve: bool, reason: str = "", content_hash: str | None = None,
    accepted: frozenset[int] | None = None,
) -> Document:  # fmt: skip
    """An approver decides a waiting amendment; taking effect checks again under lock."""
    work = begin(actor)
    found = Revision.objects.filter(pk=revision_id).first()
    if found is None:
        raise NotFound(_("There is no such amendment."))
    case = work.adopt(load_case(found.document_id, company=work.company, lock=True))
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if revision.state != RevisionState.PENDING:
        raise Conflict(_("This amendment is decided already."), code="wrong-state")
    if approve:
        checks.check_state(case, "amend")
    _check_eyes(work, case, revision)
    if content_hash is not None and content_hash != revision.content_hash:
        raise Conflict(_("The amendment changed since you looked at it."), code="stale-version")
    rows = list(
        DocumentException.objects.filter(document=case.document, is_open=True, revision=revision.number)
    )
    if approve and accepted is not None and {row.pk for row in rows} != accepted:
        raise Refused(
            Violation("exceptions-undecided", _("Decide every exception that is named, no more and no less."))
        )
    approval = Approval.objects.create(
        company_id=work.company.pk, document=case.document, revision=revision.number,
        decision=Decision.APPROVED if approve else Decision.REJECTED, content_hash=revision.content_hash,
        exceptions=[{"key": row.key, "code": row.code, "figure": str(row.figure or "")} for row in rows],
        reason=reason[:500], decided_by_id=actor.user_id,
    )  # fmt: skip
    DocumentException.objects.filter(pk__in=[row.pk for row in rows]).update(
        is_open=False, accepted_by=approval if approve else None
    )
    if approve:
        _approved(work, case, revision, {row.key: row.figure for row in rows})
    else:
        checks.check_reason("reject", reason)
        revision.state = RevisionState.REJECTED
        revision.save()
        work.note(
            case.document, "reject-amendment", from_state=State.POSTED, to_state=State.POSTED, reason=reason,
            revision=revision.number,
        )  # fmt: skip
    work.finish()
    return case.document


def _check_eyes(work: Work, case: Case, revision: Revision) -> None:
    probe: dict[str, Any] = {
        "submitted_by_id": revision.proposed_by_id,
        "edited_by_id": revision.proposed_by_id,
        "gross_company": max(case.document.gross_company, proposed_gross(revision)),
    }
    document = copy.copy(case.document)
    for name, value in probe.items():
        setattr(document, name, value)
    asked = copy.copy(case)
    asked.document = document
    steps.check_decider(work, asked)


def _approved(work: Work, case: Case, revision: Revision, accepted: dict[str, Decimal | None]) -> None:
    """What was accepted holds up to its figure; what grew beyond it meanwhile was decided by nobody."""
    changed = _changed(work, case, wire.draft_from_json(revision.proposal or {}))
    if contents.decision_hash(changed) != revision.content_hash:
        raise Conflict(
            _(
                "Prices, taxes or terms changed since the amendment was proposed. It has to be proposed again."
            ),
            code="content-changed",
        )
    before = standing(case, checks.exceptions(case))
    steps.refuse_if(
        [
            Violation(
                f"not-accepted:{found.code}",
                _("Not approved: %(text)s. The amendment has to be proposed again.")
                % {"text": str(found.text).rstrip(".")},
                line=found.line,
            )
            for found in checks.exceptions(changed)
            if not (stood(changed, found, before) or covered(found.key, found.figure, accepted))
        ]
    )
    _take_effect(work, changed, revision, revision.reason)


@transaction.atomic
def withdraw(*, actor: Actor, revision_id: int) -> Document:
    """The proposer (or anyone who may amend) takes a waiting amendment back."""
    work = begin(actor)
    found = Revision.objects.filter(pk=revision_id).first()
    if found is None:
        raise NotFound(_("There is no such amendment."))
    case = work.adopt(load_case(found.document_id, company=work.company, lock=True))
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    checks.check_scope(case, "amend", actor)
    if revision.state not in OPEN:
        raise Conflict(_("This amendment is decided already."), code="wrong-state")
    take_back(work, case.document, revision)
    work.finish()
    return case.document


def by_uuid(uuid: UUID) -> Revision:
    """The amendment behind a public id in the company in scope; raises ``NotFound``."""
    found: Revision | None = Revision.objects.filter(uuid=uuid).select_related("document").first()
    if found is None:
        raise NotFound(_("There is no such amendment."))
    return found
