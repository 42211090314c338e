"""Blocks and exceptions of a case, all of them at once; and what approvals have accepted."""

from __future__ import annotations

from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.case import Case
from documents.findings import ExceptionFound, covered
from documents.models import Document
from documents.services.content import decision_hash
from documents.states import ACTIONS, State
from valeo.core.components import formats
from valeo.core.exceptions import Conflict, NotPermitted, Refused, Violation
from valeo.tenancy.actor import Actor
from valeo.tenancy.selectors import period_state
from workflow.models import DocumentException

LANGUAGES = ("de", "en")
PERIOD_TEXT = {
    "closed": gettext_lazy("The period of %(date)s is closed."),
    "closed_for_vouchers": gettext_lazy("The period of %(date)s is closed for vouchers."),
    "none": gettext_lazy("There is no fiscal year for %(date)s."),
}


def check_version(case: Case, expected: int | None) -> None:
    """Raise ``Conflict`` when the document changed since the actor saw it."""
    if expected is not None and case.document.version != expected:
        raise Conflict(
            _("%(number)s was changed by somebody else in the meantime. Look at it again, then decide.")
            % {"number": str(case.document)},
            code="stale-version",
        )


def check_state(case: Case, action: str) -> None:
    """Raise ``Conflict`` where the state table has no way for the action."""
    row = ACTIONS[action]
    if case.document.state not in row.sources or case.type.family not in row.families:
        raise Conflict(
            _("%(action)s is not possible: %(number)s is now “%(state)s”.")
            % {
                "action": row.label,
                "number": str(case.document),
                "state": State(case.document.state).label,
            },
            code="wrong-state",
        )


def check_scope(case: Case, action: str, actor: Actor) -> None:
    """Raise ``NotPermitted`` naming the scopes, any of which would do."""
    wanted = case.type.scopes.of(ACTIONS[action].right)
    if not actor.has_any(*wanted):
        raise NotPermitted(wanted)


def check_reason(action: str, reason: str) -> None:
    if ACTIONS[action].needs_reason and not reason.strip():
        raise Refused(
            Violation("reason-missing", _("Say why: the reason becomes part of the history."), "reason")
        )


def blocks(case: Case) -> list[Violation]:
    """Everything that forbids to submit or post, in the order of the declaration."""
    return [violation for guard in case.type.guards for violation in guard(case)]


def period_blocks(case: Case) -> list[Violation]:
    """The voucher's posting date must lie in a period that is open for it."""
    document = case.document
    day = document.posting_date or document.document_date
    state = period_state(case.company.pk, day, lock=True)
    closed = state in ("closed", "none") or (state == "closed_for_vouchers" and not document.is_commitment)
    if not closed:
        return []
    return [
        Violation(
            f"period-{state}", str(PERIOD_TEXT[str(state)]) % {"date": formats.day(day)}, "document_date"
        )
    ]


def date_blocks(case: Case, actor: Actor) -> list[Violation]:
    """Only who may post a kind dates it himself; everybody else's documents carry the day of posting."""
    document = case.document
    if actor.has_any(*case.type.scopes.post) or not (document.date_is_set or document.posting_date):
        return []
    text = _("Only who may post sets the date. Leave it empty: the day of posting counts.")
    return [Violation("date-not-yours", text, "document_date")]


def exceptions(case: Case) -> list[ExceptionFound]:
    """What a person must decide, all of it."""
    return [found for finder in case.type.exceptions for found in finder(case)]


def in_both_languages(case: Case) -> list[DocumentException]:
    """The exceptions as rows, their text in every language the product speaks."""
    texts: dict[str, list[str]] = {}
    found: list[ExceptionFound] = exceptions(case)
    if not found:
        return []
    for language in LANGUAGES:
        with translation.override(language):
            found = exceptions(case)
            texts[language] = [str(item.text) for item in found]
    document = case.document
    return [
        DocumentException(
            company_id=document.company_id,
            document=document,
            revision=document.revision,
            key=item.key,
            code=item.code,
            text={language: texts[language][index] for language in LANGUAGES},
            figure=item.figure,
            unit=item.unit,
            line=item.line,
            rule=item.rule,
        )
        for index, item in enumerate(found)
    ]


def accepted(document: Document, **decided: str) -> dict[str, Decimal | None]:
    """The exceptions that were accepted on the revision in force, with their figures."""
    rows = DocumentException.objects.filter(
        document=document, revision=document.revision, accepted_by__isnull=False,
        accepted_by__voided_at__isnull=True, **decided,
    )  # fmt: skip
    return {row.key: row.figure for row in rows}


def beyond_accepted(case: Case, found: list[ExceptionFound]) -> list[Violation]:
    """Exceptions at posting that nobody accepted, or that grew beyond the accepted figure."""
    decided = case.facts.get("decided_hash") or decision_hash(case)
    known = accepted(case.document, accepted_by__content_hash=decided)
    text = _("Not approved: %(text)s. Reopen the document and submit it again.")
    return [
        Violation(f"not-accepted:{item.code}", text % {"text": str(item.text).rstrip(".")}, line=item.line)
        for item in found
        if not covered(item.key, item.figure, known)
    ]


def open_exception_ids(case: Case) -> set[int]:
    """The exceptions that wait for a decision on this document."""
    return set(
        DocumentException.objects.filter(document=case.document, is_open=True).values_list("pk", flat=True)
    )
