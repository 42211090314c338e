"""Forged posts, and drafts that were bent after they were made: refused in words, nothing changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bench.session import order_form
from documents.case import Case
from documents.models import Document
from documents.services import drafts
from documents.states import State
from masterdata.models import TaxRate
from tests.factories.documents import act, again, draft, follow, line
from tests.factories.masterdata import make_partner
from tests.factories.steps import (
    amended,
    content,
    credit,
    delivery,
    drafted,
    edited,
    open_ids,
    order,
    posted_invoice,
    waiting_order,
)
from tests.factories.tenancy import make_company
from tests.factories.world import World, make_world
from tests.support.proofs import forbidden, refused, refuses
from valeo.core.exceptions import Refused
from valeo.tenancy.models import Period, User
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import system_actor
from workflow.models import ReleaseRule
from workflow.services import amendments
from workflow.services.begin import today_in
from workflow.services.perform import correct

D = Decimal


def browser(user_id: int | None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user_id or 0), backend="django.contrib.auth.backends.ModelBackend")
    return client


def bent(world: World, case: Case, **header: Any) -> Case:
    """The draft with another head."""
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=case.document.pk,
        data=replace(content(case), parties=(), **header), expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    return again(case)


def to_invoice(world: World) -> Case:
    done = delivery(world, order(world, line(world.wheat, "1")))
    return follow(world.company, world.accountant, "sales_invoice", done)


def stranger(world: World) -> int:
    return make_partner(system_actor(world.company.pk), tax_status="regular").pk


# What a line or a document takes from its source


@pytest.mark.parametrize("kind", ["delivery_note", "sales_invoice"])
def test_another_article_than_the_source_s(world: World, kind: str) -> None:
    goods = order(world, line(world.lime, "1"))
    source = delivery(world, goods) if kind == "sales_invoice" else goods
    case = follow(world.company, world.accountant, kind, source)
    case = edited(world, case, article_id=world.wheat.pk, unit="TNE", price_unit="TNE", price_quantity=None)
    assert "article-unlike-source" in {item.code for item in raised(case, world)}


def raised(case: Case, world: World) -> list[Any]:
    with refuses(Refused) as caught:
        act(case, "submit", world.accountant)
    return list(caught[0].violations)


@pytest.mark.parametrize(
    "header", [{"currency": "HUF", "exchange_rate": D("0.0026")}, {"price_mode": "gross"}]
)
def test_the_same_figure_in_another_currency_or_price_mode(world: World, header: dict[str, Any]) -> None:
    """240.00 net at the source would become 240.00 gross, or 240 forint, and no price would look different."""
    refused(bent(world, to_invoice(world), **header), "submit", world.accountant, "differs-from-source")


def test_goods_go_to_whom_they_were_promised(world: World) -> None:
    other = stranger(world)
    case = bent(
        world,
        follow(world.company, world.warehouse, "delivery_note", order(world)),
        partner_id=other,
        bill_to_id=other,
    )
    refused(case, "submit", world.warehouse, "differs-from-source")


def test_nobody_else_is_invoiced_or_credited(world: World) -> None:
    other = stranger(world)
    case = bent(world, to_invoice(world), partner_id=other, bill_to_id=other)
    refused(case, "submit", world.accountant, "differs-from-source")
    _order, _delivery, done = posted_invoice(world)
    case = bent(world, credit(world, done, "price", price=D(1)), partner_id=other, bill_to_id=other)
    refused(case, "submit", world.accountant, "differs-from-source", "differs-from-source")


# Credits and cancellations


def test_a_cancellation_takes_prices_and_total_as_they_stand(world: World) -> None:
    _order, _delivery, done = posted_invoice(world)
    storno, successor = correct(document_id=done.document.pk, actor=world.accountant)
    edited(world, storno, price=D("999.99"))
    refused(storno, "submit", world.accountant, "storno-differs")
    assert again(successor).document.state == State.DRAFT


def test_a_cancellation_stays_one_and_nothing_else_becomes_one(world: World) -> None:
    _order, _delivery, done = posted_invoice(world)
    storno, _successor = correct(document_id=done.document.pk, actor=world.accountant)
    refused(bent(world, storno, reason_kind="bonus"), "submit", world.accountant, "reason-kind")
    _order, _delivery, done = posted_invoice(world)
    made = edited(world, credit(world, done, "quantity"), reopens=True)
    refused(bent(world, made, reason_kind="storno"), "submit", world.accountant, "reason-kind")


def test_no_credit_above_what_was_charged(world: World) -> None:
    _order, _delivery, done = posted_invoice(world)
    case = credit(world, done, "quantity", price=D("999.99"), reopens=True)
    refused(case, "submit", world.accountant, "credit-above-line")


def test_nor_by_several_credits_together(world: World) -> None:
    _order, _delivery, done = posted_invoice(world)
    first = act(act(credit(world, done, "price"), "submit", world.accountant), "approve", world.manager)
    assert first.document.state in (State.APPROVED, State.POSTED)
    refused(credit(world, done, "price"), "submit", world.accountant, "credit-above-line")


# The day that counts is that of posting


def of_yesterday(world: World) -> Case:
    yesterday = today_in(world.company) - dt.timedelta(days=1)
    given = draft("sales_order", world.customer, line(world.wheat, "1"))
    return drafts.create_draft(company=world.company, actor=world.clerk, data=given, today=yesterday)


def test_the_period_of_today_not_of_the_draft(world: World) -> None:
    case, today = of_yesterday(world), today_in(world.company)
    period = Period.everywhere.get(company=world.company, start__lte=today, end__gte=today)
    Document.objects.filter(pk=case.document.pk).update(document_date=period.start - dt.timedelta(days=1))
    period.state = "closed"
    period.save()
    refused(case, "submit", world.clerk, "period-closed")
    period.state = "open"
    period.save()
    Period.everywhere.filter(company=world.company, end__lt=period.start).update(state="closed")
    assert act(case, "submit", world.clerk).document.document_date == today


def test_a_rate_that_ended_yesterday(world: World) -> None:
    case = of_yesterday(world)
    of_line = {"code": case.lines[0].tax_code_id, "percent": case.lines[0].tax_rate}
    newest = TaxRate.objects.filter(**of_line, valid_to__isnull=True).get()
    TaxRate.objects.filter(**of_line).exclude(pk=newest.pk).delete()
    newest.valid_to = today_in(world.company) - dt.timedelta(days=1)
    newest.save()
    refused(case, "submit", world.clerk, "rate-not-in-force")


def test_a_draft_of_yesterday_that_waits_is_due_from_today(world: World) -> None:
    ReleaseRule.objects.create(company=world.company, kind="sales_order", approval="always")
    before = of_yesterday(world)
    now = again(act(before, "submit", world.clerk))
    assert now.document.state == State.PENDING
    assert [row.due for row in now.instalments] == [
        row.due + dt.timedelta(days=1) for row in before.instalments
    ]


# Deciding


def test_the_limit_of_an_approver_holds_for_what_is_proposed(world: World) -> None:
    """20 t come to less than 10,000, the proposed 95 t to 23,379.50."""
    revision = amended(world, order(world), quantity=D(95), price_quantity=None)
    boss = replace(world.manager, approval_limit=D(10000))
    forbidden(lambda: amendments.decide(actor=boss, revision_id=revision.pk, approve=True))


def test_an_amendment_that_grew_beyond_what_was_accepted(world: World) -> None:
    revision = amended(world, order(world), quantity=D(85), price_quantity=None)
    order(world, line(world.wheat, "50"))
    with refuses(Refused, "not-accepted:over-credit-limit"):
        amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True)


FORGED: tuple[Callable[[Case], dict[str, Any]], ...] = (
    lambda case: {"action": "approve"},
    lambda case: {"action": "approve", "version": "²", "accepted": "²"},
    lambda case: {"action": "approve", "content_hash": case.document.content_hash, "accepted": "9" * 5000},
    lambda case: {"action": "approve", "content_hash": "x\x00"},
    lambda case: {
        "action": "approve", "content_hash": case.document.content_hash, "reason": "y" * 501,
        "accepted": [str(pk) for pk in open_ids(case)],
    },
    lambda case: {"action": "amend", "reason": "x"},
    lambda case: {"action": "nonsense\x00"},
    lambda case: {"action": "reject", "reason": "a\x00b"},
)  # fmt: skip


@pytest.mark.parametrize("forged", range(len(FORGED)))
def test_forged_decisions(world: World, forged: int) -> None:
    case = waiting_order(world)
    answer = browser(world.manager.user_id).post(
        reverse("workflow:act", args=[case.document.uuid]), FORGED[forged](case)
    )
    assert answer.status_code in (404, 409, 422)
    assert again(case).document.state == State.PENDING


@pytest.mark.parametrize("reason", ["a\x00b", "z" * 501])
def test_an_amendment_with_a_reason_that_cannot_be(world: World, reason: str) -> None:
    case = order(world, line(world.wheat, "1"))
    form = order_form(world.customer.customer_number, [(world.wheat.number, "2")], "submit")
    form |= {"lines-0-id": str(case.lines[0].pk), "version": str(case.document.version), "reason": reason}
    where = reverse("documents:edit", args=[case.document.uuid]) + "?amend=1"
    assert browser(world.clerk.user_id).post(where, form).status_code == 422
    assert again(case).document.revision == 1


# The editor


def test_an_id_of_another_company_s_document_tells_nothing(world: World) -> None:
    other = make_company("FOREIGN")
    with company_scope(other.pk):
        foreign = drafted(make_world(other), "sales_order")
    form = order_form(world.customer.customer_number, [(world.wheat.number, "1")], "save")
    form["once"] = str(foreign.document.uuid)
    answer = browser(world.clerk.user_id).post(reverse("documents:new", args=["sales_order"]), form)
    assert answer.status_code == 303
    assert str(foreign.document.uuid) not in answer["Location"]


def test_the_same_line_twice(world: World) -> None:
    case = drafted(world, "sales_order", line(world.wheat, "1"))
    form = order_form(
        world.customer.customer_number, [(world.wheat.number, "1"), (world.wheat.number, "7")], "save"
    )
    form |= {f"lines-{index}-id": str(case.lines[0].pk) for index in (0, 1)}
    form["version"] = str(case.document.version)
    answer = browser(world.clerk.user_id).post(reverse("documents:edit", args=[case.document.uuid]), form)
    now = again(case)
    assert sum(row.net_amount for row in now.lines) == now.document.line_total
    assert len(now.lines) == (1 if answer.status_code == 422 else 2)


@pytest.mark.parametrize("do", ["save", "submit"])
def test_an_amount_that_no_column_holds(world: World, do: str) -> None:
    form = order_form(world.customer.customer_number, [(world.wheat.number, "999999999")], do)
    form["lines-0-price"] = "999999999"
    answer = browser(world.clerk.user_id).post(reverse("documents:new", args=["sales_order"]), form)
    assert answer.status_code == 422
    assert not Document.objects.filter(kind="sales_order").exists()
