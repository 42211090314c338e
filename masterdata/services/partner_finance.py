"""Bank accounts and tax status of a partner: finance's, and guarded by a second person."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from masterdata import guarded
from masterdata.checks import bank_account_violations, tidy_bank_account
from masterdata.guarded import GuardedChange
from masterdata.kinds import TaxStatus
from masterdata.models import Partner, PartnerBankAccount, PartnerTaxStatus
from masterdata.services.partner_parts import part_of
from masterdata.services.partners import store_partner, update_partner
from masterdata.services.writing import FINANCE, assign, ensure, locked, one_default
from valeo.core.exceptions import Conflict, Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

ACCOUNT_FIELDS: Final = ("iban", "bic", "bank_name", "holder", "is_default", "active")


@dataclass(frozen=True, slots=True)
class StatusSpan:
    """A tax status from a day to a day, both inclusive."""

    status: str
    valid_from: date | None = None
    valid_to: date | None = None


@transaction.atomic
def save_bank_account(
    *,
    actor: Actor,
    partner_uuid: UUID,
    values: Mapping[str, Any],
    uuid: UUID | None = None,
    expected_version: int | None = None,
    apply_guarded: bool | None = None,
    reason: str = "",
) -> GuardedChange | None:
    """Add an account, or change the one with ``uuid``. Returns the change where it waits for a second person."""
    actor.require(FINANCE)
    partner = locked(Partner, partner_uuid, actor, expected_version)
    account = _account(partner, uuid)
    old = _account_values(account) if uuid else None
    _changes, violations = assign(account, {name: values[name] for name in ACCOUNT_FIELDS if name in values})
    tidy_bank_account(account)
    ensure(account, [*violations, *bank_account_violations(account)], exclude=["is_default"])
    change = GuardedChange(guarded.BANK_ACCOUNT, old, _account_values(account), reason)
    if change.old == change.new:
        return None
    return _apply_or_keep(actor, partner, change, apply_guarded=apply_guarded)


@transaction.atomic
def remove_bank_account(
    *,
    actor: Actor,
    partner_uuid: UUID,
    uuid: UUID,
    expected_version: int | None = None,
    apply_guarded: bool | None = None,
    reason: str = "",
) -> GuardedChange | None:
    """Take an account away. Returns the change where it waits for a second person."""
    actor.require(FINANCE)
    partner = locked(Partner, partner_uuid, actor, expected_version)
    old = _account_values(_account(partner, uuid))
    return _apply_or_keep(
        actor, partner, GuardedChange(guarded.BANK_ACCOUNT, old, None, reason), apply_guarded=apply_guarded
    )


@transaction.atomic
def set_tax_statuses(
    *,
    actor: Actor,
    partner_uuid: UUID,
    spans: Sequence[StatusSpan],
    expected_version: int | None = None,
    apply_guarded: bool | None = None,
    reason: str = "",
) -> GuardedChange | None:
    """The whole history of the partner's tax status. Returns the change where it waits for a second person.

    Raises ``Refused`` for overlapping spans and for an empty history.
    """
    actor.require(FINANCE)
    partner = locked(Partner, partner_uuid, actor, expected_version)
    _check_spans(spans)
    change = GuardedChange(
        guarded.TAX_STATUS, _stored_spans(partner), [_span_values(span) for span in spans], reason
    )
    if change.old == change.new:
        return None
    return _apply_or_keep(actor, partner, change, apply_guarded=apply_guarded)


@transaction.atomic
def apply_guarded_change(
    *, actor: Actor, partner_uuid: UUID, field: str, old: Any, new: Any, reason: str = ""
) -> None:
    """Make a change that a second person has allowed; ``actor`` is who asked for it.

    Raises ``Conflict`` when the partner is no longer what the request was made for.
    """
    partner = locked(Partner, partner_uuid, actor)
    if _current(partner, field, old, new) != old:
        raise Conflict(_("The partner has changed since this was asked for. Ask for it again."))
    if field == guarded.CREDIT_LIMIT:
        limit = None if new is None else Decimal(new)
        update_partner(
            actor=actor, uuid=partner_uuid, values={"credit_limit": limit}, apply_guarded=True, reason=reason
        )
        return
    _apply_or_keep(actor, partner, GuardedChange(field, old, new, reason), apply_guarded=True)


def _current(partner: Partner, field: str, old: Any, new: Any) -> Any:
    if field == guarded.CREDIT_LIMIT:
        return None if partner.credit_limit is None else f"{partner.credit_limit:.2f}"
    if field == guarded.TAX_STATUS:
        return _stored_spans(partner)
    uuid = (old or {}).get("uuid")
    return _account_values(_account(partner, UUID(uuid))) if uuid else None


def _apply_or_keep(
    actor: Actor, partner: Partner, change: GuardedChange, *, apply_guarded: bool | None
) -> GuardedChange | None:
    journal = Journal(actor)
    waits = guarded.withheld(journal, partner, [change]) if apply_guarded is None else not apply_guarded
    if not waits:
        if change.field == guarded.BANK_ACCOUNT:
            _store_account(partner, change)
        else:
            _store_spans(partner, change.new)
        changes = {change.field: [change.old, change.new]}
        store_partner(journal, partner, changes, action="partner.change", reason=change.reason)
    journal.flush()
    return change if waits else None


def _account(partner: Partner, uuid: UUID | None) -> PartnerBankAccount:
    if uuid is None:
        return PartnerBankAccount(company_id=partner.company_id, partner=partner)
    return part_of(PartnerBankAccount, partner, uuid)


def _account_values(account: PartnerBankAccount) -> dict[str, Any]:
    uuid = str(account.uuid) if account.pk else None
    return {"uuid": uuid, **{name: getattr(account, name) for name in ACCOUNT_FIELDS}}


def _store_account(partner: Partner, change: GuardedChange) -> None:
    uuid = (change.old or {}).get("uuid")
    account = _account(partner, UUID(uuid) if uuid else None)
    if change.new is None:
        account.delete()
        return
    for name in ACCOUNT_FIELDS:
        setattr(account, name, change.new[name])
    if account.is_default:
        one_default(PartnerBankAccount.everywhere.filter(partner=partner), keep=account)
    ensure(account, bank_account_violations(account))
    account.save()


def _stored_spans(partner: Partner) -> list[dict[str, Any]]:
    rows = PartnerTaxStatus.everywhere.filter(partner=partner).order_by("valid_from", "id")
    spans = [StatusSpan(row.status, row.valid_from, row.valid_to) for row in rows]
    return [_span_values(span) for span in sorted(spans, key=_start)]


def _start(span: StatusSpan) -> date:
    return span.valid_from or date.min


def _span_values(span: StatusSpan) -> dict[str, Any]:
    return {
        "status": str(span.status),
        "valid_from": span.valid_from.isoformat() if span.valid_from else None,
        "valid_to": span.valid_to.isoformat() if span.valid_to else None,
    }


def _store_spans(partner: Partner, spans: Sequence[Mapping[str, Any]]) -> None:
    PartnerTaxStatus.everywhere.filter(partner=partner).delete()
    for span in spans:
        days = {
            name: date.fromisoformat(span[name]) if span[name] else None
            for name in ("valid_from", "valid_to")
        }
        row = PartnerTaxStatus(company_id=partner.company_id, partner=partner, status=span["status"], **days)
        ensure(row)
        row.save()


def _check_spans(spans: Sequence[StatusSpan]) -> None:
    violations = []
    if not spans:
        violations.append(Violation("tax-status-missing", _("A partner needs a tax status."), "tax_status"))
    for span in spans:
        if span.status not in TaxStatus.values:
            violations.append(Violation("tax-status-unknown", _("There is no such tax status."), "status"))
        if span.valid_from and span.valid_to and span.valid_to < span.valid_from:
            violations.append(Violation("invalid", _("The last day lies before the first."), "valid_to"))
    ordered = sorted(spans, key=_start)
    for earlier, later in itertools.pairwise(ordered):
        if earlier.valid_to is None or earlier.valid_to >= _start(later):
            violations.append(Violation("overlap", _("Two tax statuses hold on the same day."), "valid_from"))
    if violations:
        raise Refused(violations)
