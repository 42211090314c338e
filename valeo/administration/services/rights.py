"""Scopes as guardian rows, and the repetition of them on the membership that requests read.

Nothing else writes either; ``manage.py check_rights`` proves that they agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from valeo.core.exceptions import Refused, Violation
from valeo.tenancy.models import (
    Company,
    CompanyGroupObjectPermission,
    CompanyUserObjectPermission,
    Membership,
    RoleGroup,
)
from valeo.tenancy.scopes import SCOPES


def known_scopes(scopes: Iterable[str]) -> list[str]:
    """The scopes in their usual order; raises ``Refused`` with every name that is none."""
    wanted = set(scopes)
    unknown = sorted(wanted - set(SCOPES))
    if unknown:
        raise Refused([Violation(code="unknown-scope", text=name, field="scopes") for name in unknown])
    return [scope for scope in SCOPES if scope in wanted]


def _permissions(scopes: Iterable[str]) -> dict[str, Permission]:
    content_type = ContentType.objects.get_for_model(Company)
    return {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type=content_type, codename__in=list(scopes))
    }


def scopes_of_role(role: RoleGroup) -> list[str]:
    """The scopes of a role, in their usual order."""
    held = set(
        CompanyGroupObjectPermission.objects.filter(
            content_object_id=role.company_id, group_id=role.group_id
        ).values_list("permission__codename", flat=True)
    )
    return [scope for scope in SCOPES if scope in held]


def write_role_scopes(role: RoleGroup, scopes: Iterable[str]) -> None:
    """Make the group's guardian rows exactly these scopes."""
    wanted = _permissions(known_scopes(scopes))
    rows = CompanyGroupObjectPermission.objects.filter(
        content_object_id=role.company_id, group_id=role.group_id
    )
    rows.exclude(permission__codename__in=wanted).delete()
    held = set(rows.values_list("permission__codename", flat=True))
    CompanyGroupObjectPermission.objects.bulk_create(
        CompanyGroupObjectPermission(
            permission=permission, group_id=role.group_id, content_object_id=role.company_id
        )
        for codename, permission in wanted.items()
        if codename not in held
    )


def write_personal_scopes(membership: Membership, scopes: Iterable[str]) -> None:
    """Make the user's own guardian rows on the company exactly these scopes."""
    wanted = _permissions(known_scopes(scopes))
    rows = CompanyUserObjectPermission.objects.filter(
        content_object_id=membership.company_id, user_id=membership.user_id
    )
    rows.exclude(permission__codename__in=wanted).delete()
    held = set(rows.values_list("permission__codename", flat=True))
    CompanyUserObjectPermission.objects.bulk_create(
        CompanyUserObjectPermission(
            permission=permission, user_id=membership.user_id, content_object_id=membership.company_id
        )
        for codename, permission in wanted.items()
        if codename not in held
    )


def personal_scopes(membership: Membership) -> list[str]:
    """Scopes that the user holds himself, beside his roles."""
    held = set(
        CompanyUserObjectPermission.objects.filter(
            content_object_id=membership.company_id, user_id=membership.user_id
        ).values_list("permission__codename", flat=True)
    )
    return [scope for scope in SCOPES if scope in held]


def roles_of(membership: Membership) -> list[RoleGroup]:
    return list(
        RoleGroup.everywhere.filter(
            company_id=membership.company_id, membership_roles__membership=membership
        ).order_by("code")
    )


def synchronise(membership: Membership) -> None:
    """Bring Django's groups and the membership's own columns in step with roles and guardian rows.

    An inactive member keeps his roles for his return, but is in no group and holds no scope.
    """
    roles = roles_of(membership) if membership.is_active else []
    scopes_by_role = {role.pk: scopes_of_role(role) for role in roles}
    own = personal_scopes(membership) if membership.is_active else []
    effective = {*own, *(scope for scopes in scopes_by_role.values() for scope in scopes)}
    foreign = membership.user.groups.exclude(role__company_id=membership.company_id)
    membership.user.groups.set([*foreign, *(role.group_id for role in roles)])
    membership.scopes = [scope for scope in SCOPES if scope in effective]
    membership.role_codes = [role.code for role in roles]
    approving = [role.approval_limit for role in roles if _approves(scopes_by_role[role.pk])]
    membership.approval_limit = _limit(membership.personal_limit, approving)
    membership.save(update_fields=["scopes", "role_codes", "approval_limit"])


def _approves(scopes: Iterable[str]) -> bool:
    return any(scope == "admin:all" or scope.endswith(":approve") for scope in scopes)


def _limit(personal: Decimal | None, of_roles: list[Decimal | None]) -> Decimal | None:
    """The personal limit, else the highest of the approving roles; None is without limit."""
    if personal is not None:
        return personal
    known = [limit for limit in of_roles if limit is not None]
    return max(known) if known and len(known) == len(of_roles) else None
