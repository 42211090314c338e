"""Submit: blocks with all reasons at once, release by rule, and every kind of exception with its figure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest

from documents.inputs import AllowanceInput
from documents.models import Document
from documents.states import State
from masterdata.models import TaxCode
from tests.factories.documents import act, again, discount, draft, follow, line, submitted
from tests.factories.steps import delivery, drafted, edited, exceptions, order, set_partner
from tests.factories.tenancy import make_actor
from tests.factories.world import World, quote
from tests.support.proofs import conflicts, forbidden, refused, refuses
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotPermitted, Refused
from workflow.models import ReleaseRule
from workflow.services.begin import today_in
from workflow.services.settings import save_limits

D = Decimal


def test_all_blocks_are_told_at_once(world: World) -> None:
    case = drafted(
        world, "sales_order", line(world.wheat, "10", price=D(0)), line(world.lime, "4", description=" "),
        supply_from=dt.date(2026, 5, 2), supply_to=dt.date(2026, 5, 1),
    )  # fmt: skip
    set_partner(world, blocked=True, blocked_reason="Insolvent")
    error = refused(
        case, "submit", world.clerk, "free-without-reason", "line-text", "partner-blocked", "span-order"
    )
    assert next(item for item in error.violations if item.code == "free-without-reason").line == 1
    assert "Insolvent" in str(error)


def test_a_refused_save_and_submit_leaves_no_draft(world: World) -> None:
    set_partner(world, active=False)
    with refuses(Refused, "partner-inactive"):
        submitted(world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "1")))


def test_inactive_invoice_recipient_is_named(world: World) -> None:
    case = drafted(world, "sales_order")
    set_partner(world, active=False)
    error = refused(case, "submit", world.clerk, "partner-inactive")
    assert world.customer.name in str(error)


def test_a_document_needs_a_line_with_an_amount(world: World) -> None:
    from documents.inputs import LineInput
    from documents.kinds import LineKind

    case = drafted(world, "quotation", LineInput(line_kind=LineKind.TEXT, description="Nothing but words"))
    refused(case, "submit", world.clerk, "no-lines")


def test_negative_quantities_are_for_returns_only(world: World) -> None:
    case = drafted(world, "sales_order", line(world.wheat, "-3"))
    refused(case, "submit", world.clerk, "line-negative")


def test_a_total_below_zero_is_no_sale(world: World) -> None:
    """A discount as an amount went with the first part of an order, which is worth less."""
    rebate = AllowanceInput(is_charge=False, amount=D("1000.00"), reason="Rebate")
    small = drafted(world, "sales_order", line(world.wheat, "2"), allowances=(rebate,))
    refused(small, "submit", world.clerk, "total-negative")
    first = order(world, line(world.wheat, "20"), allowances=(rebate,))
    if first.document.state == State.PENDING:  # beyond the limit of discounts
        first = act(first, "approve", world.manager)
    done = delivery(world, again(first), {first.lines[0].pk: "2"})
    bill = follow(world.company, world.accountant, "sales_invoice", done)
    assert bill.document.payable_total < 0
    refused(bill, "submit", world.accountant, "total-negative")


def test_goods_are_invoiced_from_deliveries_only(world: World) -> None:
    case = drafted(world, "sales_invoice", line(world.wheat, "3"), actor=world.accountant)
    error = refused(case, "submit", world.accountant, "invoice-without-delivery")
    assert "erst liefern" in str(error)


def test_an_invoice_needs_the_fields_of_the_law(world: World) -> None:
    done = delivery(world, order(world, line(world.wheat, "2")))
    case = follow(world.company, world.accountant, "sales_invoice", done)
    world.company.vat_id = world.company.tax_number = ""
    world.company.save()
    set_partner(world, postal_code="")
    refused(case, "submit", world.accountant, "seller-tax-id", "party-incomplete")


def test_within_all_limits_it_is_released_and_posted_at_once(world: World) -> None:
    case = order(world)
    document = again(case).document
    assert (document.state, document.number[:3]) == (State.POSTED, "SO-")
    entries = list(
        AuditEntry.objects.filter(object_id=document.pk, object_type="documents.document").order_by("seq")
    )
    assert [(row.action, row.from_state, row.to_state) for row in entries] == [
        ("create", "", "draft"), ("submit", "draft", "pending"), ("approve", "pending", "approved"),
        ("post", "approved", "posted"),
    ]  # fmt: skip
    assert entries[2].data["released_by"] == "rule"


def test_an_invoice_of_a_delivery_at_its_price_posts_by_itself_but_not_for_a_clerk(world: World) -> None:
    done = delivery(world, order(world, line(world.wheat, "2")))
    case = act(follow(world.company, world.clerk, "sales_invoice", done), "submit", world.clerk)
    assert again(case).document.state == State.APPROVED, "released by rule, but a clerk does not post"
    assert again(case).document.number == ""
    case = act(again(case), "post", world.accountant)
    assert again(case).document.number.startswith("INV-")


def test_without_post_on_release_it_stays_approved(world: World) -> None:
    ReleaseRule.objects.create(company=world.company, kind="sales_order", post_on_release=False)
    case = order(world)
    assert case.document.state == State.APPROVED
    assert case.document.number == ""
    assert act(case, "post", world.clerk).document.state == State.POSTED


LINES: dict[str, tuple[dict[str, Any], dict[str, tuple[str, str]]]] = {
    "discount of a line": ({"discount_percent": D(15)}, {"discount": ("15", "%")}),
    "discount entered as a price": ({"price": D("200")}, {"discount": ("16.67", "%")}),
    "below cost": ({"price": D("170")}, {"discount": ("29.17", "%"), "below-cost": ("1E+2", "EUR")}),
    "free": ({"price": D(0), "free_reason": "sample"}, {"free-line": ("1E+1", "TNE")}),
}


@pytest.mark.parametrize("name", LINES)
def test_exceptions_of_a_line(world: World, name: str) -> None:
    values, expected = LINES[name]
    case = order(world, line(world.wheat, "10", **values))
    assert case.document.state == State.PENDING
    assert exceptions(case) == expected


def test_a_discount_at_the_limit_passes(world: World) -> None:
    assert order(world, line(world.wheat, "10", discount_percent=D(10))).document.state == State.POSTED


def test_line_and_document_discount_count_together(world: World) -> None:
    case = order(world, line(world.wheat, "10", discount_percent=D(8)), allowances=(discount("5"),))
    assert exceptions(case) == {"discount": ("12.6", "%")}, "1 − 0.92 × 0.95"


def test_over_the_credit_limit(world: World) -> None:
    case = order(world, line(world.wheat, "95"))
    assert exceptions(case) == {"over-credit-limit": ("3379.5", "EUR")}
    assert case.document.state == State.PENDING


def test_an_empty_limit_is_none_and_zero_is_prepayment(world: World) -> None:
    set_partner(world, credit_limit=None)
    assert order(world, line(world.wheat, "95")).document.state == State.POSTED
    set_partner(world, credit_limit=D(0))
    case = order(world, line(world.wheat, "1"))
    assert set(exceptions(case)) == {"over-credit-limit"}


def test_a_delivery_or_invoice_of_an_order_adds_no_exposure(world: World) -> None:
    case = order(world, line(world.wheat, "60"))
    set_partner(world, credit_limit=D(100))
    done = delivery(world, case)
    assert done.document.state == State.POSTED
    bill = act(follow(world.company, world.accountant, "sales_invoice", done), "submit", world.accountant)
    assert bill.document.state == State.POSTED


def test_a_manual_tax_code(world: World) -> None:
    code = TaxCode.objects.filter(rates__percent=19, category="S").first()
    assert code is not None
    case = order(world, line(world.wheat, "1", tax_code_id=code.pk))
    assert exceptions(case) == {"manual-tax": ("", "")}


def test_over_delivery_beyond_the_tolerance(world: World) -> None:
    case = order(world)
    done = delivery(world, case, {case.lines[0].pk: "22"})
    assert exceptions(done) == {"over-delivery": ("2", "TNE")}


def test_stock_below_zero(world: World) -> None:
    set_partner(world, credit_limit=None)
    case = submitted(
        world.company, world.warehouse, draft("delivery_note", world.customer, line(world.wheat, "501"))
    )
    assert exceptions(case) == {"stock-below-zero": ("1", "TNE")}
    admin = make_actor(world.company)
    save_limits(actor=admin, values={"negative_stock_asks": False})
    case = submitted(
        world.company, world.warehouse, draft("delivery_note", world.customer, line(world.wheat, "501"))
    )
    assert case.document.state == State.POSTED


def test_an_invoice_at_another_price_than_the_delivery(world: World) -> None:
    done = delivery(world, order(world, line(world.wheat, "2")))
    case = edited(world, follow(world.company, world.accountant, "sales_invoice", done), price=D("229"))
    case = act(case, "submit", world.accountant)
    assert exceptions(case) == {"price-unlike-source": ("11", "EUR")}


def test_an_order_from_a_quotation_that_ran_out(world: World) -> None:
    quotation = quote(world)
    case = follow(world.company, world.clerk, "sales_order", quotation)
    with pgtrigger.ignore():  # time cannot be turned on otherwise
        Document.objects.filter(pk=quotation.document.pk).update(
            valid_until=today_in(world.company) - dt.timedelta(days=1)
        )
    case = act(case, "submit", world.clerk)
    assert exceptions(case) == {"quotation-expired": ("", "")}


def test_an_order_from_a_declined_quotation(world: World) -> None:
    quotation = quote(world)
    case = follow(world.company, world.clerk, "sales_order", quotation)
    act(quotation, "decline", world.clerk, "Too dear")
    case = act(case, "submit", world.clerk)
    assert exceptions(case) == {"quotation-declined": ("", "")}


def test_limits_can_be_loosened(world: World) -> None:
    admin = make_actor(world.company)
    save_limits(actor=admin, values={"max_discount_percent": D(50), "free_lines_ask": False})
    assert order(world, line(world.wheat, "10", discount_percent=D(20))).document.state == State.POSTED
    assert (
        order(world, line(world.wheat, "1", price=D(0), free_reason="bonus")).document.state == State.POSTED
    )
    save_limits(actor=admin, values={"min_margin_percent": D(30)})
    case = order(world, line(world.wheat, "1"))
    assert exceptions(case) == {"below-cost": ("17.14", "EUR")}, "180 ÷ 0.7 = 257.14"


def test_texts_of_exceptions_speak_both_languages(world: World) -> None:
    from workflow.models import DocumentException

    row = DocumentException.objects.get(document=order(world, line(world.wheat, "95")).document)
    assert set(row.text) == {"de", "en"}
    assert "3.379,50" in row.text["de"]
    assert "3,379.50" in row.text["en"]


def test_who_may_not_write_submits_nothing(world: World) -> None:
    case = drafted(world, "sales_order")
    auditor = make_actor(world.company, ["auditor"])
    forbidden(lambda: act(case, "submit", auditor), "sales:write")
    with refuses(NotPermitted):
        drafted(world, "sales_order", actor=auditor)


def test_a_stale_version_and_a_second_press_conflict(world: World) -> None:
    case = drafted(world, "sales_order")
    stale = case.document.version
    edited(world, case, actor=world.clerk, quantity=D(3), price_quantity=None)
    conflicts(lambda: act(case, "submit", world.clerk, expected_version=stale), "stale-version")
    act(case, "submit", world.clerk)
    conflicts(lambda: act(case, "submit", world.clerk), "wrong-state")
