from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.views import View
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from tests.factories.tenancy import PASSWORD, make_member, make_user
from valeo.core.exceptions import Conflict, NotFound, Refused, TooManyRequests, Violation
from valeo.tenancy.access import Access, ScopedMixin, access_of, public, scoped, signed_in
from valeo.tenancy.models import Branch, Company, Membership
from valeo.tenancy.scope import company_in_scope
from valeo.tenancy.scopes import ROLE_SCOPES, SCOPES, implied

pytestmark = pytest.mark.django_db


def _teller() -> Callable[[HttpRequest], HttpResponse]:
    """A view of its own for each declaration."""

    def tell(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{request.actor.company_id} {company_in_scope()}")  # type: ignore[attr-defined]

    return tell


@scoped("sales:read")
def branch(request: HttpRequest, wanted: uuid.UUID) -> HttpResponse:
    found = Branch.objects.filter(uuid=wanted).first()
    if found is None:
        raise NotFound
    return HttpResponse(found.name)


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open to all")


@scoped("sales:read")
def refusing(request: HttpRequest, kind: str) -> HttpResponse:
    faults: dict[str, Exception] = {
        "refused": Refused(
            [Violation("a", "First reason", "partner"), Violation("b", "Second reason", line=2)]
        ),
        "conflict": Conflict("Anke was faster"),
        "limit": TooManyRequests(17),
    }
    raise faults[kind]


class Listing(ScopedMixin, View):  # type: ignore[misc]  # the view's request has an actor
    required_scopes = ("policy:read",)
    required_all_of = ("docs:export",)

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(self.actor.name)


class Things(ViewSet):
    required_scopes = {"list": ("sales:read",), "create": ("sales:write",)}

    def list(self, request: Request) -> Response:
        return Response({"company": company_in_scope()})

    def create(self, request: Request) -> Response:
        return Response({}, status=201)


class Undeclared(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


@signed_in
def whoever(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


@public
def anybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"scope: {company_in_scope()}")


urlpatterns = [
    path("", include("valeo.administration.urls")),
    *(path(f"need/{scope.replace(':', '-')}/", scoped(scope)(_teller())) for scope in SCOPES),
    path("branch/<uuid:wanted>/", branch),
    path("undeclared/", undeclared),
    path("refusing/<str:kind>/", refusing),
    path("listing/", Listing.as_view()),
    path("api/things/", Things.as_view({"get": "list", "post": "create"})),
    path("api/undeclared/", Undeclared.as_view()),
    path("api/plain/", scoped("sales:read")(_teller())),
    path("whoever/", whoever),
    path("anybody/", anybody),
]
handler404 = "valeo.core.errors.page_not_found"
handler403 = "valeo.core.errors.permission_denied"


@pytest.fixture(autouse=True)
def _urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize("role", sorted(ROLE_SCOPES))
def test_each_role_gets_where_its_scopes_lead_and_nowhere_else(
    company: Company, client_for: Callable[..., Client], role: str
) -> None:
    client = client_for(role)
    held = implied(set(ROLE_SCOPES[role]))
    for scope in SCOPES:
        answer = client.get(f"/need/{scope.replace(':', '-')}/")
        assert answer.status_code == (200 if scope in held else 403), scope
        if scope in held:
            assert answer.content.decode() == f"{company.pk} {company.pk}"
        else:
            assert scope in answer.content.decode()


def test_all_of_asks_for_each(company: Company, client_for: Callable[..., Client]) -> None:
    assert client_for("manager").get("/listing/").status_code == 200
    refused = client_for("operator").get("/listing/")
    assert refused.status_code == 403
    assert b"docs:export" in refused.content
    assert b"policy:read" in refused.content


def test_not_signed_in(company: Company) -> None:
    client = Client()
    page = client.get("/need/sales-read/?page=2")
    assert (page.status_code, page["Location"]) == (302, "/login/?next=/need/sales-read/%3Fpage%3D2")
    part = client.get(
        "/need/sales-read/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/list/?a=1"}
    )
    assert (part.status_code, part["HX-Redirect"]) == (204, "/login/?next=/list/%3Fa%3D1")
    foreign = client.get(
        "/need/sales-read/", headers={"HX-Request": "true", "HX-Current-URL": "http://evil//evil/x"}
    )
    assert foreign["HX-Redirect"] == "/login/?next=/evil/x"
    for address in ("/api/plain/", "/api/things/"):
        answer = client.get(address)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not-signed-in"
        assert answer["WWW-Authenticate"]


def test_the_api_names_the_missing_scopes(company: Company, client_for: Callable[..., Client]) -> None:
    client = client_for("warehouse")
    assert client.get("/api/things/").json() == {"company": company.pk}
    for answer in (client.post("/api/things/"), client_for().get("/api/plain/")):
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["code"] == "not-permitted"
        assert problem["missing_scopes"][0].startswith("sales:")
        assert problem["missing_scopes"][0] in problem["detail"]


def test_what_only_members_see_is_kept_by_no_browser(
    company: Company, client_for: Callable[..., Client]
) -> None:
    """The way back after a logout asks the server again."""
    client = client_for("operator")
    for address in ("/need/sales-read/", "/need/admin-all/", "/whoever/", "/listing/", "/refusing/limit/"):
        assert client.get(address)["Cache-Control"] == "no-store, private", address
    assert "Cache-Control" not in client.get("/anybody/")


def test_a_program_that_runs_wild_is_slowed_down(
    company: Company, client_for: Callable[..., Client], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_800_000_010.0)
    settings.RATE_BROWSER = "3/m"
    client, other = client_for("operator"), client_for("operator")
    assert [client.get("/need/sales-read/").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/need/sales-read/")
    assert (refused.status_code, int(refused["Retry-After"])) == (429, 50)
    assert client.get("/anybody/").status_code == 200
    assert other.get("/need/sales-read/").status_code == 200
    monkeypatch.setattr("time.time", lambda: 1_800_000_065.0)
    assert client.get("/need/sales-read/").status_code == 200


def test_a_view_without_declaration_is_refused(company: Company, client_for: Callable[..., Client]) -> None:
    client = client_for("administrator")
    with pytest.raises(ImproperlyConfigured):
        client.get("/undeclared/")
    assert client.get("/api/undeclared/").status_code == 403


def test_another_companys_thing_is_as_if_it_did_not_exist(
    company: Company, other_company: Company, client_for: Callable[..., Client]
) -> None:
    foreign = Branch.everywhere.create(company=other_company, code="X", name="Geheim")
    client = client_for("administrator")
    answers = [client.get(f"/branch/{wanted}/") for wanted in (foreign.uuid, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    texts = [answer.content.decode().replace(str(answer.wsgi_request.path), "") for answer in answers]
    assert "Geheim" not in texts[0]


def test_a_forged_company_in_the_form_is_not_found(
    company: Company, other_company: Company, client_for: Callable[..., Client]
) -> None:
    client = client_for("administrator")
    client.get("/need/sales-read/")
    for forged in (str(other_company.uuid), str(other_company.pk), "", "x" * 5000, "\x00"):
        assert client.post("/company/", {"company": forged}).status_code == 404
    assert client.get("/need/sales-read/").content.decode() == f"{company.pk} {company.pk}"


def test_a_forged_company_in_the_session(
    company: Company, other_company: Company, client_for: Callable[..., Client]
) -> None:
    client = client_for("administrator")
    for forged in (other_company.pk, 10**12):
        session = client.session
        session["company"] = forged
        session.save()
        assert client.post("/need/sales-read/").status_code == 404
        # and a page shows the company that the user really has
        assert client.get("/need/sales-read/").content.decode() == f"{company.pk} {company.pk}"


def test_the_switch(company: Company, other_company: Company, client_for: Callable[..., Client]) -> None:
    user = make_member(other_company, "operator").user
    client = client_for("operator", user=user)
    for wanted in (company, other_company, company):
        assert client.post("/company/", {"company": str(wanted.uuid)}).status_code == 302
        assert client.get("/need/sales-read/").content.decode() == f"{wanted.pk} {wanted.pk}"
    assert client.get("/company/").status_code == 405


def test_an_inactive_member_company_or_account_opens_nothing(company: Company) -> None:
    for change in ("member", "company", "account"):
        membership = make_member(company, "administrator")
        client = Client()
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/need/sales-read/").status_code == 200
        if change == "member":
            Membership.objects.filter(pk=membership.pk).update(is_active=False)
        elif change == "company":
            Company.objects.filter(pk=company.pk).update(is_active=False)
        else:
            type(membership.user).objects.filter(pk=membership.user_id).update(is_active=False)
        answer = client.get("/need/sales-read/")
        assert answer.status_code == (302 if change == "account" else 403)
        Company.objects.filter(pk=company.pk).update(is_active=True)


def test_a_changed_password_ends_the_session(company: Company, client_for: Callable[..., Client]) -> None:
    client = client_for("operator")
    assert client.get("/need/sales-read/").status_code == 200
    user = Membership.objects.get(company=company).user
    user.set_password("Ein neues Kennwort 7")
    user.save()
    assert client.get("/need/sales-read/").status_code == 302


def test_a_user_without_company(db: None) -> None:
    client = Client()
    client.force_login(make_user("allein"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/whoever/").content == b"allein"
    assert client.get("/need/sales-read/").status_code == 403
    assert client.get("/api/things/").status_code == 401


def test_a_logout_is_seen_by_every_process(company: Company) -> None:
    membership = make_member(company, "operator")
    client, other = Client(), Client()
    client.post("/login/", {"username": membership.user.username, "password": PASSWORD})
    other.cookies["sessionid"] = client.cookies["sessionid"].value
    assert other.get("/need/sales-read/").status_code == 200
    key = client.session.session_key
    assert Session.objects.filter(pk=key).exists()
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert not Session.objects.filter(pk=key).exists()
    assert other.get("/need/sales-read/").status_code == 302


def test_a_request_asks_twice_at_most(company: Company, client_for: Callable[..., Client]) -> None:
    client = client_for("operator", "manager", "warehouse")
    client.get("/need/sales-read/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/need/sales-read/").status_code == 200
    assert len(queries) == 2, [query["sql"] for query in queries]  # the session; user, member and company
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/whoever/").status_code == 200
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/anybody/").content == b"scope: None"
    assert len(queries) == 0


def test_the_scope_ends_with_the_request(db: None, other_company: Company) -> None:
    membership = make_member(other_company, "operator")
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/need/sales-read/", "/refusing/conflict/"):
        client.get(address)
        assert company_in_scope() is None


def test_refusals_as_pages_and_as_problems(company: Company, client_for: Callable[..., Client]) -> None:
    client = client_for("operator")
    page = client.get("/refusing/refused/")
    assert page.status_code == 422
    assert b"First reason" in page.content
    assert b"Second reason" in page.content
    problem = client.get("/refusing/refused/", headers={"Accept": "application/json"}).json()
    assert problem["violations"] == [
        {"code": "a", "text": "First reason", "field": "partner", "line": None},
        {"code": "b", "text": "Second reason", "field": "", "line": 2},
    ]
    conflict = client.get("/refusing/conflict/")
    assert conflict.status_code == 409
    assert b"Anke was faster" in conflict.content
    limit = client.get("/refusing/limit/")
    assert (limit.status_code, limit["Retry-After"]) == (429, "17")
    assert client.get("/nowhere/").status_code == 404
    assert client.get("/api/nowhere/").json()["code"] == "not-found"


def test_a_page_without_csrf_token_says_so(company: Company) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert b"<h1" in answer.content


def test_declarations_are_checked_when_they_are_made() -> None:
    with pytest.raises(ValueError, match="sales:fly"):
        scoped("sales:fly")
    with pytest.raises(ValueError, match="at least one"):
        scoped()
    assert access_of(undeclared) is None
    assert access_of(Listing.as_view()) == Access("scoped", ("policy:read",), ("docs:export",))
    assert access_of(Things.as_view({"get": "list"})) == Access("scoped", ("sales:read",))
    assert access_of(Things.as_view({"get": "list", "delete": "destroy"})) is None
    assert SESSION_KEY
