"""What an administrator may send: other companies' people, lookups that tell hashes, rows that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories.tenancy import PASSWORD, make_member
from valeo.administration.modeladmin import BackOfficeModelAdmin
from valeo.tenancy.models import Branch, Company, Membership, Period, RoleGroup, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client_for: Callable[..., Client]) -> Client:
    return client_for("administrator")


@pytest.fixture
def shared(company: Company, other_company: Company) -> User:
    """A member of both companies."""
    user = make_member(company, "operator").user
    make_member(other_company, "administrator", user=user)
    return user


# -- what a list may be asked for


@pytest.mark.parametrize(
    "asked",
    [
        "tenancy/user/?password__startswith=md5", "tenancy/user/?password__regex=^md5", "tenancy/user/?is_superuser__exact=1",
        "tenancy/user/?memberships__company__code=OTHER", "tenancy/membership/?user__password__startswith=md5",
        "tenancy/membership/?company__code=OTHER", "audit/auditentry/?action__regex=(", "audit/auditentry/?label__iregex=(((",
        "events/job/?payload__contains=x", "events/job/?lease_token__startswith=a", "tenancy/user/?_to_field=password",
    ],
)  # fmt: skip
def test_only_what_its_filters_send(company: Company, administrator: Client, asked: str) -> None:
    """A hash could be guessed letter by letter: the list shows a row or none."""
    assert administrator.get(f"/admin/{asked}").status_code == 400


def test_the_filters_still_work(company: Company, administrator: Client) -> None:
    """Every link that a list's own filters show."""
    followed = 0
    for model, page in admin.site._registry.items():
        assert isinstance(page, BackOfficeModelAdmin)
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        shown = administrator.get(address)
        if shown.status_code != 200:  # a page of one row leads there
            continue
        for spec in shown.context["cl"].filter_specs:
            for choice in spec.choices(shown.context["cl"]):
                followed += 1
                assert administrator.get(address + choice["query_string"]).status_code == 200, choice
    assert followed > 40


@pytest.mark.parametrize("chosen", ["abc", "\x00", "9" * 30, "-1", "1.5", "²"])
@pytest.mark.parametrize("page", ["events/job/", "tenancy/period/"])
def test_a_row_that_cannot_be_one(administrator: Client, page: str, chosen: str) -> None:
    action = "do_again" if "job" in page else "close"
    answer = administrator.post(f"/admin/{page}", {"action": action, "_selected_action": chosen})
    assert answer.status_code == 404


def test_no_list_is_filtered_by_a_nul(administrator: Client) -> None:
    for address in ("events/job/?state__exact=%00", "events/job/?name=a%00b", "audit/auditentry/?q=%00"):
        assert administrator.get(f"/admin/{address}").status_code == 404


# -- rows of another company


def test_an_action_does_nothing_to_another_company_s_rows(
    company: Company, other_company: Company, administrator: Client
) -> None:
    foreign = Period.everywhere.filter(company=other_company).first()
    assert foreign is not None
    for data in (
        {"action": "close", "_selected_action": foreign.pk},
        {"action": "close", "_selected_action": foreign.pk, "select_across": "1"},
    ):
        administrator.post("/admin/tenancy/period/", data)
    foreign.refresh_from_db()
    assert foreign.state == "open"


def test_another_company_s_branch_is_no_choice(
    company: Company, other_company: Company, administrator: Client
) -> None:
    foreign = Branch.everywhere.create(company=other_company, code="X", name="Foreign")
    for address, field in (
        ("/admin/tenancy/branding/add/", "branch"),
        ("/admin/numbering/numberseries/add/", "branch"),
        ("/admin/masterdata/warehouse/add/", "branch"),
    ):
        page = administrator.post(address, {field: foreign.pk, "accent": "#123456"})
        assert page.status_code == 200
        assert field in page.context["adminform"].form.errors, address


def test_autocomplete_and_shortcuts_tell_nothing(
    company: Company, other_company: Company, administrator: Client
) -> None:
    make_member(other_company, "operator", username="geheim")
    asked = "/admin/autocomplete/?app_label=tenancy&model_name=membership&field_name=user&term=geheim"
    answer = administrator.get(asked)
    assert answer.status_code != 200 or answer.json()["results"] == []
    assert administrator.get("/admin/r/1/1/").status_code == 404


# -- people


def test_who_also_belongs_to_another_company_is_not_taken_over(
    company: Company, administrator: Client, shared: User
) -> None:
    address = f"/admin/tenancy/user/{shared.pk}/change/"
    before = User.objects.get(pk=shared.pk).password
    page = administrator.post(
        address, {"full_name": "Taken", "email": "evil@example.org", "language": "de", "is_active": "on",
                  "new_password": "Ein langes Kennwort 3"},
    )  # fmt: skip
    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    shared.refresh_from_db()
    assert (shared.password, shared.email) == (before, "")
    assert shared.check_password(PASSWORD)


def test_nobody_makes_himself_more(company: Company, other_company: Company, administrator: Client) -> None:
    """Fields that the form does not show are not taken."""
    me = Membership.objects.get(company=company, role_codes=["administrator"])
    foreign = RoleGroup.everywhere.get(company=other_company, code="administrator")
    permission = Permission.objects.first()
    assert permission is not None
    administrator.post(
        f"/admin/tenancy/user/{me.user_id}/change/",
        {"full_name": "Me", "language": "de", "is_active": "on", "is_superuser": "on", "username": "root",
         "groups": [foreign.group_id], "user_permissions": [permission.pk], "password": "x"},
    )  # fmt: skip
    user = User.objects.get(pk=me.user_id)
    assert (user.full_name, user.is_superuser) == ("Me", False)
    assert user.username != "root"
    assert not user.user_permissions.exists()
    assert not user.groups.filter(pk=foreign.group_id).exists()
    administrator.post(
        f"/admin/tenancy/membership/{me.pk}/change/",
        {"roles": [RoleGroup.objects.get(code="administrator").pk], "is_active": "on", "company": other_company.pk,
         "user": 1, "scopes": ["gdpr:erase"], "role_codes": ["administrator"]},
    )  # fmt: skip
    me.refresh_from_db()
    assert me.company_id == company.pk
    assert not Membership.objects.filter(user=user, company=other_company).exists()
    assert administrator.post("/admin/tenancy/company/add/", {"code": "NEU"}).status_code == 403


def test_a_new_user_is_no_superuser(company: Company, administrator: Client) -> None:
    values = {
        "username": "neu", "full_name": "Neu", "language": "auto", "new_password": "Ein langes Kennwort 3",
        "is_superuser": "on", "roles": [RoleGroup.objects.get(code="operator").pk],
    }  # fmt: skip
    assert administrator.post("/admin/tenancy/user/add/", values).status_code == 302
    assert not User.objects.get(username="neu").is_superuser
