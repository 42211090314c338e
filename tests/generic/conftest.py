"""A document of every kind in every state, made once for a module (tests/support/shared.py)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from documents.case import Case
from documents.inputs import LineInput
from documents.kinds import LineKind
from documents.states import State
from masterdata.models import TaxCode
from tests.factories.documents import act, line
from tests.factories.steps import credit, drafted, posted_invoice
from tests.factories.tenancy import make_actor
from tests.factories.world import World, quote
from tests.support import shared
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import User
from valeo.tenancy.scope import company_scope
from workflow.models import ReleaseRule

# as fixtures of this folder
shared_world, world = shared.shared_world, shared.world
D = Decimal
Stock = dict[tuple[str, str], Case]
STATES = ("draft", "pending", "approved", "posted")


def bonus(world: World) -> LineInput:
    code = TaxCode.objects.filter(rates__percent=19, category="S").first()
    assert code is not None
    return line(
        None, "1", line_kind=LineKind.CHARGE, description="Bonus", tax_code_id=code.pk, unit="C62", price=D(5)
    )


def fresh(world: World, kind: str, author: Actor, lines: int = 1) -> Case:
    """A draft of the kind that could be submitted (an invoice: of what is no stock)."""
    if kind == "credit_note":
        return drafted(world, kind, *[bonus(world)] * lines, actor=author, reason_kind="bonus")
    if kind == "sales_invoice":
        return drafted(world, kind, *[bonus(world)] * lines, actor=author)
    rows = [line(world.wheat, "2"), line(world.lime, "4"), line(world.wheat, "1")]
    return drafted(world, kind, *rows[:lines], actor=author)


@pytest.fixture(scope="module")
def shared_documents(shared_world: World, django_db_blocker: DjangoDbBlocker) -> Stock:
    """(kind, state) → a document; written by an administrator who is nobody in the tests."""
    found: Stock = {}
    with django_db_blocker.unblock(), company_scope(shared_world.company.pk):
        author = make_actor(shared_world.company)
        quotation = quote(shared_world)
        order, delivery, invoice = posted_invoice(shared_world, line(shared_world.wheat, "10"))
        made = act(credit(shared_world, invoice, "price", price=D(5)), "submit", shared_world.accountant)
        made = act(made, "approve", shared_world.manager)
        if made.document.state == State.APPROVED:
            made = act(made, "post", shared_world.accountant)
        for case in (quotation, order, delivery, invoice, made):
            found[case.document.kind, "posted"] = case
            kind = case.document.kind
            ReleaseRule.objects.create(
                company=shared_world.company, kind=kind, approval="always", post_on_release=False
            )
            found[kind, "draft"] = fresh(shared_world, kind, author)
            found[kind, "pending"] = act(fresh(shared_world, kind, author), "submit", author)
            waiting = act(fresh(shared_world, kind, author), "submit", author)
            found[kind, "approved"] = act(waiting, "approve", shared_world.manager)
        assert all(str(case.document.state) == state for (_kind, state), case in found.items())
    return found


@pytest.fixture
def stock(shared_documents: Stock, world: World) -> Stock:
    return shared_documents


@pytest.fixture
def browser() -> Callable[[Actor], Client]:
    def sign_in(actor: Actor) -> Client:
        client = Client()
        client.force_login(
            User.objects.get(pk=actor.user_id or 0), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in
