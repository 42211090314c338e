"""Cancelling: a reversal of the same kind, a storno, or nothing but the state; and the one-step correction."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.inputs import LineInput, LinkInput
from documents.kinds import WITHOUT_AMOUNT, Measure, ReasonKind, Relation
from documents.models import Document, Line, Link
from documents.selectors.cases import load_case
from documents.selectors.chain import freed_by, given_back
from documents.selectors.credits import credits_for_good, credits_in_the_way
from documents.services import drafts
from documents.services.carry import carried, reversed_draft
from documents.states import LIVE, State
from masterdata.rounding import CENT, MICRO, round_to
from valeo.core.exceptions import Conflict, Refused, Violation
from workflow.services import checks, rules, steps
from workflow.services.work import Work

ZERO: Final = Decimal(0)
_REVERSAL: Final = "reversal"
_STORNO: Final = "storno"
_COUNTER: Final = "counter"


def _credits() -> list[str]:
    """The kinds that reduce what another voucher opened."""
    return [item.code for item in registry.all_types() if item.ledger_sign < 0]


def live_successors(document: Document) -> list[Document]:
    """Documents made from it that still count; credit notes are no hindrance: a storno takes what they left."""
    return list(
        Document.objects.filter(
            pk__in=Link.objects.filter(
                source_document=document, via__isnull=True, relation__in=[Relation.CREATES, Relation.CORRECTS]
            ).values("target_document"),
            state__in=LIVE,
        ).exclude(kind__in=_credits())
    )


def check_successors(document: Document) -> None:
    """Raise ``Refused`` naming every live successor."""
    found = live_successors(document)
    if found:
        raise Refused(
            [
                Violation(
                    "live-successor",
                    _("%(number)s was made from it. Cancel that first.") % {"number": str(successor)},
                )
                for successor in found
            ]
        )


def cancel(work: Work, case: Case, reason: str) -> None:
    """Posted → cancelled; vouchers get their counter-voucher in the same transaction (or a storno to approve)."""
    # what cancels an invoice or a credit note stands itself
    final = any(link.relation == Relation.CANCELS for link in case.links_in)
    if case.type.cancel_by in (_STORNO, _COUNTER) and not final:
        by = open_storno if case.type.cancel_by == _STORNO else open_counter
        by(work, case, reason)
        return
    if case.type.cancel_by != _REVERSAL and not case.document.is_commitment:
        raise Refused(
            Violation("not-cancelled", _("A %(kind)s is not cancelled.") % {"kind": case.type.title})
        )
    check_successors(case.document)
    if case.type.cancel_by == _REVERSAL:
        _reverse(work, case, reason)
    mark_cancelled(work, case, reason)


def mark_cancelled(work: Work, case: Case, reason: str) -> None:
    """The state, the effects, and the quantities that go back to the sources."""
    document = case.document
    document.cancel()
    work.change(document)
    work.note(document, "cancel", from_state=State.POSTED, to_state=State.CANCELLED, reason=reason)
    work.moved(case, was=State.POSTED, now=State.CANCELLED)
    for effect in case.type.on_cancel:
        effect(case)
    case.facts["passed_on"] = _passed_on(document)
    work.cancelled.append(case)


def _passed_on(document: Document) -> set[int]:
    """Lines that counted through this document and must be derived anew once its state is saved."""
    through = Link.objects.filter(via__target_document=document).values_list("source_line_id", flat=True)
    return {pk for pk in through if pk}


def _reverse(work: Work, case: Case, reason: str) -> None:
    """A document of the same kind with the negated lines, posted at once, dated today."""
    data = reversed_draft(case)
    reversal = drafts.create(case.company, work.actor, data, work.today, work.journal)
    work.adopt(reversal)
    reversal.sources = {case.document.pk: case.document}
    reversal.source_lines = {line.pk: line for line in case.lines}
    reversal.facts["reverses"] = case
    reversal.document.submit()
    reversal.document.approve()
    steps.refuse_if(checks.period_blocks(reversal))
    steps.post(work, reversal, was=State.DRAFT, checked=True)
    work.notes[-1]["reason"] = reason


def open_storno(work: Work, case: Case, reason: str) -> Case:
    """A draft storno with what earlier credits left, submitted at once: its approval cancels the invoice."""
    storno = storno_draft(work, case)
    work.adopt(storno)
    steps.submit(work, storno)
    work.notes[-1]["reason"] = reason
    case.facts["storno"] = storno
    return storno


def open_counter(work: Work, case: Case, reason: str) -> Case:
    """An invoice over the lines of a credit note that was wrong: posting it cancels the credit note."""
    _check_none_open(case)
    data = carried(case, kind=str(case.type.cancel_kind), relation=Relation.CANCELS, measure=Measure.NONE)
    counter = drafts.create(case.company, work.actor, data, work.today, work.journal)
    counter.sources = {case.document.pk: case.document, **case.sources}
    counter.source_lines = {line.pk: line for line in case.lines}
    counter.facts["chain"] = case.facts["chain"]
    work.adopt(counter)
    steps.submit(work, counter)
    work.notes[-1]["reason"] = reason
    if counter.document.state == State.APPROVED and work.actor.has_any(*counter.type.scopes.post):
        steps.post(work, counter, was=State.APPROVED)
    else:
        case.facts["storno"] = counter
    return counter


def _check_none_open(case: Case) -> None:
    """Raise ``Refused`` where a document that cancels it is on its way already; a rejected one may be revised."""
    open_ones = Document.objects.filter(
        links_in__source_document=case.document, links_in__relation=Relation.CANCELS,
        state__in=[State.DRAFT, State.PENDING, State.APPROVED, State.REJECTED],
    ).distinct()  # fmt: skip
    existing = open_ones.first()
    if existing is not None:
        raise Refused(
            Violation(
                "storno-open", _("A cancellation is open already: %(number)s.") % {"number": str(existing)}
            )
        )


def storno_draft(work: Work, case: Case) -> Case:
    """The storno as a draft; raises ``Refused`` where one is open already."""
    _check_none_open(case)
    steps.refuse_if(credits_in_the_way([case.document.pk]))
    data = carried(case, kind=str(case.type.cancel_kind), relation=Relation.CANCELS, measure=Measure.NONE)
    data = replace(
        data,
        reason_kind=ReasonKind.STORNO,
        type_code=_storno_code(case),
        lines=_what_credits_left(case, data.lines),
    )
    storno = drafts.create(case.company, work.actor, data, work.today, work.journal)
    storno.sources = {case.document.pk: case.document, **case.sources}
    storno.source_lines = {line.pk: line for line in case.lines}
    return storno


def _what_credits_left(case: Case, given: tuple[LineInput, ...]) -> tuple[LineInput, ...]:
    """Of each line what earlier quantity credits left: a storno takes that, and its successor charges that again."""
    left = []
    for line, data in zip(case.lines, given, strict=True):
        if line.line_kind in WITHOUT_AMOUNT or line.credited == ZERO:
            left.append(data)
        elif line.credited < line.quantity:
            left.append(_part(line, data))
    if not any(data.line_kind not in WITHOUT_AMOUNT for data in left):
        raise Refused(
            Violation(
                "all-credited",
                _("Credits have taken back all of %(number)s. Nothing of it is left to cancel.")
                % {"number": str(case.document)},
            )
        )
    return tuple(left)


def _part(line: Line, data: LineInput) -> LineInput:
    """The rest of a line, with the same part of what is stated as an amount and of what it takes of its sources."""
    rest = line.quantity - line.credited
    share = rest / line.quantity
    return replace(
        data,
        quantity=rest,
        price_quantity=round_to(line.price_quantity * share, MICRO),
        discount_amount=round_to(data.discount_amount * share, CENT),
        links=tuple(replace(link, quantity=round_to(link.quantity * share, MICRO)) for link in data.links),
    )


def _storno_code(case: Case) -> str:
    """UNTDID 1001 of a storno by the partner's setting (compliance A4)."""
    return str(case.document.bill_to.storno_type_code)


def cancel_original(case: Case) -> None:
    """Effect of posting what cancels it: the invoice or credit note becomes cancelled in the same transaction."""
    work: Work = case.facts["work"]
    for source in case.sources.values():
        if any(
            link.source_document_id == source.pk and link.relation == Relation.CANCELS
            for link in case.links_in
        ):
            original = work.adopt(load_case(source.pk, company=case.company))
            original.document = source
            # the very rows that the other half of a correction looks at, so that both see one progress
            chain: dict[int, Document] = case.facts.get("chain", {})
            original.sources = {pk: chain.get(pk, document) for pk, document in original.sources.items()}
            by_storno = case.document.reason_kind == ReasonKind.STORNO
            reason = _("Cancelled by a cancellation invoice.") if by_storno else _("Reversed by an invoice.")
            mark_cancelled(work, original, reason)


def correct(work: Work, case: Case) -> tuple[Case, Case]:
    """One step: the storno and its successor side by side, everything carried over; both are drafts."""
    checks.check_state(case, "cancel")
    checks.check_scope(case, "cancel", work.actor)
    if case.type.cancel_by != _STORNO:
        raise Refused(
            Violation("not-corrected", _("Only an invoice is corrected by a cancellation and a successor."))
        )
    _check_credits_go_on(case)
    storno = storno_draft(work, case)
    data = carried(case, kind=case.document.kind, relation=Relation.CORRECTS, measure=None)
    data = replace(
        data,
        lines=_what_credits_left(case, data.lines),
        document_links=(
            LinkInput(case.document.pk, None, Measure.NONE, ZERO, Relation.CORRECTS),
            LinkInput(storno.document.pk, None, Measure.NONE, ZERO, Relation.SETTLES),
        ),
    )
    successor = drafts.create(case.company, work.actor, data, work.today, work.journal)
    return storno, successor


def _check_credits_go_on(case: Case) -> None:
    """The successor charges what credits left, so what they took must show elsewhere: as returned or as open again."""
    found = credits_for_good(case.document)
    if found:
        text = _("%(number)s credited a part without goods that came back. Reverse it first, then correct.")
        raise Refused([Violation("credit-for-good", text % {"number": str(row)}) for row in found])


def run_pair(
    work: Work,
    cases: list[Case],
    action: str,
    reason: str,
    accepted: frozenset[int] | None,
    content_hash: str | None,
) -> None:
    """Both halves of a correction take the same step: submitted, decided and posted together."""
    storno, successor = _halves(cases)
    cases[0].facts["together"] = (storno, successor)
    _prepare(storno, successor)
    if any(case.document.state != cases[0].document.state for case in cases):
        raise Conflict(_("The two halves of the correction are in different states."), code="wrong-state")
    if action == "submit":
        steps.submit(work, storno, together=True)
        steps.submit(work, successor, together=True)
        return
    if action == "approve":
        _approve_pair(work, cases[0], storno, successor, reason, accepted, content_hash)
        return
    if action == "post":
        _post_pair(work, storno, successor, was=State.APPROVED)
        return
    for case in (successor, storno):
        steps.simple(work, case, action, reason=reason)


def _halves(cases: list[Case]) -> tuple[Case, Case]:
    storno = next((case for case in cases if case.type.ledger_sign < 0), None)
    successor = next((case for case in cases if case is not storno), None)
    if storno is None or successor is None:
        raise Conflict(_("The correction is not whole."), code="wrong-state")
    return storno, successor


def _prepare(storno: Case, successor: Case) -> None:
    """What the original gives back is free for the successor, which takes it over at posting."""
    original = [
        pk
        for pk in storno.sources
        if any(
            link.relation == Relation.CANCELS and link.source_document_id == pk for link in storno.links_in
        )
    ]
    successor.facts["released"] = freed_by(original)
    successor.facts["given_back"] = given_back(original)


def _approve_pair(
    work: Work, asked: Case, storno: Case, successor: Case, reason: str, accepted: frozenset[int] | None,
    content_hash: str | None,
) -> None:  # fmt: skip
    """Approved once: the approver names the exceptions of both; then both are posted, the storno first."""
    named = accepted or frozenset()
    of_storno = named & checks.open_exception_ids(storno)
    # what belongs to neither is left to the successor, which refuses it
    for case, decided in ((storno, of_storno), (successor, named - of_storno)):
        steps.approve(
            work,
            case,
            accepted=set(decided),
            content_hash=content_hash if case is asked else None,
            reason=reason,
            runs=False,
        )
    wanted = storno.type.scopes.post
    submitter = storno.document.submitted_by_id
    if work.actor.has_any(*wanted) or rules.user_has_any(work.company, submitter, wanted):
        _post_pair(work, storno, successor, was=State.PENDING)


def _post_pair(work: Work, storno: Case, successor: Case, *, was: State) -> None:
    """The storno first: it gives the quantities back that the successor takes."""
    steps.post(work, storno, was=was)
    fresh = {line.pk: line for line in Line.objects.filter(pk__in=successor.source_lines)}
    successor.source_lines.update(fresh)
    successor.sources[storno.document.pk] = storno.document  # posted now, so it counts in the exposure
    # what credits gave back through the original ceases with it; the stored figures say so at the end of the work
    successor.facts["released"] = {
        line: -quantity for line, quantity in successor.facts["given_back"].items()
    }
    steps.post(work, successor, was=was)
