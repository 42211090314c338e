from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from guardian.shortcuts import get_perms

from tests.factories.tenancy import make_actor, make_member, make_user
from valeo.administration.services import members, rights
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotFound, NotPermitted, Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, Membership, MembershipRole, RoleGroup, User
from valeo.tenancy.scopes import ROLE_SCOPES, SCOPES
from valeo.tenancy.selectors import actor_for, can_approve_count, four_eyes_on

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {violation.code for violation in refusal.value.violations}


def test_each_role_gives_its_scopes_in_guardian_and_on_the_membership(company: Company) -> None:
    for role, scopes in ROLE_SCOPES.items():
        membership = make_member(company, role)
        assert set(membership.scopes) == set(scopes)
        assert set(get_perms(membership.user, company)) == set(scopes)
    call_command("check_rights", stdout=StringIO())


def test_administrator_implies_every_scope(company: Company) -> None:
    assert make_actor(company, ["administrator"]).scopes == frozenset(SCOPES)


def test_rights_end_at_the_company(company: Company, other_company: Company) -> None:
    membership = make_member(company, "administrator")
    assert get_perms(membership.user, other_company) == []
    with pytest.raises(NotFound):
        actor_for(membership.user, other_company)


def test_roles_are_granted_and_revoked(company: Company, actor: Actor) -> None:
    membership = make_member(company, "operator")
    membership = members.grant_roles(actor=actor, membership=membership, roles=["manager"])
    assert "sales:approve" in membership.scopes
    membership = members.revoke_roles(actor=actor, membership=membership, roles=["manager", "operator"])
    assert membership.scopes == []
    assert get_perms(User.objects.get(pk=membership.user_id), company) == []
    changes = [
        entry.changes["roles"]
        for entry in AuditEntry.everywhere.filter(action="member.change").order_by("seq")
    ]
    assert changes == [[["operator"], ["manager", "operator"]], [["manager", "operator"], []]]


def test_a_scope_of_ones_own(company: Company, actor: Actor) -> None:
    membership = make_member(company, "operator")
    members.update_member(actor=actor, membership=membership, scopes=["gdpr:export"])
    assert actor_for(membership.user, company).has("gdpr:export")
    assert "gdpr:export" in get_perms(User.objects.get(pk=membership.user_id), company)
    with pytest.raises(Refused) as refusal:
        members.update_member(actor=actor, membership=membership, scopes=["world:domination"])
    assert codes(refusal) == {"unknown-scope"}
    assert actor_for(membership.user, company).has("gdpr:export")


def test_who_is_no_longer_active_holds_nothing(company: Company, actor: Actor) -> None:
    membership = make_member(company, "accountant")
    membership = members.update_member(actor=actor, membership=membership, is_active=False)
    assert membership.scopes == []
    assert get_perms(User.objects.get(pk=membership.user_id), company) == []
    with pytest.raises(NotFound):
        actor_for(membership.user, company)
    membership = members.update_member(actor=actor, membership=membership, is_active=True)
    assert set(membership.scopes) == set(ROLE_SCOPES["accountant"])


def test_the_check_names_a_right_that_came_by_another_way(company: Company) -> None:
    membership = make_member(company, "operator")
    Membership.objects.filter(pk=membership.pk).update(scopes=[*membership.scopes, "admin:all"])
    with pytest.raises(CommandError, match="admin:all"):
        call_command("check_rights", stdout=StringIO())


def test_the_last_administrator_stays(company: Company) -> None:
    membership = make_member(company, "administrator")
    actor = actor_for(membership.user, company)
    for change in ({"roles": ["operator"]}, {"is_active": False}):
        with pytest.raises(Refused) as refusal:
            members.update_member(actor=actor, membership=membership, **change)
        assert codes(refusal) == {"last-administrator"}
    with pytest.raises(Refused):
        members.update_user(actor=actor, user=membership.user, is_active=False)
    role = RoleGroup.objects.get(code="administrator")
    with pytest.raises(Refused):
        members.update_role(actor=actor, role=role, name="Leer", scopes=[])
    assert actor_for(membership.user, company).has("admin:all")
    assert rights.scopes_of_role(role) == ["admin:all"]


def test_a_role_reaches_all_its_members(company: Company, actor: Actor) -> None:
    one, two = make_member(company, "warehouse"), make_member(company, "warehouse")
    role = RoleGroup.objects.get(code="warehouse")
    members.update_role(actor=actor, role=role, name="Lager", scopes=["inventory:read"])
    for membership in (one, two):
        membership.refresh_from_db()
        assert membership.scopes == ["inventory:read"]
    call_command("check_rights", stdout=StringIO())
    entry = AuditEntry.everywhere.get(action="role.change")
    assert entry.data["scopes"][1] == ["inventory:read"]


@pytest.mark.parametrize(
    ("personal", "of_manager", "effective"),
    [(None, None, None), (None, "5000", "5000"), ("100", "5000", "100"), ("9000", "5000", "9000")],
)
def test_approval_limit(
    company: Company, actor: Actor, personal: str | None, of_manager: str | None, effective: str | None
) -> None:
    role = RoleGroup.objects.get(code="manager")
    limit = Decimal(of_manager) if of_manager else None
    members.update_role(
        actor=actor, role=role, name="Leitung", scopes=ROLE_SCOPES["manager"], approval_limit=limit
    )
    user = make_user()
    membership = members.add_member(
        actor=actor,
        user=user,
        roles=["manager", "operator"],
        personal_limit=Decimal(personal) if personal else None,
    )
    assert membership.approval_limit == (Decimal(effective) if effective else None)


def test_only_an_administrator_gives_rights(company: Company) -> None:
    clerk = make_actor(company, ["manager", "accountant"])
    membership = make_member(company, "operator")
    with pytest.raises(NotPermitted):
        members.grant_roles(actor=clerk, membership=membership, roles=["administrator"])
    with pytest.raises(NotPermitted):
        members.create_user(actor=clerk, username="neu")
    with pytest.raises(NotPermitted):
        members.add_member(actor=clerk, user=make_user(), roles=["administrator"])
    membership.refresh_from_db()
    assert "admin:all" not in membership.scopes


def test_another_companys_member_and_role_are_not_found(
    company: Company, other_company: Company, actor: Actor
) -> None:
    foreign = make_member(other_company, "operator")
    with pytest.raises(NotFound):
        members.grant_roles(actor=actor, membership=foreign, roles=["manager"])
    foreign_role = RoleGroup.everywhere.get(company=other_company, code="manager")
    own = make_member(company, "operator")
    with pytest.raises(NotFound):
        members.grant_roles(actor=actor, membership=own, roles=[foreign_role])
    with pytest.raises(NotFound):
        members.update_role(actor=actor, role=foreign_role, name="X", scopes=["admin:all"])
    with pytest.raises(NotFound):
        members.set_password(actor=actor, user=foreign.user, password="Ein anderes Kennwort 1")
    foreign.refresh_from_db()
    assert foreign.role_codes == ["operator"]


def test_the_database_refuses_a_role_of_another_company(company: Company, other_company: Company) -> None:
    own = make_member(company, "operator")
    foreign_role = RoleGroup.everywhere.get(company=other_company, code="administrator")
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 - the key is deferred
        MembershipRole.everywhere.create(company=company, membership=own, role=foreign_role)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_account_that_opens_another_company_is_not_taken_over(
    company: Company, other_company: Company, actor: Actor
) -> None:
    shared = make_member(other_company, "administrator")
    members.add_member(actor=actor, user=shared.user, roles=["operator"])
    with pytest.raises(Refused) as refusal:
        members.set_password(actor=actor, user=shared.user, password="Ein anderes Kennwort 1")
    assert codes(refusal) == {"shared-account"}
    with pytest.raises(Refused):
        members.update_user(actor=actor, user=shared.user, is_active=False)
    shared.user.refresh_from_db()
    assert shared.user.is_active


def test_a_weak_password_is_refused_with_all_reasons(company: Company, actor: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        members.create_user(actor=actor, username="neu", full_name="Neu", password="12345678")
    assert codes(refusal) == {"password_too_short", "password_too_common", "password_entirely_numeric"}
    assert not User.objects.filter(username="neu").exists()
    assert company.pk


def test_four_eyes_come_with_the_second_approver(company: Company) -> None:
    make_member(company, "manager")
    assert can_approve_count(company, "sales") == 1
    assert not four_eyes_on(company, "sales")
    make_member(company, "accountant")
    assert four_eyes_on(company, "sales")
    company.four_eyes = "off"
    assert not four_eyes_on(company, "sales")
