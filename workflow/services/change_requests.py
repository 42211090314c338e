"""Changes of credit limit, bank data and tax status that wait for a second person (contract § 4)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from masterdata.guarded import GUARDED_FIELDS, GuardedChange
from masterdata.models import Partner
from masterdata.services.partner_finance import apply_guarded_change
from valeo.core.exceptions import Conflict, NotFound, NotPermitted, Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, User
from valeo.tenancy.selectors import actor_for, four_eyes_on
from workflow.models import ChangeRequest
from workflow.selectors.deciding import DECIDES


def gate(journal: Journal, partner: Partner, changes: Sequence[GuardedChange]) -> bool:
    """Keeps the changes as requests where four eyes are on; False lets them take effect at once.

    Raises ``Refused`` where the same thing waits already.
    """
    company = Company.objects.get(pk=partner.company_id)
    if not four_eyes_on(company, "sales"):
        return False
    waiting = set(
        ChangeRequest.objects.filter(partner=partner, state=ChangeRequest.State.PENDING).values_list(
            "field", flat=True
        )
    )
    doubled = [change for change in changes if change.field in waiting]
    if doubled:
        raise Refused(
            [
                Violation(
                    "change-waiting",
                    _("A change of this field is waiting for its decision already: %(field)s.")
                    % {"field": GUARDED_FIELDS[change.field]},
                    change.field,
                )
                for change in doubled
            ]
        )
    for change in changes:
        request = ChangeRequest.objects.create(
            company_id=partner.company_id,
            partner=partner,
            field=change.field,
            old=change.old,
            new=change.new,
            reason=change.reason[:500],
            requested_by_id=journal.actor.user_id,
        )
        journal.entry(
            action="change.request", obj=request, label=partner.number, to_state=ChangeRequest.State.PENDING,
            reason=change.reason, data={"field": change.field, "partner": partner.pk},
        )  # fmt: skip
        journal.event(
            channel="workflow", payload=_payload(request, "request", "", ChangeRequest.State.PENDING)
        )
    return True


def _payload(request: ChangeRequest, action: str, was: str, now: str) -> dict[str, str]:
    return {
        "document": str(request.uuid), "domain": "finance", "kind": "change_request", "number": "", "action": action,
        "from": was, "to": now,
    }  # fmt: skip


@transaction.atomic
def decide(*, actor: Actor, uuid: UUID, approve: bool, reason: str = "") -> ChangeRequest:
    """A second person lets the change take effect or refuses it.

    Raises ``NotPermitted`` for the one who asked, ``Conflict`` where it is decided already or the partner changed.
    """
    actor.require(*DECIDES)
    request = _locked(uuid)
    if request.state != ChangeRequest.State.PENDING:
        raise Conflict(_("This request is decided already."), code="wrong-state")
    if request.requested_by_id == actor.user_id:
        raise NotPermitted(DECIDES, _("Four eyes: whoever asked for a change does not decide it."))
    if not approve and not reason.strip():
        raise Refused(
            Violation("reason-missing", _("Say why: the reason becomes part of the history."), "reason")
        )
    if approve:
        _apply(actor, request, reason)
    request.state = ChangeRequest.State.APPROVED if approve else ChangeRequest.State.REJECTED
    request.decided_by_id, request.decided_at = actor.user_id, timezone.now()
    request.decision_reason = reason[:500]
    request.version += 1
    request.save()
    journal = Journal(actor)
    journal.entry(
        action="change.approve" if approve else "change.reject", obj=request, label=request.partner.number,
        from_state=ChangeRequest.State.PENDING, to_state=request.state, reason=reason, data={"field": request.field},
    )  # fmt: skip
    journal.event(
        channel="workflow",
        payload=_payload(
            request, "approve" if approve else "reject", ChangeRequest.State.PENDING, request.state
        ),
    )
    journal.flush()
    return request


def _locked(uuid: UUID) -> ChangeRequest:
    rows = ChangeRequest.objects.select_for_update(no_key=True, of=("self",)).select_related("partner")
    found: ChangeRequest | None = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFound(_("There is no such request."))
    return found


def _apply(actor: Actor, request: ChangeRequest, reason: str) -> None:
    """In the name of who asked for it, where he may still; the decision's own entry names the second person."""
    company = Company.objects.get(pk=request.company_id)
    asker = User.objects.filter(pk=request.requested_by_id or 0).first()
    by = actor_for(asker, company) if asker is not None else actor
    apply_guarded_change(
        actor=by if by.has("finance:write") else actor, partner_uuid=request.partner.uuid, field=request.field,
        old=request.old, new=request.new, reason=request.reason or reason,
    )  # fmt: skip


@transaction.atomic
def withdraw(*, actor: Actor, uuid: UUID) -> ChangeRequest:
    """Who asked takes it back."""
    request = _locked(uuid)
    if request.state != ChangeRequest.State.PENDING:
        raise Conflict(_("This request is decided already."), code="wrong-state")
    if request.requested_by_id != actor.user_id:
        raise NotPermitted(("finance:write",), _("Only who asked for a change takes it back."))
    request.state = ChangeRequest.State.WITHDRAWN
    request.version += 1
    request.save()
    journal = Journal(actor)
    journal.entry(
        action="change.withdraw", obj=request, label=request.partner.number, from_state=ChangeRequest.State.PENDING,
        to_state=request.state,
    )  # fmt: skip
    journal.event(
        channel="workflow",
        payload=_payload(request, "withdraw", ChangeRequest.State.PENDING, ChangeRequest.State.WITHDRAWN),
    )
    journal.flush()
    return request
