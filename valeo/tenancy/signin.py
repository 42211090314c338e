"""From a session to user, company and actor in one query."""

from __future__ import annotations

import hmac
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet

from valeo.core import rows
from valeo.tenancy.models import Company, Membership, User
from valeo.tenancy.selectors import memberships

# What ``memberships`` finds, of one user in one company; every request asks, so without the ORM's compiler.
_MEMBER: Final = rows.Read(
    Membership,
    """JOIN tenancy_user u ON u.id = t.user_id JOIN tenancy_company c ON c.id = t.company_id
       WHERE t.company_id = %(company)s AND t.user_id = %(user)s AND t.is_active AND u.is_active AND c.is_active LIMIT 1""",
    extra=f"{rows.columns(User, 'u')}, {rows.columns(Company, 'c')}",
)
_USER: Final = len(User._meta.concrete_fields)

#: where the session keeps the id of the company that the user works in
COMPANY_KEY = "company"


def remember_company(session: SessionBase, company: Company) -> None:
    session[COMPANY_KEY] = company.pk


def membership_of_session(session: SessionBase) -> Membership | None:
    """The member that a session stands for, with user and company, in the company that the session names.

    None for no login, an inactive account, member or company, a changed password, or when the session names none.
    """
    company_id, user_id = session.get(COMPANY_KEY), _user_id(session)
    if company_id is None or user_id is None:
        return None
    found = _MEMBER.with_extra(company=company_id, user=user_id)
    if not found:
        return None
    membership, joined = found[0]
    membership.user = rows.builder(User)(joined[:_USER])
    membership.company = rows.builder(Company)(joined[_USER:])
    return membership if _same_password(session, membership.user) else None


def default_membership(session: SessionBase) -> Membership | None:
    """The user's first company by name, for a session that names none."""
    return _member(session, memberships().order_by("company__name", "id"))


def _user_id(session: SessionBase) -> int | None:
    user_id = session.get(SESSION_KEY)
    if user_id is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    return int(user_id)


def _member(session: SessionBase, found: QuerySet[Membership]) -> Membership | None:
    user_id = _user_id(session)
    if user_id is None:
        return None
    membership = next(iter(found.filter(user_id=user_id)[:1]), None)
    return membership if membership is not None and _same_password(session, membership.user) else None


def _same_password(session: SessionBase, user: User) -> bool:
    """Whether the session was opened with the user's present password (as ``django.contrib.auth.get_user`` checks)."""
    return hmac.compare_digest(session.get(HASH_SESSION_KEY) or "", user.get_session_auth_hash())
