"""Companies and their branches."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum import bic as bic_number
from stdnum import iban as iban_number
from stdnum.eu import vat as vat_number

from valeo.administration import hooks
from valeo.administration.services import fiscal, members, rights
from valeo.core.exceptions import NotFound, Refused, Violation
from valeo.core.validation import changed, check
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.kinds import VatScheme
from valeo.tenancy.models import (
    Branch,
    Branding,
    Company,
    CompanyVatScheme,
    Membership,
    MembershipRole,
    RoleGroup,
    User,
)
from valeo.tenancy.scope import company_scope
from valeo.tenancy.scopes import ROLE_SCOPES
from valeo.tenancy.selectors import system_actor

ADMIN = "admin:all"
ROLE_NAMES = {
    "operator": _("Clerk"),
    "warehouse": _("Warehouse"),
    "manager": _("Manager"),
    "accountant": _("Accountant"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
}


@transaction.atomic
def create_company(
    *,
    code: str,
    name: str,
    by: User | None = None,
    owner: User | None = None,
    vat_scheme: str = VatScheme.REGULAR,
    first_fiscal_year: dt.date | None = None,
    **fields: Any,
) -> Company:
    """A company with its role groups, VAT scheme, branding, this fiscal year and the next.

    ``by`` is who made it (None: the installation), ``owner`` becomes its administrator, ``first_fiscal_year`` is any
    day of the first year. Raises ``Refused``.
    """
    company = Company(code=code, name=name, **{"legal_name": name, **fields})
    _tidy(company)
    check(company)
    _check_numbers(company)
    company.save()
    actor = system_actor(company.pk) if by is None else _founder(by, company)
    with company_scope(company.pk):
        for role_code, scopes in ROLE_SCOPES.items():
            members.make_role(company, code=role_code, name=str(ROLE_NAMES[role_code]), scopes=scopes)
        today = timezone.now().astimezone(ZoneInfo(company.time_zone)).date()
        fiscal.make_years(company, first=first_fiscal_year or today, last=today)
        CompanyVatScheme.everywhere.create(company=company, scheme=vat_scheme, valid_from=dt.date(2000, 1, 1))
        Branding.everywhere.create(company=company)
        journal = Journal(actor)
        journal.entry(action="company.create", obj=company, label=company.code)
        if owner is not None:
            membership = _administrator(company, owner)
            journal.entry(
                action="member.add",
                obj=membership,
                label=owner.username,
                changes={"roles": [[], membership.role_codes]},
            )
        journal.flush()
    return company


def _founder(user: User, company: Company) -> Actor:
    system = system_actor(company.pk, str(user))
    return Actor(user.pk, system.name, company.pk, system.scopes, request_id=system.request_id)


def _administrator(company: Company, owner: User) -> Membership:
    membership = Membership.objects.create(user=owner, company=company)
    role = RoleGroup.everywhere.get(company=company, code="administrator")
    MembershipRole.everywhere.create(company=company, membership=membership, role=role)
    rights.synchronise(membership)
    return membership


@transaction.atomic
def update_company(*, actor: Actor, **values: Any) -> Company:
    """Change the facts of the actor's own company. Raises ``Refused``; code and currency stay what they are."""
    actor.require(ADMIN)
    company = Company.objects.select_for_update(no_key=True).get(pk=actor.company_id)
    before = {name: getattr(company, name) for name in values}
    changed(company, values)
    _tidy(company)
    check(company)
    _check_numbers(company)
    changes = {
        name: [old, getattr(company, name)] for name, old in before.items() if old != getattr(company, name)
    }
    fixed = [name for name in ("code", "currency") if name in changes]
    if fixed:
        text = _("Numbers and ledgers are kept in it: it cannot be changed.")
        raise Refused([Violation(code=f"{name}-fixed", text=text, field=name) for name in fixed])
    if changes:
        company.save(update_fields=list(changes))
        journal = Journal(actor)
        journal.entry(action="company.change", obj=company, label=company.code, changes=changes)
        journal.flush()
    return company


def _tidy(company: Company) -> None:
    company.iban = iban_number.compact(company.iban)
    company.bic = bic_number.compact(company.bic)
    company.vat_id = company.vat_id.replace(" ", "").upper()


def _check_numbers(company: Company) -> None:
    """IBAN (ISO 13616), BIC (ISO 9362) and VAT id by their check digits, all at once."""
    checks = (
        ("iban", iban_number.is_valid, _("The IBAN is wrong: its check digits don't fit.")),
        ("bic", bic_number.is_valid, _("The BIC is wrong: 8 or 11 letters and digits, as in COBADEFF.")),
        ("vat_id", vat_number.is_valid, _("The VAT id is wrong: its check digits don't fit.")),
    )
    faults = [
        Violation(code=f"{field}-invalid", text=text, field=field)
        for field, valid, text in checks
        if getattr(company, field) and not valid(getattr(company, field))
    ]
    if faults:
        raise Refused(faults)


@transaction.atomic
def save_branch(*, actor: Actor, branch: Branch | None = None, **values: Any) -> Branch:
    """Create a branch or change one. Raises ``Refused``, ``NotFound`` for another company's.

    Another code is refused where numbers were given with the old one, or where two series could then give the same.
    """
    actor.require(ADMIN)
    Company.objects.select_for_update(no_key=True).get(pk=actor.company_id)
    if branch is None:
        found = Branch(company_id=actor.company_id)
    else:
        rows = Branch.everywhere.select_for_update(no_key=True).filter(
            company_id=actor.company_id, pk=branch.pk
        )
        found = rows.first() or _missing()
    changes = changed(found, values)
    check(found)
    against = hooks.branch_code_violations(found, found.code) if branch and "code" in changes else []
    if against:
        raise Refused(against)
    found.save()
    if changes:
        journal = Journal(actor)
        action = "branch.create" if branch is None else "branch.change"
        journal.entry(action=action, obj=found, label=found.code, changes=changes)
        journal.flush()
    return found


def _missing() -> Branch:
    raise NotFound


@transaction.atomic
def set_vat_scheme(*, actor: Actor, scheme: str, valid_from: dt.date) -> CompanyVatScheme:
    """The company is taxed so from a day on; the scheme before ends the day before.

    Refused for a day at which or after which another scheme begins.
    """
    actor.require(ADMIN)
    Company.objects.select_for_update(no_key=True).get(pk=actor.company_id)
    rows = CompanyVatScheme.everywhere.filter(company_id=actor.company_id)
    if rows.filter(valid_from__gte=valid_from).exists():
        raise Refused(
            Violation(
                code="scheme-later",
                text=_("A scheme begins on this day or later already."),
                field="valid_from",
            )
        )
    before = rows.filter(valid_from__lt=valid_from, valid_to__isnull=True).first()
    if before is not None:
        before.valid_to = valid_from - dt.timedelta(days=1)
        before.save(update_fields=["valid_to"])
    row = CompanyVatScheme(company_id=actor.company_id, scheme=scheme, valid_from=valid_from)
    check(row)
    row.save()
    journal = Journal(actor)
    journal.entry(
        action="company.vat_scheme",
        obj=row,
        label=scheme,
        changes={"scheme": [before.scheme if before else "", scheme], "valid_from": [None, valid_from]},
    )
    journal.flush()
    return row
