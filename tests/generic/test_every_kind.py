"""Every declared kind gives every screen: two languages, query counts, other companies, no login, missing scopes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents import registry
from tests.factories.tenancy import make_company, make_member
from tests.factories.world import World, make_world
from tests.generic.conftest import Stock, fresh
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import User
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import actor_for

KINDS = ("quotation", "sales_order", "delivery_note", "sales_invoice", "credit_note")
LANGUAGES = ("de", "en")
Browser = Callable[[Actor], Client]
#: name → (method, scope that is asked for)
ONE_DOCUMENT = {
    "documents:detail": ("get", "sales:read"),
    "documents:edit": ("get", "sales:write"),
    "documents:note": ("post", "sales:read"),
    "workflow:act": ("post", "sales:write"),
}


def test_these_are_all_kinds() -> None:
    assert {item.code for item in registry.all_types()} == set(KINDS)


def call(client: Client, name: str, document: uuid.UUID, data: dict[str, str] | None = None) -> HttpResponse:
    method = ONE_DOCUMENT[name][0]
    answer: HttpResponse = getattr(client, method)(reverse(name, args=[document]), data or {})
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_its_pages(world: World, stock: Stock, browser: Browser, kind: str, language: str) -> None:
    client = browser(world.accountant)
    headers: dict[str, Any] = {"HTTP_ACCEPT_LANGUAGE": language}
    User.objects.filter(pk=world.accountant.user_id or 0).update(language=language)
    listed = client.get(reverse("documents:list", args=[kind]), **headers)
    assert listed.status_code == 200
    assert f'lang="{language}"' in listed.content.decode()
    assert stock[kind, "posted"].document.number in listed.content.decode()
    assert client.get(reverse("documents:list", args=[kind]) + "?part=rows", **headers).status_code == 200
    for state in ("draft", "pending", "approved", "posted"):
        document = stock[kind, state].document
        page = client.get(reverse("documents:detail", args=[document.uuid]), **headers)
        assert page.status_code == 200, state
        assert str(document) in page.content.decode()
        assert world.customer.name in page.content.decode()
    assert client.get(reverse("documents:new", args=[kind]), **headers).status_code == 200
    draft = stock[kind, "draft"].document
    assert client.get(reverse("documents:edit", args=[draft.uuid]), **headers).status_code == 200
    preview = client.post(reverse("documents:preview", args=[kind]), {}, **headers)
    assert preview.status_code == 200
    assert set(preview.json()) >= {"calc", "errors", "rail"}
    for target, _source in registry.follow_ups(kind):
        where = reverse("documents:follow_up", args=[target.code, stock[kind, "posted"].document.uuid])
        assert client.get(where, **headers).status_code == 200, target.code


@pytest.mark.parametrize("kind", KINDS)
def test_its_note_and_its_actions(world: World, stock: Stock, browser: Browser, kind: str) -> None:
    client = browser(world.accountant)
    document = stock[kind, "posted"].document
    assert call(client, "documents:note", document.uuid, {"text": "Call him"}).status_code == 303
    assert "Call him" in client.get(reverse("documents:detail", args=[document.uuid])).content.decode()
    assert call(client, "documents:note", document.uuid, {"text": " "}).status_code == 422
    draft = stock[kind, "draft"].document
    assert call(client, "workflow:act", draft.uuid, {"action": "nonsense"}).status_code == 404
    assert call(client, "workflow:act", draft.uuid, {"action": "discard"}).status_code == 200, (
        "asks for the reason"
    )
    assert call(client, "workflow:act", draft.uuid, {"action": "post"}).status_code == 409
    stale = {"action": "submit", "version": str(draft.version + 7)}
    assert call(client, "workflow:act", draft.uuid, stale).status_code == 409
    assert call(client, "workflow:act", draft.uuid, {"action": "submit"}).status_code == 303
    draft = type(draft).objects.get(pk=draft.pk)
    assert draft.state == "pending"
    assert call(client, "workflow:act", draft.uuid, {"action": "submit"}).status_code == 409, "pressed twice"


@pytest.mark.parametrize("kind", KINDS)
def test_its_papers(world: World, stock: Stock, browser: Browser, kind: str) -> None:
    client = browser(world.accountant)
    for paper in registry.get(kind).papers[:1]:
        where = reverse("archive:paper", args=[stock[kind, "draft"].document.uuid, paper.code])
        answer = client.get(where)
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
    where = reverse("archive:paper", args=[stock[kind, "draft"].document.uuid, "no-such-paper"])
    assert client.get(where).status_code == 404


def queries(client: Client, where: str) -> int:
    client.get(where)  # what is cached for ever is cached now
    with CaptureQueriesContext(connection) as seen:
        assert client.get(where).status_code == 200
    return len(seen)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_asks_as_often_for_three_more_rows(
    world: World, stock: Stock, browser: Browser, kind: str
) -> None:
    client, where = browser(world.accountant), reverse("documents:list", args=[kind])
    few = queries(client, where)
    for _ in range(3):
        fresh(world, kind, world.accountant)
    assert queries(client, where) == few
    assert few <= 20


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("page", ["documents:detail", "documents:edit"])
def test_a_page_asks_as_often_for_three_lines(
    world: World, stock: Stock, browser: Browser, kind: str, page: str
) -> None:
    client = browser(world.accountant)
    one, three = (fresh(world, kind, world.accountant, lines=number).document for number in (1, 3))
    assert queries(client, reverse(page, args=[one.uuid])) == queries(
        client, reverse(page, args=[three.uuid])
    )


def plain(answer: HttpResponse) -> str:
    text = re.sub(
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", answer.content.decode()
    )
    text = re.sub(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"|"csrfToken": ?"[^"]*"|X-CSRFToken[^}]*', "", text)
    return re.sub(r"\b[0-9a-f]{16,}\b", "", text)


@pytest.mark.parametrize("kind", KINDS)
def test_another_company_s_document_looks_like_none(
    world: World, stock: Stock, browser: Browser, kind: str
) -> None:
    company = make_company("FOREIGN")
    with company_scope(company.pk):
        other = make_world(company)
        theirs = fresh(other, kind, other.accountant).document
    client = browser(world.accountant)
    paper = registry.get(kind).papers[0].code
    for name in ONE_DOCUMENT:
        foreign, unknown = (
            call(client, name, theirs.uuid, {"action": "submit"}),
            call(client, name, uuid.uuid4(), {"action": "submit"}),
        )
        assert (foreign.status_code, unknown.status_code) == (404, 404), name
        assert plain(foreign) == plain(unknown), name
    for target, _source in registry.follow_ups(kind):
        assert client.get(reverse("documents:follow_up", args=[target.code, theirs.uuid])).status_code == 404
    assert client.get(reverse("archive:paper", args=[theirs.uuid, paper])).status_code == 404
    assert client.post(reverse("workflow:correct", args=[theirs.uuid])).status_code == 404
    with company_scope(company.pk):
        theirs.refresh_from_db()
        assert theirs.state == "draft"


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_sent_to_the_login_page(stock: Stock, kind: str) -> None:
    client, document = Client(), stock[kind, "draft"].document
    addresses = [reverse(name, args=[document.uuid]) for name in ONE_DOCUMENT]
    addresses += [reverse("documents:list", args=[kind]), reverse("documents:new", args=[kind])]
    addresses.append(reverse("archive:paper", args=[document.uuid, registry.get(kind).papers[0].code]))
    for where in addresses:
        answer = client.get(where)
        assert answer.status_code == 302, where
        assert "/login" in answer["Location"], where


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_scope_is_named(world: World, stock: Stock, browser: Browser, kind: str) -> None:
    nobody = browser(actor_for(make_member(world.company).user, world.company))
    document = stock[kind, "draft"].document
    answer: Any
    for name, (_method, scope) in ONE_DOCUMENT.items():
        answer = call(nobody, name, document.uuid, {"action": "submit"})
        assert answer.status_code == 403, name
        assert scope in answer.content.decode(), name
    for name, scope in (("documents:list", "sales:read"), ("documents:new", "sales:write")):
        answer = nobody.get(reverse(name, args=[kind]))
        assert answer.status_code == 403
        assert scope in answer.content.decode()
    answer = nobody.get(reverse("archive:paper", args=[document.uuid, registry.get(kind).papers[0].code]))
    assert answer.status_code == 403
    assert "docs:print" in answer.content.decode()


def test_a_kind_that_nobody_declares(world: World, browser: Browser) -> None:
    client = browser(world.accountant)
    for name in ("documents:list", "documents:new"):
        assert client.get(reverse(name, args=["purchase_order"])).status_code == 404
