"""After an action the page says in a sentence what was done; what is not on the page is linked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from documents.case import Case
from documents.models import Document
from tests.factories.documents import act, again, line
from tests.factories.steps import drafted, order, posted_invoice, waiting_order
from tests.factories.world import World, make_world, quote
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, User


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


def press(actor: Actor, case: Case, action: str, **values: Any) -> str:
    """What the page that follows says."""
    User.objects.filter(pk=actor.user_id or 0).update(language="en")
    client = Client()
    user = User.objects.get(pk=actor.user_id or 0)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    data = {"action": action, "version": again(case).document.version, "reason": "Because", **values}
    answer = client.post(reverse("workflow:act", args=[case.document.uuid]), data)
    assert answer.status_code == 303, answer.content.decode()
    return (
        client.get(answer["Location"])
        .content.decode()
        .partition("data-flash")[2]
        .partition("</div></div>")[0]
    )


def rejected(world: World) -> Case:
    return act(waiting_order(world), "reject", world.manager, "No")


@pytest.mark.parametrize(
    ("make", "action", "sentence"),
    [
        (lambda world: drafted(world, "sales_order", line(world.wheat, "1")), "submit", "is confirmed."),
        (lambda world: drafted(world, "quotation", line(world.wheat, "1")), "submit", "is sent."),
        (
            lambda world: drafted(world, "sales_order", line(world.wheat, "95")),
            "submit",
            "waits for approval.",
        ),
        (lambda world: drafted(world, "sales_order", line(world.wheat, "1")), "discard", "is discarded."),
        (waiting_order, "withdraw", "is a draft again."),
        (rejected, "revise", "is a draft again."),
        (quote, "accept", "is noted as accepted by the customer."),
        (quote, "decline", "is noted as declined by the customer."),
        (lambda world: order(world, line(world.wheat, "1")), "close", "is closed."),
        (lambda world: order(world, line(world.wheat, "1")), "cancel", "is cancelled."),
    ],
)
def test_it_is_said_what_was_done(
    world: World, make: Callable[[World], Case], action: str, sentence: str
) -> None:
    case = make(world)
    told = press(world.clerk, case, action)
    document = Document.objects.get(pk=case.document.pk)
    assert f"{document}" in told
    assert sentence in told
    assert "done" not in told


def test_a_rejection_is_told(world: World) -> None:
    assert "is rejected." in press(world.manager, waiting_order(world), "reject")


def test_the_storno_that_a_cancellation_made_is_linked(world: World) -> None:
    _order, _delivery, bill = posted_invoice(world)
    told = press(world.accountant, bill, "cancel")
    storno = Document.objects.get(kind="credit_note")
    assert f'<a href="{reverse("documents:detail", args=[storno.uuid])}">{storno}</a>' in told
    assert "waits for approval." in told
