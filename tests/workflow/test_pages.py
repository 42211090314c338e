"""The pages of documents and approvals answer, in both languages, for who may see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bench.session import order_form
from documents.models import Document
from tests.factories.documents import draft, follow, line, submitted
from tests.factories.world import World, make_world, quote
from valeo.tenancy.models import Company, User


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


def browser(user_id: Any) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_pages_of_a_chain(world: World, language: str) -> None:
    quotation = quote(world)
    order = follow(world.company, world.clerk, "sales_order", quotation)
    big = submitted(world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "95")))
    client = browser(world.clerk.user_id)
    headers: dict[str, Any] = {"HTTP_ACCEPT_LANGUAGE": language}
    for case in (quotation, order, big):
        page = client.get(reverse("documents:detail", args=[case.document.uuid]), **headers)
        assert page.status_code == 200
        assert str(case.document) in page.content.decode()
    for kind in ("quotation", "sales_order", "delivery_note", "sales_invoice", "credit_note"):
        assert client.get(reverse("documents:list", args=[kind]), **headers).status_code == 200
    inbox = browser(world.manager.user_id).get(reverse("workflow:inbox"), **headers)
    assert inbox.status_code == 200
    assert world.customer.name in inbox.content.decode()


def test_a_manager_approves_in_the_browser(world: World) -> None:
    big = submitted(world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "95")))
    client = browser(world.manager.user_id)
    page = client.get(reverse("workflow:inbox"))
    current = page.context["current"]
    answer = client.post(
        reverse("workflow:act", args=[big.document.uuid]),
        {
            "action": "approve", "content_hash": current.content_hash, "version": big.document.version,
            "accepted": [row.pk for row in current.exceptions],
        },
    )  # fmt: skip
    assert answer.status_code == 303
    big.document.refresh_from_db()
    assert big.document.state == "posted"


def test_a_form_sent_twice_is_saved_once(world: World) -> None:
    client = browser(world.clerk.user_id)
    page = client.get(reverse("documents:new", args=["sales_order"]))
    form = order_form(world.customer.customer_number, [(world.wheat.number, "1")], "submit")
    form["once"] = str(page.context["once"])
    first = client.post(reverse("documents:new", args=["sales_order"]), form)
    second = client.post(reverse("documents:new", args=["sales_order"]), form)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Document.objects.filter(kind="sales_order").count() == 1
