"""Users, members and roles of a company."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from valeo.administration.services import rights
from valeo.core.exceptions import NotFound, Refused, Violation
from valeo.core.validation import changed, check, violations_of
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, Membership, MembershipRole, RoleGroup, User

ADMIN = "admin:all"


@transaction.atomic
def create_user(*, actor: Actor, username: str, password: str | None = None, **fields: Any) -> User:
    """A new account, member of nothing yet; without a password it cannot sign in. Raises ``Refused``."""
    actor.require(ADMIN)
    user = User(username=username.strip().lower(), **fields)
    if password is None:
        user.set_unusable_password()
    else:
        _check_password(password, user)
        user.set_password(password)
    check(user)
    user.save()
    journal = Journal(actor)
    journal.entry(action="user.create", obj=user, label=user.username)
    journal.flush()
    return user


@transaction.atomic
def create_member(
    *,
    actor: Actor,
    username: str,
    password: str | None = None,
    roles: Iterable[str | RoleGroup] = (),
    **fields: Any,
) -> User:
    """A new account that is a member of the actor's company at once."""
    user = create_user(actor=actor, username=username, password=password, **fields)
    add_member(actor=actor, user=user, roles=roles)
    return user


@transaction.atomic
def update_user(*, actor: Actor, user: User, password: str | None = None, **values: Any) -> User:
    """Change name, e-mail, language, whether the account is active, or set a new password (None: as it is)."""
    actor.require(ADMIN)
    _check_authority(actor, user)
    _one_at_a_time(actor)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if values.get("is_active") is False:
        _keep_an_administrator(actor, without=user.pk)
    changes = changed(user, values)
    check(user)
    if changes:
        user.save(update_fields=list(changes))
        journal = Journal(actor)
        journal.entry(action="user.change", obj=user, label=user.username, changes=changes)
        journal.flush()
    if password is not None:
        set_password(actor=actor, user=user, password=password)
    return user


@transaction.atomic
def set_password(*, actor: Actor, user: User, password: str) -> None:
    """A new password set by an administrator; every session of the user ends with it."""
    actor.require(ADMIN)
    _check_authority(actor, user)
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    journal = Journal(actor)
    journal.entry(action="user.password", obj=user, label=user.username)
    journal.flush()


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(violations_of(error, field="password")) from error


def _check_authority(actor: Actor, user: User) -> None:
    """An administrator knows the people of his company and no others.

    An account that also opens other companies is not his alone: with a new password he could go in there.
    """
    memberships = Membership.objects.filter(user=user)
    if user.pk == actor.user_id or actor.user_id is None:
        return
    if not memberships.filter(company_id=actor.company_id).exists():
        raise NotFound
    administered = Membership.objects.filter(user_id=actor.user_id, is_active=True, scopes__contains=[ADMIN])
    elsewhere = memberships.filter(is_active=True).exclude(company__in=administered.values("company_id"))
    if user.is_superuser or elsewhere.exists():
        raise Refused(
            Violation(
                code="shared-account",
                text=_(
                    "This account also opens other companies. Only its owner or their administrator can change it."
                ),
            )
        )


@transaction.atomic
def add_member(
    *, actor: Actor, user: User, roles: Iterable[str | RoleGroup] = (), personal_limit: Decimal | None = None
) -> Membership:
    """Make a user a member with roles (codes or rows of the company). Raises ``Refused`` where he is one."""
    actor.require(ADMIN)
    company = Company.objects.get(pk=actor.company_id)
    chosen = _roles(actor, roles)
    membership = Membership(user=user, company=company, personal_limit=personal_limit)
    check(membership)
    membership.save()
    _write_roles(membership, chosen)
    rights.synchronise(membership)
    journal = Journal(actor)
    journal.entry(
        action="member.add",
        obj=membership,
        label=user.username,
        changes={"roles": [[], membership.role_codes]},
    )
    journal.flush()
    return membership


@transaction.atomic
def update_member(
    *,
    actor: Actor,
    membership: Membership,
    roles: Iterable[str | RoleGroup] | None = None,
    scopes: Iterable[str] | None = None,
    personal_limit: Decimal | None = None,
    is_active: bool = True,
) -> Membership:
    """Set a member's roles and own scopes (None leaves them), limit and whether he is active.

    Refused where the company would be left without an administrator.
    """
    actor.require(ADMIN)
    membership = _locked(actor, membership)
    before = _facts(membership)
    membership.personal_limit, membership.is_active = personal_limit, is_active
    check(membership, exclude=["user", "company"])
    membership.save(update_fields=["personal_limit", "is_active"])
    if roles is not None:
        _write_roles(membership, _roles(actor, roles))
    if not is_active:
        rights.write_personal_scopes(membership, ())
    elif scopes is not None:
        rights.write_personal_scopes(membership, scopes)
    rights.synchronise(membership)
    _keep_an_administrator(actor)
    after = _facts(membership)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        journal = Journal(actor)
        journal.entry(action="member.change", obj=membership, label=membership.user.username, changes=changes)
        journal.flush()
    return membership


@transaction.atomic
def grant_roles(*, actor: Actor, membership: Membership, roles: Iterable[str | RoleGroup]) -> Membership:
    """Add roles to those that the member has."""
    added = _roles(actor, roles)
    return _with_roles(actor, membership, [*rights.roles_of(membership), *added])


@transaction.atomic
def revoke_roles(*, actor: Actor, membership: Membership, roles: Iterable[str | RoleGroup]) -> Membership:
    """Take roles away; roles that he has not are no fault."""
    gone = {role.pk for role in _roles(actor, roles)}
    return _with_roles(
        actor, membership, [role for role in rights.roles_of(membership) if role.pk not in gone]
    )


def _with_roles(actor: Actor, membership: Membership, roles: list[RoleGroup]) -> Membership:
    return update_member(
        actor=actor,
        membership=membership,
        roles=roles,
        personal_limit=membership.personal_limit,
        is_active=membership.is_active,
    )


@transaction.atomic
def create_role(
    *, actor: Actor, code: str, name: str, scopes: Iterable[str], approval_limit: Decimal | None = None
) -> RoleGroup:
    """A further role of the company. Raises ``Refused``."""
    actor.require(ADMIN)
    company = Company.objects.get(pk=actor.company_id)
    role = make_role(company, code=code, name=name, scopes=scopes, approval_limit=approval_limit)
    journal = Journal(actor)
    journal.entry(
        action="role.create", obj=role, label=role.code, data={"scopes": [[], rights.scopes_of_role(role)]}
    )
    journal.flush()
    return role


def make_role(
    company: Company, *, code: str, name: str, scopes: Iterable[str], approval_limit: Decimal | None = None
) -> RoleGroup:
    """The rows of a role, for the services that record it."""
    group = Group(name=f"{company.code}:{code}")
    role = RoleGroup(company=company, code=code, name=name, approval_limit=approval_limit)
    check(role, exclude=["group"])
    group.save()
    role.group = group
    role.save()
    rights.write_role_scopes(role, scopes)
    return role


@transaction.atomic
def update_role(
    *, actor: Actor, role: RoleGroup, name: str, scopes: Iterable[str], approval_limit: Decimal | None = None
) -> RoleGroup:
    """Change a role; all its members have the new scopes with their next click."""
    actor.require(ADMIN)
    _one_at_a_time(actor)
    found: RoleGroup | None = (
        RoleGroup.everywhere.select_for_update(no_key=True)
        .filter(company_id=actor.company_id, pk=role.pk)
        .first()
    )
    if found is None:
        raise NotFound
    changes = changed(found, {"name": name, "approval_limit": approval_limit})
    check(found)
    found.save(update_fields=["name", "approval_limit"])
    before, after = rights.scopes_of_role(found), rights.known_scopes(scopes)
    if before != after:
        rights.write_role_scopes(found, after)
    for membership in (
        Membership.objects.filter(membership_roles__role=found).select_related("user").order_by("id")
    ):
        rights.synchronise(membership)
    _keep_an_administrator(actor)
    if changes or before != after:
        journal = Journal(actor)
        scopes = {"scopes": [before, after]} if before != after else {}
        journal.entry(action="role.change", obj=found, label=found.code, changes=changes, data=scopes)
        journal.flush()
    return found


def _one_at_a_time(actor: Actor) -> None:
    """The company's row first: two administrators who retire each other would else both pass the last check."""
    Company.objects.select_for_update(no_key=True).get(pk=actor.company_id)


def _locked(actor: Actor, membership: Membership) -> Membership:
    _one_at_a_time(actor)
    found = (
        Membership.objects.select_related("user")
        .select_for_update(of=("self",), no_key=True)
        .filter(company_id=actor.company_id, pk=membership.pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _facts(membership: Membership) -> dict[str, Any]:
    return {
        "roles": [role.code for role in rights.roles_of(membership)],
        "scopes": rights.personal_scopes(membership),
        "personal_limit": membership.personal_limit,
        "is_active": membership.is_active,
    }


def _roles(actor: Actor, roles: Iterable[str | RoleGroup]) -> list[RoleGroup]:
    """The company's own roles; a code or row that is not among them raises ``NotFound``."""
    wanted = list(roles)
    own = list(RoleGroup.everywhere.filter(company_id=actor.company_id))
    by_code, by_id = {role.code: role for role in own}, {role.pk: role for role in own}
    found = [by_code.get(role) if isinstance(role, str) else by_id.get(role.pk) for role in wanted]
    known = [role for role in found if role is not None]
    if len(known) != len(wanted):
        raise NotFound
    return list({role.pk: role for role in known}.values())


def _write_roles(membership: Membership, roles: list[RoleGroup]) -> None:
    rows = MembershipRole.everywhere.filter(company_id=membership.company_id, membership=membership)
    rows.exclude(role__in=roles).delete()
    held = set(rows.values_list("role_id", flat=True))
    MembershipRole.everywhere.bulk_create(
        MembershipRole(company_id=membership.company_id, membership=membership, role=role)
        for role in roles
        if role.pk not in held
    )


def _keep_an_administrator(actor: Actor, without: int = 0) -> None:
    members = Membership.objects.filter(
        company_id=actor.company_id, is_active=True, user__is_active=True, scopes__contains=[ADMIN]
    )
    if not members.exclude(user_id=without).exists():
        raise Refused(
            Violation(
                code="last-administrator",
                text=_(
                    "The company would be left without an administrator. Give somebody else the role first."
                ),
                field="is_active",
            )
        )
