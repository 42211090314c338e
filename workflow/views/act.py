"""The buttons of a document: one POST, one service call, all reasons in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from documents.case import Case
from documents.services.content import unit_symbols
from documents.states import ACTIONS, State
from documents.views import access
from valeo.core import typed
from valeo.core.exceptions import Conflict, NotFound, Refused, Violation
from valeo.tenancy.access import ScopedMixin, ScopedRequest
from workflow.selectors.changes import label_of
from workflow.selectors.deciding import DECIDES
from workflow.services import amendments, change_requests, checks, closing
from workflow.services.perform import Decision, correct, perform
from workflow.views.onward import ALL, back_from, inbox_url, lead_on, shown_list, tell_done

ANY: tuple[str, ...] = (*access.POST, *access.APPROVE)
REASON = 500  # characters


def page_of(case: Case) -> str:
    return reverse("documents:detail", args=[case.document.uuid])


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def keys(texts: list[str]) -> frozenset[int]:
    """The rows that were decided; what is no key is no row's."""
    return frozenset(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18)


def reason_of(data: QueryDict) -> str:
    """The reason; raises ``Refused`` where it is too long or holds control characters."""
    try:
        return typed.words(data.get("reason", ""), REASON, lines=True)
    except typed.Unreadable as unreadable:
        raise Refused(Violation(unreadable.code, unreadable.text, "reason")) from unreadable


def refused(
    request: ScopedRequest, case: Case, lead: str, violations: list[Violation], status: int, key: str = ""
) -> HttpResponse:
    """The refusal as a page: every reason, and the way back. Nothing has changed. ``key``: its item in the inbox."""
    document = case.document
    may_edit = document.state == State.DRAFT and request.actor.has_any(*case.type.scopes.write)
    context = {
        "title": f"{case.type.title} {document}",
        "lead": lead,
        "violations": violations,
        "edit_url": reverse("documents:edit", args=[document.uuid]) if may_edit else "",
        **back_from(request, page_of(case), key or str(document.uuid)),
    }
    return render(request, "workflow/refused.html", context, status=status)


class Act(ScopedMixin, View):
    """POST action, reason, version: moves the document, or says why not."""

    required_scopes: ClassVar = ANY
    request: ScopedRequest

    def post(self, request: ScopedRequest, uuid: UUID) -> HttpResponse:
        case = access.case_or_404(request, uuid, "read")
        since = case.document.submitted_at or case.document.changed_at
        code = request.POST.get("action", "")
        action = ACTIONS.get(code)
        if action is None:
            raise NotFound(_("There is no such action."))
        try:
            if action.needs_reason and not request.POST.get("reason", "").strip():
                return self.ask(case, code, asked=bool(request.POST.get("asked")))
            reason = reason_of(request.POST)
            done = perform(
                document_id=case.document.pk,
                action=code,
                actor=request.actor,
                decision=self.decision(case, reason),
            )
        except Refused as refusal:
            lead = _("%(action)s is not possible:") % {"action": action.label}
            return refused(request, case, lead, list(refusal.violations), refusal.status)
        except Conflict as conflict:
            unseen = conflict.code == "version-missing"
            lead = _("Look again:") if unseen else _("Somebody else was first:")
            return refused(request, case, lead, [Violation(conflict.code, conflict.text)], 409)
        tell(request, done, code)
        return lead_on(request, since, page_of(done))

    def decision(self, case: Case, reason: str) -> Decision:
        data = self.request.POST
        approves = data.get("action") == "approve"
        return Decision(
            reason=reason,
            expected_version=number(data.get("version", "")),
            # who approves says what he saw: a form without it is as stale as one with an old one
            accepted=keys(data.getlist("accepted")) if approves else None,
            content_hash=data.get("content_hash", "") if approves else None,
            line_quantities=close_quantities(case, data),
        )

    def ask(self, case: Case, code: str, *, asked: bool) -> HttpResponse:
        """The reason on a page of its own, where the dialog cannot open or was sent empty.

        It goes on with what was seen; raises ``Conflict`` where the document is another one by now.
        """
        document, data = case.document, self.request.POST
        checks.check_version(case, number(data.get("version", "")))
        violations = [
            Violation("reason-missing", _("Say why: the reason becomes part of the history."), "reason")
        ]
        context: dict[str, Any] = {
            "document": document, "label": ACTIONS[code].label, "action": code, "version": data.get("version", ""),
            "violations": violations if asked else [],
            "act_url": reverse("workflow:act", args=[document.uuid]),
            **back_from(self.request, page_of(case), str(document.uuid)),
            "close_lines": _rests(case, data) if code == "close" else [],
        }  # fmt: skip
        return render(self.request, "workflow/reason.html", context, status=422 if asked else 200)


def _rests(case: Case, data: QueryDict) -> list[dict[str, Any]]:
    """What is open, line by line; ``typed``: what was sent already."""
    symbols = unit_symbols(case)
    return [
        {
            "pk": line.pk,
            "position": line.position,
            "text": line.description,
            "rest": rest,
            "unit": symbols.get(line.unit, line.unit),
            "typed": data.get(f"close-{line.pk}"),
        }
        for line in case.lines
        if (rest := closing.open_rest(case, line)) > 0
    ]


def close_quantities(case: Case, data: QueryDict) -> dict[int, Decimal]:
    """``close-<line id>`` fields as quantities; raises ``Refused`` for what is no number."""
    found: dict[int, Decimal] = {}
    for line in case.lines:
        text = data.get(f"close-{line.pk}", "").strip()
        if not text:
            continue
        try:
            value = typed.number(text, decimals=6)
        except typed.Unreadable as unreadable:
            raise Refused(Violation("number", str(unreadable), line=line.position)) from unreadable
        if value:
            found[line.pk] = value
    return found


DONE: Final[dict[str, str | Promise]] = {
    State.DRAFT: gettext_lazy("%(number)s is a draft again."),
    State.PENDING: gettext_lazy("%(number)s waits for approval."),
    State.APPROVED: gettext_lazy("%(number)s is approved and can be posted."),
    State.REJECTED: gettext_lazy("%(number)s is rejected."),
    State.CANCELLED: gettext_lazy("%(number)s is cancelled."),
}
#: what an action did that leaves the document's state, or leaves more to say than the state
DONE_BY: Final[dict[str, str | Promise]] = {
    "discard": gettext_lazy("%(number)s is discarded."),
    "close": gettext_lazy("The remainder of %(number)s is closed."),
    "unclose": gettext_lazy("The remainder of %(number)s is open again."),
    "accept": gettext_lazy("%(number)s is noted as accepted by the customer."),
    "decline": gettext_lazy("%(number)s is noted as declined by the customer."),
}


def tell(request: ScopedRequest, case: Case, code: str) -> None:
    """What was done, in words; a document that is not on the page that follows is linked."""
    document = case.document
    storno: Case | None = case.facts.get("storno")
    if storno is not None:
        link = format_html('<a href="{}">{}</a>', page_of(storno), storno.document)
        told = format_html(_("The cancellation {number} waits for approval."), number=link)
        messages.success(request, told, extra_tags=str(State.PENDING))
        return
    together: tuple[Case, ...] = case.facts.get("together", (case,))  # both halves of a correction
    tell_done(request, " ".join(_done(each, code) for each in together), page_of(case), str(document.state))


def _done(case: Case, code: str) -> str:
    document = case.document
    done = case.type.posted_text if document.state == State.POSTED else DONE[document.state]
    return str(DONE_BY.get(code, done)) % {"number": document}


class Correct(ScopedMixin, View):
    """Opens storno and successor side by side; the successor is edited first."""

    required_scopes: ClassVar = access.POST
    request: ScopedRequest

    def post(self, request: ScopedRequest, uuid: UUID) -> HttpResponse:
        case = access.case_or_404(request, uuid, "post")
        try:
            _storno, successor = correct(
                document_id=case.document.pk, actor=request.actor,
                expected_version=number(request.POST.get("version", "")),
            )  # fmt: skip
        except Refused as refusal:
            return refused(
                request, case, _("Correcting is not possible:"), list(refusal.violations), refusal.status
            )
        except Conflict as conflict:
            return refused(
                request, case, _("Somebody else was first:"), [Violation(conflict.code, conflict.text)], 409
            )
        location = reverse("documents:edit", args=[successor.document.uuid])
        return HttpResponse(status=303, headers={"Location": location})


class DecideAmendment(ScopedMixin, View):
    """Approve, reject or withdraw a waiting amendment."""

    required_scopes: ClassVar = ANY
    request: ScopedRequest

    def post(self, request: ScopedRequest, uuid: UUID) -> HttpResponse:
        revision = amendments.by_uuid(uuid)
        since = revision.proposed_at
        case = access.case_or_404(request, revision.document.uuid, "read")
        data = request.POST
        do = data.get("do", "")
        approve = do == "approve"
        try:
            reason = reason_of(data)
            if do == "withdraw":
                amendments.withdraw(actor=request.actor, revision_id=revision.pk)
            else:
                accepted = data.getlist("accepted")
                amendments.decide(
                    actor=request.actor, revision_id=revision.pk, approve=approve, reason=reason,
                    content_hash=data.get("content_hash", "") if approve else None, accepted=keys(accepted),
                )  # fmt: skip
        except Refused as refusal:
            found = list(refusal.violations)
            return refused(request, case, _("Not possible:"), found, refusal.status, str(uuid))
        except Conflict as conflict:
            found = [Violation(conflict.code, conflict.text)]
            return refused(request, case, _("Somebody else was first:"), found, 409, str(uuid))
        what = _("Amendment of %(number)s") % {"number": case.document}
        tell_decided(request, what, do, page_of(case))
        return lead_on(request, since, page_of(case))


class DecideChange(ScopedMixin, View):
    """Approve, reject or withdraw a change of credit limit, bank data or tax status."""

    required_scopes: ClassVar = DECIDES
    request: ScopedRequest

    def post(self, request: ScopedRequest, uuid: UUID) -> HttpResponse:
        do = request.POST.get("do", "")
        try:
            reason = reason_of(request.POST)
            if do == "withdraw":
                change = change_requests.withdraw(actor=request.actor, uuid=uuid)
            else:
                change = change_requests.decide(
                    actor=request.actor, uuid=uuid, approve=do == "approve", reason=reason
                )
        except (Refused, Conflict) as error:
            messages.error(request, str(error))
            url = inbox_url(shown_list(request) or ALL, str(uuid))
            return HttpResponse(status=303, headers={"Location": url})
        what = _("%(what)s of %(partner)s") % {"what": label_of(change), "partner": change.partner.name}
        tell_decided(request, what, do, reverse("masterdata:partner", args=[change.partner.uuid]))
        return lead_on(request, change.requested_at, reverse("workflow:inbox"))


_DECIDED: Final = {
    "approve": (gettext_lazy("%(what)s: approved."), State.APPROVED),
    "reject": (gettext_lazy("%(what)s: rejected."), State.REJECTED),
    "withdraw": (gettext_lazy("%(what)s: withdrawn."), State.DRAFT),
}


def tell_decided(request: ScopedRequest, what: str, do: str, url: str) -> None:
    """What was decided about an amendment or a change of master data."""
    pattern, state = _DECIDED.get(do, _DECIDED["reject"])
    tell_done(request, str(pattern) % {"what": what}, url, str(state))
