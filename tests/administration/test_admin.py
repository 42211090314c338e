from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.administration.test_branding import SVG, png
from tests.factories.tenancy import make_member, make_user
from valeo.audit.models import AuditEntry
from valeo.tenancy.models import Branch, Branding, Company, FiscalYear, Membership, Period, RoleGroup, User

pytestmark = pytest.mark.django_db
OWN = [
    "company",
    "companyvatscheme",
    "branch",
    "fiscalyear",
    "period",
    "user",
    "membership",
    "rolegroup",
    "branding",
]


@pytest.fixture
def administrator(client_for: Callable[..., Client]) -> Client:
    client = client_for("administrator")
    client.post("/language/", {"language": "en"})
    return client


def values_of(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back from a form."""
    form = client.get(address).context["adminform"].form
    values: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, list):
            values[bound.html_name] = [getattr(item, "pk", item) for item in value]
        elif value not in {None, False}:
            values[bound.html_name] = value
    return values


def test_it_is_the_administrators(company: Company, client_for: Callable[..., Client]) -> None:
    everybody_else = client_for("manager", "accountant", "auditor")
    for address in ("/admin/", "/admin/tenancy/company/", "/admin/tenancy/user/add/", "/admin/jsi18n/"):
        answer = everybody_else.get(address)
        assert answer.status_code == 403
        assert b"admin:all" in answer.content
        assert Client().get(address).status_code == 302
    assert Client().get("/admin/login/")["Location"] == "/login/"


def test_a_superuser_without_the_scope_is_not_let_in(company: Company) -> None:
    membership = make_member(company, "operator", is_superuser=True)
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/").status_code == 403


@pytest.mark.parametrize("model", OWN)
def test_lists_show_the_own_company_only(
    company: Company, other_company: Company, administrator: Client, model: str
) -> None:
    for each in (company, other_company):
        Branch.everywhere.create(company=each, code="B", name="Branch")
        make_member(each, "operator")
    row = admin.site.get_model_admin(
        {each._meta.model_name: each for each in admin.site._registry}[model]
    ).model
    page = administrator.get(f"/admin/tenancy/{model}/")
    assert page.status_code == 200
    shown = {each.pk for each in page.context["cl"].result_list}
    owned = "memberships__company" if model == "user" else "pk" if model == "company" else "company"
    manager = getattr(row, "everywhere", row._default_manager)
    assert shown == set(manager.filter(**{owned: company.pk}).values_list("pk", flat=True))
    foreign: Any = manager.filter(**{owned: other_company.pk}).first()
    assert administrator.get(f"/admin/tenancy/{model}/{foreign.pk}/change/").status_code == 404
    assert administrator.get(f"/admin/tenancy/{model}/{foreign.pk}/delete/").status_code in {403, 404}
    assert administrator.get(f"/admin/tenancy/{model}/0/change/").status_code == 404


@pytest.mark.parametrize("model", OWN)
def test_each_page_opens(company: Company, administrator: Client, model: str) -> None:
    Branch.everywhere.create(company=company, code="B", name="Branch")
    shown = administrator.get(f"/admin/tenancy/{model}/").context["cl"].result_list
    assert administrator.get(f"/admin/tenancy/{model}/{shown[0].pk}/change/").status_code == 200
    assert administrator.get(f"/admin/tenancy/{model}/add/").status_code == (
        403 if model in {"company", "period"} else 200
    )


@pytest.mark.parametrize("model", ["branch", "user", "membership", "rolegroup"])
def test_lists_ask_no_more_for_more_rows(company: Company, administrator: Client, model: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            administrator.get(f"/admin/tenancy/{model}/")
        return len(seen)

    queries()
    before = queries()
    for number in range(3):
        Branch.everywhere.create(company=company, code=f"B{number}", name="Branch")
        make_member(company, "operator", "manager")
    assert queries() == before


def test_the_company_is_changed_and_a_wrong_iban_keeps_what_was_typed(
    company: Company, administrator: Client
) -> None:
    address = f"/admin/tenancy/company/{company.pk}/change/"
    values = values_of(administrator, address)
    page = administrator.post(address, {**values, "city": "Kiel", "iban": "DE00"})
    assert page.status_code == 200
    assert "iban" in page.context["adminform"].form.errors
    assert 'value="Kiel"' in page.content.decode()
    company.refresh_from_db()
    assert company.city == "Husum"
    assert administrator.post(address, {**values, "city": "Kiel"}).status_code == 302
    company.refresh_from_db()
    assert company.city == "Kiel"
    assert AuditEntry.everywhere.filter(company=company, action="company.change").count() == 1


def test_an_installations_operator_adds_a_company(company: Company, administrator: Client) -> None:
    User.objects.filter(memberships__company=company).update(is_superuser=True)
    values = {
        "code": "NEU", "name": "Neue GmbH", "legal_name": "Neue GmbH", "country": "DE", "currency": "EUR",
        "fiscal_year_start_month": "1", "language": "de", "time_zone": "Europe/Berlin", "four_eyes": "auto",
    }  # fmt: skip
    assert administrator.post("/admin/tenancy/company/add/", values).status_code == 302
    made = Company.objects.get(code="NEU")
    assert RoleGroup.everywhere.filter(company=made).count() == 6
    again = administrator.post("/admin/tenancy/company/add/", values)
    assert "code" in again.context["adminform"].form.errors


def test_a_new_user_is_a_member_at_once(company: Company, administrator: Client) -> None:
    role = RoleGroup.objects.get(code="operator")
    values = {"username": "Jens", "full_name": "Jens B.", "language": "auto", "roles": [role.pk]}
    weak = administrator.post("/admin/tenancy/user/add/", {**values, "new_password": "kurz"})
    assert weak.status_code == 200
    assert not User.objects.filter(username="jens").exists()
    good = administrator.post("/admin/tenancy/user/add/", {**values, "new_password": "Ein langes Kennwort 3"})
    assert good.status_code == 302
    membership = Membership.objects.get(user__username="jens")
    assert membership.role_codes == ["operator"]
    assert membership.user.check_password("Ein langes Kennwort 3")


def test_roles_are_given_in_the_form(company: Company, administrator: Client) -> None:
    membership = make_member(company, "operator")
    address = f"/admin/tenancy/membership/{membership.pk}/change/"
    values = values_of(administrator, address)
    assert values["roles"] == [RoleGroup.objects.get(code="operator").pk]
    values["roles"] = [RoleGroup.objects.get(code="auditor").pk]
    assert administrator.post(address, {**values, "own_scopes": ["gdpr:export"]}).status_code == 302
    membership.refresh_from_db()
    assert membership.role_codes == ["auditor"]
    assert "gdpr:export" in membership.scopes


def test_another_companys_role_is_no_choice(
    company: Company, other_company: Company, administrator: Client
) -> None:
    membership = make_member(company, "operator")
    foreign = RoleGroup.everywhere.get(company=other_company, code="administrator")
    address = f"/admin/tenancy/membership/{membership.pk}/change/"
    page = administrator.post(address, {**values_of(administrator, address), "roles": [foreign.pk]})
    assert "roles" in page.context["adminform"].form.errors
    membership.refresh_from_db()
    assert membership.role_codes == ["operator"]


def test_a_member_is_added_by_name(company: Company, administrator: Client) -> None:
    make_user("bestand")
    wrong = administrator.post("/admin/tenancy/membership/add/", {"username": "niemand"})
    assert "username" in wrong.context["adminform"].form.errors
    assert administrator.post("/admin/tenancy/membership/add/", {"username": "Bestand"}).status_code == 302
    assert Membership.objects.filter(company=company, user__username="bestand").exists()
    twice = administrator.post("/admin/tenancy/membership/add/", {"username": "bestand"})
    assert twice.status_code == 200
    assert Membership.objects.filter(user__username="bestand").count() == 1


def test_the_last_administrator_is_told_in_the_form(company: Company, administrator: Client) -> None:
    membership = Membership.objects.get(company=company)
    address = f"/admin/tenancy/membership/{membership.pk}/change/"
    page = administrator.post(address, {**values_of(administrator, address), "roles": []})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    membership.refresh_from_db()
    assert membership.role_codes == ["administrator"]


def test_a_role_of_ones_own(company: Company, administrator: Client) -> None:
    values = {"code": "fahrer", "name": "Fahrer", "scopes": ["inventory:read"]}
    assert administrator.post("/admin/tenancy/rolegroup/add/", values).status_code == 302
    role = RoleGroup.objects.get(code="fahrer")
    address = f"/admin/tenancy/rolegroup/{role.pk}/change/"
    assert values_of(administrator, address)["scopes"] == ["inventory:read"]
    negative = administrator.post(address, {"name": "Fahrer", "scopes": [], "approval_limit": "-1"})
    assert (
        "approval_limit" in negative.context["adminform"].form.errors
        or negative.context["adminform"].form.errors
    )


def test_periods_are_closed_one_by_one_and_several(company: Company, administrator: Client) -> None:
    first, second = Period.objects.order_by("start")[:2]
    address = f"/admin/tenancy/period/{first.pk}/change/"
    assert administrator.post(address, {"state": "closed", "reason": ""}).status_code == 302
    refused = administrator.post(address, {"state": "open", "reason": ""})
    assert "reason" in refused.context["adminform"].form.errors
    action = {"action": "close_for_vouchers", "_selected_action": [first.pk, second.pk]}
    administrator.post("/admin/tenancy/period/", action)
    states = list(Period.objects.order_by("start").values_list("state", flat=True)[:2])
    assert states == ["closed", "open"]  # the first would be opened without a reason: none is changed
    administrator.post("/admin/tenancy/period/", {**action, "_selected_action": [second.pk]})
    second.refresh_from_db()
    assert second.state == "closed_for_vouchers"


def test_a_fiscal_year_is_added(company: Company, administrator: Client) -> None:
    values = {"start": "2019-01-01", "end": "2019-12-31"}
    assert administrator.post("/admin/tenancy/fiscalyear/add/", values).status_code == 302
    assert FiscalYear.objects.get(label="2019").periods(manager="everywhere").count() == 12
    again = administrator.post("/admin/tenancy/fiscalyear/add/", values)
    assert again.context["adminform"].form.errors


def test_a_logo_is_uploaded_shown_and_refused(company: Company, administrator: Client) -> None:
    row = Branding.objects.get(branch=None)
    address = f"/admin/tenancy/branding/{row.pk}/change/"
    values = values_of(administrator, address)

    def send(name: str, content: bytes, **more: str) -> Any:
        return administrator.post(address, {**values, **more, "logo": SimpleUploadedFile(name, content)})

    assert send("logo.png", png()).status_code == 302
    row.refresh_from_db()
    assert row.logo is not None
    sha256 = row.logo.sha256
    assert f"/branding/{row.uuid}/logo?{sha256[:8]}" in administrator.get(address).content.decode()
    for name, content in (
        ("logo.png", b"no picture"),
        ("logo.svg", SVG % b"<script>alert(1)</script>"),
        ("logo.png", b"\x00" * (2 * 1024 * 1024 + 10)),
        ("logo.png", b"\x89PNG\r\n\x1a\n"),
    ):
        page = send(name, content, footer_text_de="Danke")
        assert page.status_code == 200
        assert "logo" in page.context["adminform"].form.errors
        assert "Danke" in page.content.decode()
    wrong = administrator.post(address, {**values, "accent": "rot"})
    assert "accent" in wrong.context["adminform"].form.errors
    row.refresh_from_db()
    assert row.logo is not None
    assert (row.logo.sha256, row.footer_text_de) == (sha256, "")
    assert administrator.post(address, {**values, "remove_logo": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.logo is None
