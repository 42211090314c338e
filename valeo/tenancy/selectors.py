"""Reading companies, members and periods."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from valeo.core.exceptions import NotFound
from valeo.core.prepared import prepared
from valeo.core.request_id import current_request_id
from valeo.tenancy.actor import Actor
from valeo.tenancy.kinds import FourEyes, VatScheme
from valeo.tenancy.models import Branding, Company, CompanyVatScheme, Membership, Period, User
from valeo.tenancy.scopes import SCOPES, implied

#: the answer of ``period_state`` for a day outside every fiscal year
NO_PERIOD = "none"
_PERIOD = (
    f"SELECT p.state FROM {Period._meta.db_table} p "  # noqa: S608 - a name of the model
    'WHERE p.company_id = %s AND p.start <= %s AND p."end" >= %s ORDER BY p.id LIMIT 1'
)


def memberships() -> QuerySet[Membership]:
    """What counts for signing in: active members of active companies with active accounts, with both at hand."""
    return Membership.objects.select_related("user", "company").filter(
        is_active=True, company__is_active=True, user__is_active=True
    )


def actor_of(membership: Membership) -> Actor:
    """The actor of a membership that was read with its user and company."""
    return Actor(
        user_id=membership.user_id,
        name=str(membership.user),
        company_id=membership.company_id,
        scopes=implied(frozenset(membership.scopes)),
        roles=frozenset(membership.role_codes),
        approval_limit=membership.approval_limit,
        request_id=current_request_id(),
    )


def actor_for(user: User, company: Company) -> Actor:
    """The user as he acts in the company; raises ``NotFound`` where he is no active member."""
    membership = memberships().filter(user=user, company=company).first()
    if membership is None:
        raise NotFound
    return actor_of(membership)


def system_actor(company_id: int, name: str = "VALEO") -> Actor:
    """The system itself in a company: commands, the worker, the installation."""
    return Actor(
        user_id=None,
        name=name,
        company_id=company_id,
        scopes=frozenset(SCOPES),
        request_id=current_request_id(),
    )


def companies_of(user: User) -> QuerySet[Company]:
    """The companies that the user may work in, by name."""
    return Company.objects.filter(
        is_active=True, memberships__user=user, memberships__is_active=True
    ).order_by("name", "id")


def can_approve_count(company: Company, domain: str) -> int:
    """How many members could approve in a domain (``sales``, ``purchase``)."""
    scopes = Q(scopes__contains=[f"{domain}:approve"]) | Q(scopes__contains=["admin:all"])
    return memberships().filter(scopes, company=company).count()


def four_eyes_on(company: Company, domain: str) -> bool:
    """Whether an approver must be someone else; automatic: when at least two members can approve."""
    if company.four_eyes == FourEyes.AUTO:
        return can_approve_count(company, domain) >= 2
    return company.four_eyes == FourEyes.ON


def period_state(company_id: int, date: dt.date, *, lock: bool = False) -> str:
    """``open``, ``closed_for_vouchers``, ``closed`` (PeriodState), or ``none`` outside every fiscal year.

    With ``lock`` the period stays as it is until the transaction ends: who closes it waits for those who post in it.
    """
    with prepared() as cursor:  # every posting asks, so without the ORM
        cursor.execute(f"{_PERIOD} FOR SHARE" if lock else _PERIOD, [company_id, date, date])
        row = cursor.fetchone()
    return str(row[0]) if row else NO_PERIOD


def vat_scheme(company_id: int, date: dt.date) -> str:
    """The company's own VAT scheme on a day; regular where none is recorded."""
    scheme = (
        CompanyVatScheme.everywhere.filter(company_id=company_id, valid_from__lte=date)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=date))
        .values_list("scheme", flat=True)
        .first()
    )
    return scheme or VatScheme.REGULAR


def branding_of(company_id: int, branch_id: int | None = None) -> Branding | None:
    """The branch's branding, else the company's; its logo comes with it."""
    rows = Branding.everywhere.select_related("logo").filter(company_id=company_id)
    if branch_id is not None:
        own: Branding | None = rows.filter(branch_id=branch_id).first()
        if own is not None:
            return own
    company_wide: Branding | None = rows.filter(branch__isnull=True).first()
    return company_wide
