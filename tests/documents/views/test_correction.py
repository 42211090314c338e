"""The editor of a correction: what it corrects, and what it takes of the credit limit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from documents import hooks
from documents.case import Case
from documents.selectors.chain import release
from documents.services import drafts
from masterdata.models import Article
from tests.factories.documents import act, again, draft, follow, line, submitted
from tests.factories.masterdata import make_article
from tests.factories.world import World, make_world
from valeo.tenancy.models import Company, User
from valeo.tenancy.selectors import system_actor
from workflow.models import ReleaseRule
from workflow.services.begin import today_in
from workflow.services.perform import correct, perform

D = Decimal


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


def service(world: World) -> Article:
    system = system_actor(world.company.pk)
    return make_article(system, "HUR", kind="service", list_price=D("100"), stock_managed=False)


def direct_bill(world: World) -> Case:
    """An invoice from nothing: 100 hours."""
    data = draft("sales_invoice", world.customer, line(service(world), "100"))
    done = submitted(world.company, world.accountant, data)
    return again(done if done.document.state == "posted" else act(done, "post", world.accountant))


def bill_of_delivery(world: World) -> Case:
    order = again(
        submitted(world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "40")))
    )
    delivery = act(follow(world.company, world.warehouse, "delivery_note", order), "submit", world.warehouse)
    bill = follow(world.company, world.accountant, "sales_invoice", again(delivery))
    return again(act(bill, "submit", world.accountant))


@pytest.mark.parametrize("made", [direct_bill, bill_of_delivery])
def test_the_original_is_not_counted_beside_its_successor(world: World, made: object) -> None:
    bill = made(world)  # type: ignore[operator]
    gross = bill.document.gross_company
    _storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    for moment in ("draft", "pending"):
        case = again(successor)
        assert case.document.state == moment
        release(case)
        use = hooks.credit(case)
        assert use is not None
        assert (use.open_items, use.open_orders, use.this) == (D(0), D(0), gross)
        if moment == "draft":
            perform(document_id=successor.document.pk, action="submit", actor=world.accountant)


@pytest.mark.parametrize("made", [direct_bill, bill_of_delivery])
def test_a_correction_within_the_limit_asks_for_no_credit(world: World, made: object) -> None:
    """Twice the amount would be over the limit; it is owed only once."""
    bill = made(world)  # type: ignore[operator]
    limit = bill.document.gross_company + D("10")
    world.customer.credit_limit = limit
    world.customer.save()
    _storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    done = perform(document_id=successor.document.pk, action="submit", actor=world.accountant)
    assert [row.code for row in done.facts.get("open_exceptions", [])] == []
    act(again(successor), "approve", world.manager)
    assert again(successor).document.state == "posted"
    use = hooks.credit(again(successor))
    assert use is not None
    assert use.open_items == bill.document.gross_company


def test_the_editor_names_what_it_corrects(world: World) -> None:
    bill = direct_bill(world)
    storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    client = Client()
    user = User.objects.get(pk=world.accountant.user_id or 0)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(
        reverse("documents:edit", args=[successor.document.uuid]), headers={"accept-language": "en"}
    )
    text = page.content.decode()
    assert f"Corrects {bill.document.number}" in text
    for each in (bill, storno):
        assert (
            f'<a href="{reverse("documents:detail", args=[each.document.uuid])}">{each.document}</a>' in text
        )
    new = client.get(reverse("documents:new", args=["sales_invoice"]))
    assert new.context["corrects"] is None


def test_the_editor_says_that_a_second_person_decides(world: World) -> None:
    """Whatever stands in it: a correction always waits, and so does a credit note."""
    _storno, successor = correct(document_id=direct_bill(world).document.pk, actor=world.accountant)
    client = Client()
    user = User.objects.get(pk=world.accountant.user_id or 0)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("documents:edit", args=[successor.document.uuid]))
    assert page.context["rail"].waits
    free = draft("sales_invoice", world.customer, line(service(world), "1"))
    plain = drafts.create_draft(
        company=world.company, actor=world.accountant, data=free, today=today_in(world.company)
    )
    page = client.get(reverse("documents:edit", args=[plain.document.uuid]))
    assert not page.context["rail"].waits
    ReleaseRule.objects.create(company=world.company, kind="sales_invoice", approval="always")
    page = client.get(reverse("documents:edit", args=[plain.document.uuid]))
    assert page.context["rail"].waits, "the company's own rule"
