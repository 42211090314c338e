"""Creating and changing partners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from masterdata import guarded
from masterdata.checks import partner_violations, tidy_partner
from masterdata.countries import place_of
from masterdata.guarded import GuardedChange
from masterdata.kinds import LegalForm, Place, TaxStatus
from masterdata.models import Partner, PartnerTaxStatus, PaymentTerm
from masterdata.search import fold, fold_all
from masterdata.selectors.partners import same_name
from masterdata.services.writing import (
    FINANCE,
    WRITE,
    Changes,
    assign,
    ensure,
    locked,
    save_changed,
    save_new,
    tell,
    tell_lists,
)  # fmt: skip
from numbering.services import NumberRequest, allocate_many
from valeo.core.exceptions import NotPermitted, Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

#: change only with ``finance:write``
FINANCE_FIELDS: Final = frozenset({"credit_limit", "payment_term", "purchase_payment_term"})
ROLES: Final = ("customer", "supplier")
#: change only through their own services
_FIXED: Final = frozenset(
    {"id", "uuid", "company", "version", "search_text", "blocked", "blocked_reason", "active"}
)
FIELDS: Final = tuple(
    field.name for field in Partner._meta.concrete_fields if field.editable and field.name not in _FIXED
)


@dataclass(frozen=True, slots=True)
class PartnerUpdate:
    """The partner as stored, and guarded changes that wait for a second person."""

    partner: Partner
    withheld: tuple[GuardedChange, ...] = ()


@transaction.atomic
def create_partner(
    *, actor: Actor, values: Mapping[str, Any], tax_status: str = "", accept_duplicate: bool = False
) -> Partner:
    """A new partner; numbers come from the series ``customer`` and ``supplier`` unless they are given.

    Without ``tax_status`` it follows from legal form and country. Raises ``Refused`` (``duplicate-name`` where a
    partner of that name exists and ``accept_duplicate`` is not set) and ``NotPermitted``.
    """
    actor.require(*WRITE)
    _require_finance(actor, {name for name in FINANCE_FIELDS if values.get(name) is not None}, tax_status)
    partner = Partner(company_id=actor.company_id)
    changes, violations = assign(partner, _allowed(values))
    tidy_partner(partner)
    if partner.payment_term_id is None:
        partner.payment_term = PaymentTerm.objects.filter(is_default=True, active=True).first()
    if not accept_duplicate:
        violations += _duplicates(partner)
    status = tax_status or default_tax_status(partner, home=_home(actor))
    violations += _status_violations(status)
    _check(partner, violations)
    _number(actor, partner)
    _fold(partner)
    save_new(partner)
    PartnerTaxStatus.objects.create(company_id=actor.company_id, partner=partner, status=status)
    journal = Journal(actor)
    tell(
        journal,
        "partner.create",
        partner,
        label=partner.number,
        changes={**changes, "tax_status": [None, status]},
    )
    tell_lists(journal, "partner", partner, partner.number)
    journal.flush()
    return partner


@transaction.atomic
def update_partner(
    *,
    actor: Actor,
    uuid: UUID,
    values: Mapping[str, Any],
    expected_version: int | None = None,
    apply_guarded: bool | None = None,
    reason: str = "",
) -> PartnerUpdate:
    """Change a partner. Guarded fields (``masterdata.guarded``) ask the gate.

    ``apply_guarded`` False never applies them and returns them, True applies them without asking (the request was
    decided). Raises ``Refused``, ``NotPermitted``, ``NotFound`` and ``Conflict``.
    """
    actor.require(*WRITE, FINANCE)
    partner = locked(Partner, uuid, actor, expected_version)
    before = {name: getattr(partner, name) for name in guarded.GUARDED_FIELDS if name in FIELDS}
    was = partner.vat_id
    changes, violations = assign(partner, _allowed(values))
    tidy_partner(partner)
    if partner.vat_id != was:
        _forget_check(partner, changes)
    _require_for(actor, changes)
    _check(partner, violations)
    journal = Journal(actor)
    differences = tuple(
        GuardedChange(name, _plain(old), _plain(getattr(partner, name)), reason)
        for name, old in before.items()
        if name in changes
    )
    waits = _waits(journal, partner, differences, apply_guarded=apply_guarded)
    if waits:
        for difference in differences:
            changes.pop(difference.field)
            setattr(partner, difference.field, before[difference.field])
    _number(actor, partner)
    store_partner(journal, partner, changes, action="partner.change", reason=reason)
    journal.flush()
    return PartnerUpdate(partner, differences if waits else ())


def _forget_check(partner: Partner, changes: Changes) -> None:
    """What the authority said of the old VAT ID says nothing of the new one, unless its own check comes with it."""
    if {"vat_id_checked_on", "vat_id_check_reference"} & set(changes):
        return
    for name, empty in (("vat_id_valid", None), ("vat_id_checked_on", None), ("vat_id_check_reference", "")):
        old = getattr(partner, name)
        if name not in changes and old != empty:
            changes[name] = [old, empty]
            setattr(partner, name, empty)


def _waits(
    journal: Journal, partner: Partner, differences: tuple[GuardedChange, ...], *, apply_guarded: bool | None
) -> bool:
    if apply_guarded is None:
        return guarded.withheld(journal, partner, differences)
    return bool(differences) and not apply_guarded


@transaction.atomic
def block_partner(*, actor: Actor, uuid: UUID, reason: str, expected_version: int | None = None) -> Partner:
    """No new documents for the partner; the reason is shown with every refusal."""
    return _set_state(
        actor, uuid, {"blocked": True, "blocked_reason": reason}, "partner.block", expected_version
    )


@transaction.atomic
def unblock_partner(*, actor: Actor, uuid: UUID, expected_version: int | None = None) -> Partner:
    return _set_state(
        actor, uuid, {"blocked": False, "blocked_reason": ""}, "partner.unblock", expected_version
    )


@transaction.atomic
def set_partner_active(
    *, actor: Actor, uuid: UUID, active: bool, expected_version: int | None = None
) -> Partner:
    """An inactive partner is offered nowhere; nothing is deleted."""
    action = "partner.activate" if active else "partner.deactivate"
    return _set_state(actor, uuid, {"active": active}, action, expected_version)


def _number(actor: Actor, partner: Partner) -> None:
    """Numbers for the roles that have none yet."""
    wanted = [
        role for role in ROLES if getattr(partner, f"is_{role}") and not getattr(partner, f"{role}_number")
    ]
    requests = [
        NumberRequest(
            company_id=actor.company_id, kind=role, on=timezone.localdate(), document_uuid=partner.uuid,
            document_type="partner", user_id=actor.user_id,
        )
        for role in wanted
    ]  # fmt: skip
    for role, number in zip(wanted, allocate_many(requests), strict=True):
        if Partner.objects.filter(**{f"{role}_number": number}).exists():
            text = _(
                "The number series gave %(number)s, which another partner has. Let the series go on behind it."
            )
            raise Refused(Violation("number-taken", text % {"number": number}, f"{role}_number"))
        setattr(partner, f"{role}_number", number)


def _set_state(
    actor: Actor, uuid: UUID, values: Mapping[str, Any], action: str, expected_version: int | None
) -> Partner:
    actor.require(*WRITE, FINANCE)
    partner = locked(Partner, uuid, actor, expected_version)
    changes, violations = assign(partner, values)
    _check(partner, violations)
    journal = Journal(actor)
    store_partner(journal, partner, changes, action=action, reason=str(values.get("blocked_reason", "")))
    journal.flush()
    return partner


def store_partner(
    journal: Journal, partner: Partner, changes: Changes, *, action: str, reason: str = ""
) -> None:
    """Save what changed, with its entry; nothing where nothing changed. The caller flushes the journal."""
    if not changes:
        return
    _fold(partner)
    save_changed(partner)
    tell(journal, action, partner, label=partner.number, changes=changes, reason=reason)
    tell_lists(journal, "partner", partner, partner.number)


def _fold(partner: Partner) -> None:
    partner.sort_name = fold(partner.name)[:250]
    partner.search_text = fold_all(
        (
            partner.customer_number, partner.supplier_number, partner.name, partner.name_extra, partner.postal_code,
            partner.city, partner.vat_id, partner.own_number_there,
        )
    )  # fmt: skip


def default_tax_status(partner: Partner, *, home: str) -> TaxStatus:
    """What legal form and country say; a farmer or a small business has to be told."""
    place = place_of(partner.country, home)
    if place == Place.THIRD:
        return TaxStatus.THIRD_COUNTRY
    if partner.legal_form == LegalForm.CONSUMER:
        return TaxStatus.CONSUMER
    if place == Place.EU:
        return TaxStatus.EU_BUSINESS
    return TaxStatus.PUBLIC_BODY if partner.legal_form == LegalForm.PUBLIC else TaxStatus.REGULAR


def _home(actor: Actor) -> str:
    return str(Company.objects.values_list("country", flat=True).get(pk=actor.company_id))


def _allowed(values: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise Refused(
            Violation("field-unknown", _("There is no such field."), name) for name in sorted(unknown)
        )
    return values


def _require_finance(actor: Actor, fields: Iterable[str], tax_status: str) -> None:
    if (set(fields) or tax_status) and not actor.has(FINANCE):
        raise NotPermitted([FINANCE])


def _require_for(actor: Actor, changes: Changes) -> None:
    """Terms and limits are finance's; everything else is sales' and purchase's."""
    _require_finance(actor, FINANCE_FIELDS & set(changes), "")
    if set(changes) - FINANCE_FIELDS:
        actor.require(*WRITE)


def _check(partner: Partner, found: Iterable[Violation]) -> None:
    violations = [*found, *partner_violations(partner), *_parties(partner)]
    ensure(partner, violations)


def _parties(partner: Partner) -> Iterator[Violation]:
    for name in ("bill_to", "ship_to"):
        other: Partner | None = getattr(partner, name)
        if other is None:
            continue
        if other.pk == partner.pk:
            yield Violation("partner-itself", _("Leave this empty where it is the partner itself."), name)
        elif name == "bill_to" and other.bill_to_id is not None:
            yield Violation("bill-to-chain", _("This partner's own invoices go to another one."), name)


def _duplicates(partner: Partner) -> list[Violation]:
    return [
        Violation(
            "duplicate-name",
            _("%(number)s %(name)s in %(city)s exists already. Is it the same?")
            % {"number": twin.number, "name": twin.name, "city": twin.city or "–"},
            "name",
        )
        for twin in same_name(partner.name, vat_id=partner.vat_id)
    ]


def _status_violations(status: str) -> list[Violation]:
    if status in TaxStatus.values:
        return []
    return [Violation("tax-status-unknown", _("There is no such tax status."), "tax_status")]


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"
