from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from masterdata.models import Carrier
from tests.factories.tenancy import PASSWORD, make_member, make_user
from valeo.audit.models import AuditEntry
from valeo.tenancy.models import Company, Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    caches["counters"].clear()


def log_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login/", {"username": name, "password": password, **more})


def test_the_form_signs_in_and_leads_back(company: Company) -> None:
    user = make_member(company, "operator", username="anke").user
    client = Client()
    page = client.get("/login/?next=/settings/")
    assert page.status_code == 200
    answer = log_in(client, " Anke ", next="/settings/")
    assert (answer.status_code, answer["Location"]) == (302, "/settings/")
    assert client.session["company"] == company.pk
    assert client.get("/settings/").status_code == 200
    assert client.get("/login/").status_code == 302
    assert user.username == "anke"


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org/x", "/\\example.org", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(company: Company, target: str) -> None:
    make_member(company, "operator", username="anke")
    answer = log_in(Client(), "anke", next=target)
    assert answer["Location"] == "/"


@pytest.mark.parametrize("name", ["anke", "nobody", "inactive"])
def test_a_wrong_login_never_says_what_was_wrong(company: Company, name: str) -> None:
    make_member(company, "operator", username="anke")
    make_user("inactive", is_active=False)
    password = PASSWORD if name == "inactive" else "falsch"
    answer = log_in(Client(headers={"Accept-Language": "en"}), name, password)
    assert answer.status_code == 422
    assert "Username or password is wrong." in answer.content.decode()


def test_too_many_attempts_on_an_account(company: Company, settings: Any) -> None:
    settings.RATE_LOGIN = "3/m"
    make_member(company, "operator", username="anke")
    client = Client(headers={"Accept-Language": "en"})
    for _ in range(3):
        assert log_in(client, "anke", "falsch").status_code == 422
    answer = log_in(client, "anke")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 65
    assert "Too many attempts. Wait" in answer.content.decode()
    assert 'value="anke"' in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("written", ["ANKE", " anke", "anke   ", "Anke", "ａnke"])
def test_another_way_to_write_the_name_is_the_same_account(
    company: Company, settings: Any, written: str
) -> None:
    """Else every blank would be three more passwords to try."""
    settings.RATE_LOGIN = "3/m"
    make_member(company, "operator", username="anke")
    for number in range(3):
        client = Client(REMOTE_ADDR="10.0.0.1")
        assert log_in(client, "anke", "falsch").status_code == 422, number
    assert log_in(Client(REMOTE_ADDR="10.0.0.1"), written).status_code == 429


def test_a_stranger_locks_nobody_out(company: Company, settings: Any) -> None:
    settings.RATE_LOGIN = "3/m"
    make_member(company, "operator", username="anke")
    for _ in range(5):
        log_in(Client(REMOTE_ADDR="10.0.0.1"), "anke", "falsch")
    assert log_in(Client(REMOTE_ADDR="10.0.0.2"), "anke").status_code == 302


def test_an_account_is_not_tried_from_everywhere_without_end(company: Company, settings: Any) -> None:
    settings.RATE_LOGIN = "3/m"
    make_member(company, "operator", username="anke")
    for number in range(30):
        assert log_in(Client(REMOTE_ADDR=f"10.0.1.{number}"), "anke", "falsch").status_code == 422
    assert log_in(Client(REMOTE_ADDR="10.0.2.1"), "anke").status_code == 429


def test_failures_from_one_address_stop_it_and_successes_don_t(company: Company, settings: Any) -> None:
    settings.RATE_LOGIN = "3/m"
    names = [make_member(company, "operator").user.username for _ in range(6)]
    for name in names:
        assert log_in(Client(), name).status_code == 302
    for number in range(4):
        assert log_in(Client(), f"guess{number}", "falsch").status_code == 422
    assert log_in(Client(), names[0]).status_code == 429


@pytest.mark.parametrize("value", ["\x00", "x" * 10_000, "😀", "' OR 1=1 --"])
def test_odd_names_and_passwords_are_just_wrong(db: None, value: str) -> None:
    assert log_in(Client(), value, value).status_code in {422, 200}


def test_the_password_is_changed_with_the_old_one(
    company: Company, client_for: Callable[..., Client]
) -> None:
    client = client_for("operator")
    user = Membership.objects.get(company=company).user
    other = Client()
    other.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    new = "Noch ein langes Kennwort"
    wrong = client.post("/password/", {"old_password": "falsch", "new_password1": new, "new_password2": new})
    assert wrong.status_code == 422
    weak = client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": "1234", "new_password2": "1234"}
    )
    assert weak.status_code == 422
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    answer = client.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 302
    assert User.objects.get(pk=user.pk).check_password(new)
    assert client.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302
    assert AuditEntry.everywhere.filter(company=company, action="user.password", user_id=user.pk).count() == 1


def test_settings_are_kept_and_shown(company: Company, client_for: Callable[..., Client]) -> None:
    client = client_for("operator")
    user = Membership.objects.get(company=company).user
    assert client.post("/settings/", {"language": "en", "theme": "dark"}).status_code == 302
    page = client.get("/settings/").content.decode()
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page
    assert client.post("/settings/", {"theme": "light"}, headers={"HX-Request": "true"}).status_code == 204
    user.refresh_from_db()
    assert (user.language, user.theme) == ("en", "light")
    assert client.post("/settings/", {"language": "tlh", "theme": "pink"}).status_code == 422
    user.refresh_from_db()
    assert (user.language, user.theme) == ("en", "light")


def test_a_user_without_company_has_settings_and_a_password(db: None) -> None:
    user = make_user()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/settings/").status_code == 200
    new = "Noch ein langes Kennwort"
    answer = client.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 302
    assert User.objects.get(pk=user.pk).check_password(new)


def test_the_language_is_kept_with_and_without_account(
    company: Company, client_for: Callable[..., Client]
) -> None:
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "https://example.org/"})
    assert answer["Location"] == "/"
    assert 'lang="en"' in client.get("/login/").content.decode()
    signed_in = client_for("operator")
    signed_in.post("/language/", {"language": "en", "next": "/settings/"})
    assert Membership.objects.get(company=company).user.language == "en"
    assert 'lang="en"' in signed_in.get("/settings/").content.decode()


def test_the_switcher_lists_the_users_companies(
    company: Company, other_company: Company, client_for: Callable[..., Client]
) -> None:
    client = client_for("operator")
    page = client.get("/settings/").content.decode()
    assert company.name in page
    assert other_company.name not in page
    make_member(other_company, "operator", user=Membership.objects.get(company=company).user)
    assert other_company.name in client.get("/settings/").content.decode()


def test_a_form_left_open_over_a_change_of_company_is_not_taken(
    company: Company, other_company: Company
) -> None:
    user = make_member(company, "administrator", username="anke").user
    make_member(other_company, "administrator", user=user)
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/masterdata/carrier/add/")
    token = str(page.context["csrf_token"])
    facts = {"code": "X", "name": "Typed for the first company", "csrfmiddlewaretoken": token}
    there = {"company": str(other_company.uuid), "csrfmiddlewaretoken": token}
    assert client.post("/company/", there).status_code == 302
    refused = client.post("/admin/masterdata/carrier/add/", facts)
    assert refused.status_code == 403
    assert "changed the company" in refused.content.decode()
    assert not Carrier.everywhere.filter(code="X").exists()
    fresh = str(client.get("/admin/masterdata/carrier/add/").context["csrf_token"])
    client.post("/admin/masterdata/carrier/add/", {**facts, "csrfmiddlewaretoken": fresh})
    assert Carrier.everywhere.get(code="X").company == other_company


def test_an_error_page_lets_one_change_the_company(company: Company, other_company: Company) -> None:
    user = make_member(company, "operator", username="anke").user
    make_member(other_company, "operator", user=user)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for address, status in (("/admin/", 403), ("/documents/00000000-0000-0000-0000-000000000000/", 404)):
        page = client.get(address)
        assert page.status_code == status
        assert str(other_company.uuid) in page.content.decode()
    assert "company" not in Client().get("/nirgends/").content.decode().split("<main")[0].split("<body")[1]
