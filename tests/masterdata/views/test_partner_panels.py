"""What the floors above put on the partner's page: open items with the credit limit, changes that wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from masterdata.services.partners import update_partner
from tests.factories.documents import act, again, draft, follow, line, submitted
from tests.factories.world import World, make_world
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, User

SignIn = Callable[..., Client]
D = Decimal


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


def page(world: World, actor: Actor, language: str = "en") -> str:
    client = Client()
    user = User.objects.get(pk=actor.user_id or 0)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("masterdata:partner", args=[world.customer.uuid])
    answer = client.get(url, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def bill(world: World, quantity: str = "10") -> Any:
    order = again(
        submitted(
            world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, quantity))
        )
    )
    delivery = again(
        act(follow(world.company, world.warehouse, "delivery_note", order), "submit", world.warehouse)
    )
    done = act(follow(world.company, world.accountant, "sales_invoice", delivery), "submit", world.accountant)
    return again(done).document


def test_the_page_says_what_he_owes_and_what_is_left(world: World) -> None:
    document = bill(world)
    item = document.open_items.get()
    item.due = timezone.localdate() - dt.timedelta(days=3)
    item.save(update_fields=["due"])
    submitted(world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "5")))
    shown = page(world, world.accountant)
    url = f"{reverse('payments:items')}?partner={world.customer.uuid}"
    gross = document.gross_company
    assert gross == D("2568.00")
    assert f'<dt>Open items</dt><dd><a href="{url}">€2,568.00</a></dd>' in shown
    assert f'<dt>of which overdue</dt><dd><a href="{url}&amp;state=overdue">€2,568.00</a></dd>' in shown
    assert "<dt>Orders not yet invoiced</dt><dd>€1,284.00</dd>" in shown
    assert "<dt>Free credit</dt><dd>€16,148.00</dd>" in shown


def test_who_may_not_see_the_books_sees_no_way_into_them(world: World) -> None:
    bill(world)
    shown = page(world, world.clerk)
    assert reverse("payments:items") not in shown
    assert "of which overdue" not in shown
    assert "<dt>Free credit</dt>" in shown


def test_a_waiting_change_stands_on_the_page(world: World) -> None:
    assert "waits for a second person" not in page(world, world.manager)
    update_partner(
        actor=world.accountant,
        uuid=world.customer.uuid,
        values={"credit_limit": D("50000.00")},
        reason="Grows",
    )
    shown = page(world, world.manager)
    assert "A change waits for a second person" in shown
    assert "Credit limit: €20,000.00 → €50,000.00" in shown
    assert "Grows" in shown
    assert f"{reverse('workflow:inbox')}?item=" in shown
    assert "waits for a second person" not in page(world, world.warehouse), "not everybody sees such changes"
    assert "20.000,00\u00a0€ → 50.000,00\u00a0€" in page(world, world.manager, "de")


def test_the_page_costs_the_same_for_many(world: World) -> None:
    bill(world)
    page(world, world.accountant)
    with CaptureQueriesContext(connection) as few:
        page(world, world.accountant)
    for _each in range(2):
        bill(world)
    with CaptureQueriesContext(connection) as many:
        page(world, world.accountant)
    assert len(few) == len(many)
