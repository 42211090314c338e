"""The steps of the state machine on one case; ``perform`` and the composite use cases run them inside a ``Work``."""

from __future__ import annotations

from django.utils.translation import gettext as _

from documents.case import Case
from documents.kinds import Relation
from documents.services import parties, progress, retaxing, retotal
from documents.services.content import decision_hash
from documents.states import State
from valeo.core.components import formats
from valeo.core.exceptions import NotPermitted, Refused, Violation
from valeo.tenancy.selectors import four_eyes_on
from workflow.models import Approval, DocumentException
from workflow.models.approvals import Decision
from workflow.services import checks, rules
from workflow.services.work import Work


def submit(work: Work, case: Case, *, together: bool = False) -> None:
    """Draft → pending, and on through approved to posted where nothing asks for a person.

    ``together``: a part of a pair that is decided with its partner, so it never runs on by itself.
    """
    document = case.document
    parties.refresh(case)
    retotal.redate(case)
    retotal.close_off(case)
    document.submitted_by_id, document.submitted_at = work.actor.user_id, work.now
    violations = checks.blocks(case) + checks.period_blocks(case) + checks.date_blocks(case, work.actor)
    refuse_if(violations + list(retaxing.taxes_still_hold(case)))
    release = rules.release_of(case.type, case.reference)
    found = checks.in_both_languages(case)
    document.submit()
    work.change(document)
    if found or release.always or together:
        retotal.save_redated(case)
        _wait(work, case, found)
        return
    work.note(document, "submit", from_state=State.DRAFT, to_state=State.PENDING)
    document.approve()
    work.note(document, "approve", from_state=State.PENDING, to_state=State.APPROVED, released_by="rule")
    if (
        rules.posts_on_release(case, release)
        and work.actor.has_any(*case.type.scopes.post)
        and not rules.lacks_to_post(case, work.actor)
    ):
        post(work, case, was=State.DRAFT, checked=True)
        return
    retotal.save_redated(case)
    work.moved(case, was=State.DRAFT, now=State.APPROVED)


def _wait(work: Work, case: Case, found: list[DocumentException]) -> None:
    document = case.document
    DocumentException.objects.filter(document=document, is_open=True).update(is_open=False)
    document.content_hash = decision_hash(case)
    DocumentException.objects.bulk_create(found)
    case.facts["open_exceptions"] = found
    work.note(
        document,
        "submit",
        from_state=State.DRAFT,
        to_state=State.PENDING,
        exceptions=[row.code for row in found],
    )
    work.moved(case, was=State.DRAFT, now=State.PENDING)


def approve(
    work: Work,
    case: Case,
    *,
    accepted: set[int] | None,
    content_hash: str | None,
    reason: str = "",
    runs: bool = True,
) -> None:
    """Pending → approved by a person who accepts exactly the open exceptions, then on to posted where that may be."""
    document = case.document
    check_decider(work, case)
    open_rows = list(DocumentException.objects.filter(document=document, is_open=True).order_by("pk"))
    if content_hash is not None and content_hash != document.content_hash:
        raise Refused(
            Violation(
                "content-changed", _("The content changed since you looked at it. Look again, then decide.")
            ),
            status=409,
        )
    if accepted is not None and {row.pk for row in open_rows} != accepted:
        raise Refused(
            Violation("exceptions-undecided", _("Decide every exception that is named, no more and no less."))
        )
    approval = Approval.objects.create(
        company_id=document.company_id,
        document=document,
        revision=document.revision,
        decision=Decision.APPROVED,
        exceptions=[{"key": row.key, "code": row.code, "figure": str(row.figure or "")} for row in open_rows],
        content_hash=document.content_hash,
        reason=reason[:500],
        decided_by_id=work.actor.user_id,
    )
    DocumentException.objects.filter(pk__in=[row.pk for row in open_rows]).update(
        is_open=False, accepted_by=approval
    )
    document.approve()
    work.change(document)
    work.note(
        document, "approve", from_state=State.PENDING, to_state=State.APPROVED, reason=reason,
        exceptions=[row.code for row in open_rows],
    )  # fmt: skip
    if runs and runs_on(work, case):
        post(work, case, was=State.PENDING)


def runs_on(work: Work, case: Case) -> bool:
    """The last approval posts where the kind asks for it and the submitter or the approver may post.

    Else the document stays approved, and its page says what who posts it needs.
    """
    release = rules.release_of(case.type, case.reference)
    cancels = any(link.relation == Relation.CANCELS for link in case.links_in)
    if not (rules.posts_on_release(case, release) or cancels) or rules.lacks_to_post(case, work.actor):
        return False
    wanted = case.type.scopes.post
    return work.actor.has_any(*wanted) or rules.user_has_any(
        case.company, case.document.submitted_by_id, wanted
    )


def check_decider(work: Work, case: Case) -> None:
    """Scope, four eyes and the amount that the approver's role may approve."""
    checks.check_scope(case, "approve", work.actor)
    if four_eyes_on(case.company, case.type.domain) and rules.same_eyes(case, work.actor):
        raise NotPermitted(
            case.type.scopes.approve,
            _("Four eyes: whoever wrote, changed or submitted a document does not approve it."),
        )
    limit = work.actor.approval_limit
    if limit is not None and case.document.gross_company > limit:
        raise NotPermitted(
            case.type.scopes.approve,
            _("Your role may approve up to %(limit)s; this document comes to %(amount)s.")
            % {
                "limit": formats.money(limit, case.company.currency),
                "amount": formats.money(case.document.gross_company, case.company.currency),
            },
        )


def post(work: Work, case: Case, *, was: str, checked: bool = False) -> None:
    """Approved → posted. The number, the snapshot and the row follow in ``Work.finish``.

    ``was`` is the state in which the document's links were last counted; ``checked``: blocks and exceptions were
    just found empty in this very transaction.
    """
    document = case.document
    retotal.for_posting(case)
    if not checked:
        violations = checks.blocks(case) + checks.period_blocks(case) + list(retaxing.taxes_still_hold(case))
        violations += checks.beyond_accepted(case, checks.exceptions(case))
        refuse_if(violations)
    document.post()
    document.posted_by_id, document.posted_at = work.actor.user_id, work.now
    document.posting_date = document.posting_date or document.document_date
    if not case.reverses:
        progress.refresh([document], {document.pk: case.lines})
    work.moved(case, was=was, now=State.POSTED)
    for effect in case.type.on_post:
        effect(case)
    retotal.save_changed(case)
    work.change(document)
    work.posted.append(case)
    work.note(document, "post", from_state=State.APPROVED, to_state=State.POSTED)


def simple(work: Work, case: Case, action: str, *, reason: str = "") -> None:
    """reject, withdraw, revise, reopen, discard: a move without effects beyond the claims it gives back."""
    document = case.document
    if action == "withdraw" and not rules.may_withdraw(case, work.actor):
        raise NotPermitted(
            case.type.scopes.approve,
            _("Only who wrote or submitted a document takes it back, or an approver."),
        )
    was = str(document.state)
    getattr(document, action)()
    now = str(document.state)
    if action == "reopen":
        Approval.objects.filter(document=document, voided_at__isnull=True).update(
            voided_at=work.now, void_reason=reason[:200]
        )
    if action in {"reject", "withdraw", "reopen"}:
        DocumentException.objects.filter(document=document, is_open=True).update(is_open=False)
    if action == "reject":
        Approval.objects.create(
            company_id=document.company_id, document=document, revision=document.revision,
            decision=Decision.REJECTED, content_hash=document.content_hash, reason=reason[:500],
            decided_by_id=work.actor.user_id,
        )  # fmt: skip
    work.change(document)
    work.note(document, action, from_state=was, to_state=now, reason=reason)
    work.moved(case, was=was, now=now)


def refuse_if(violations: list[Violation]) -> None:
    """Raise ``Refused`` with all reasons when there is any."""
    if violations:
        raise Refused(violations)
