"""The story of the first issue, through the services: from quotation to verified invoice, with its corrections."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from documents.models import Document, Line, Revision
from documents.services import drafts
from documents.services.carry import allowances_of, carried, line_of
from documents.states import State
from tests.factories.documents import act, again, draft, follow, line, submitted
from tests.factories.world import World, make_world, quote
from valeo.tenancy.models import Company
from workflow.models import DocumentException
from workflow.selectors.inbox import waiting
from workflow.services import amendments
from workflow.services.begin import today_in
from workflow.services.perform import correct

D = Decimal


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


def test_quotation_finds_prices_breaks_and_cents(world: World) -> None:
    case = quote(world)
    document = case.document
    assert document.state == State.POSTED
    assert document.number.startswith("QUO-")
    wheat, lime = case.lines
    assert wheat.price == D("230.00"), "the quantity break of the customer's list"
    assert wheat.net_amount == D("4600.00")
    assert (lime.price_quantity, lime.price_unit, lime.stock_quantity) == (D("1"), "TNE", D("1000"))
    assert lime.net_amount == D("375.00")
    groups = {group.rate: group for group in case.tax_groups}
    # 3 % of each group, freight split by the line nets
    freight_7 = next(row.amount for row in case.allowances if row.is_charge and row.tax_rate == 7)
    freight_19 = next(row.amount for row in case.allowances if row.is_charge and row.tax_rate == 19)
    assert (freight_7, freight_19) == (D("110.95"), D("9.05"))
    assert groups[D(7)].net == D("4572.95")
    assert groups[D(19)].net == D("372.80")
    assert document.gross_total == D("4945.75") + D("320.11") + D("70.83")


def test_the_whole_story(world: World) -> None:
    quotation = quote(world)
    order = follow(world.company, world.clerk, "sales_order", quotation)
    assert again(order).document.gross_total == quotation.document.gross_total
    order = act(order, "submit", world.clerk)
    assert order.document.state == State.POSTED
    assert Document.objects.get(pk=quotation.document.pk).outcome == "accepted"

    # the next order breaks the credit limit: it waits, the manager approves exactly that
    big = submitted(world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "80")))
    assert big.document.state == State.PENDING
    (row,) = waiting(world.manager)
    assert [item.code for item in row.exceptions] == ["over-credit-limit"]
    big = act(
        big,
        "approve",
        world.manager,
        accepted=frozenset(item.pk for item in row.exceptions),
        content_hash=row.content_hash,
    )
    assert big.document.state == State.POSTED

    # amended from 20 to 25 t: revision 2
    now = again(order)
    lines = tuple(line_of(now, item, None, None, keep_id=True) for item in now.lines)
    lines = (replace(lines[0], quantity=D(25), price_quantity=D(25)), *lines[1:])
    data = replace(
        carried(now, kind="sales_order", relation=None, measure=None),
        lines=lines,
        allowances=allowances_of(now),
    )
    revision = amendments.propose(
        company=world.company, actor=world.clerk, document_id=order.document.pk, data=data, reason="Customer wants more",
        expected_version=now.document.version,
    )  # fmt: skip
    if revision.state == "pending":
        amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True)
    order = again(order)
    assert order.document.revision == 2
    assert order.lines[0].quantity == D(25)
    assert Revision.objects.filter(document=order.document).count() == 2

    # delivered in two parts: 26 t (4 % over, tolerated) and half of line 2; then the rest but two sacks
    wheat, lime = order.lines
    first = follow(
        world.company, world.warehouse, "delivery_note", order, picks={wheat.pk: "26", lime.pk: "20"}
    )
    first = act(first, "submit", world.warehouse)
    if first.document.state == State.PENDING:
        codes = list(
            DocumentException.objects.filter(document=first.document, is_open=True).values_list(
                "code", flat=True
            )
        )
        assert set(codes) <= {"stock-below-zero", "over-credit-limit"}, codes
        first = act(first, "approve", world.manager)
    assert first.document.state == State.POSTED
    second = follow(world.company, world.warehouse, "delivery_note", order, picks={lime.pk: "18"})
    second = act(second, "submit", world.warehouse)
    if second.document.state == State.PENDING:
        second = act(second, "approve", world.manager)
    assert second.document.state == State.POSTED
    order = act(order, "close", world.clerk, "Customer has enough", line_quantities={lime.pk: D(2)})
    assert again(order).document.fulfilment == "complete"

    other = submitted(
        world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "1"))
    )
    if other.document.state == State.PENDING:
        other = act(other, "approve", world.manager)
    third = follow(world.company, world.warehouse, "delivery_note", other)
    third = act(third, "submit", world.warehouse)
    if third.document.state == State.PENDING:
        third = act(third, "approve", world.manager)

    # one invoice of three deliveries, every line saying where it came from
    invoice = follow(world.company, world.accountant, "sales_invoice", first, second, third)
    assert len(invoice.lines) == 4
    invoice = act(invoice, "submit", world.accountant)
    assert invoice.document.state == State.POSTED, list(
        DocumentException.objects.filter(document=invoice.document).values_list("code", "text")
    )
    content = Revision.objects.get(document=invoice.document).content
    assert [row["origin"][0]["number"] for row in content["lines"]] == [
        first.document.number, first.document.number, second.document.number, third.document.number,
    ]  # fmt: skip
    assert again(order).document.invoicing == "complete"

    # a price was wrong: storno and corrected successor, approved once, posted in one transaction
    storno, successor = correct(document_id=invoice.document.pk, actor=world.accountant)
    now = again(successor)
    lines = tuple(line_of(now, item, None, None, keep_id=True) for item in now.lines)
    lines = (replace(lines[0], price=D("229.00")), *lines[1:])
    data = replace(carried(now, kind="sales_invoice", relation=None, measure=None), lines=lines)
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=successor.document.pk, data=data, expected_version=None,
        today=today_in(world.company),
    )  # fmt: skip
    act(storno, "submit", world.accountant)
    assert {again(storno).document.state, again(successor).document.state} == {State.PENDING}
    act(storno, "approve", world.manager)
    assert again(storno).document.state == State.POSTED
    assert again(successor).document.state == State.POSTED
    assert again(invoice).document.state == State.CANCELLED
    assert again(order).document.invoicing == "complete"
    assert again(storno).document.gross_total == invoice.document.gross_total
    delivered = Line.objects.filter(document=first.document)
    assert all(item.invoiced == item.quantity for item in delivered)
