"""The document page: one line per discount or charge, and the next step after delivering."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from documents.case import Case
from documents.models import AllowanceCharge
from documents.services.content import content_of
from documents.views.detail import causes_of, terms_of
from masterdata.models import PaymentTermInstalment
from tests.factories.documents import act, again, draft, follow, line, submitted
from tests.factories.masterdata import make_article
from tests.factories.world import World, make_world, quote
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, User
from valeo.tenancy.selectors import system_actor
from workflow.views.follow_ups import follow_ups

D = Decimal


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id or 0), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def page_of(actor: Actor, case: Case, **query: str) -> str:
    url = reverse("documents:detail", args=[case.document.uuid])
    answer = browser(actor).get(url, query, headers={"accept-language": "de"})
    assert answer.status_code == 200
    return re.sub(r"[ \n]+", " ", answer.content.decode())


def test_a_discount_and_a_freight_are_one_line_each(world: World) -> None:
    case = quote(world)
    assert AllowanceCharge.objects.filter(document=case.document).count() == 4, "stored once per VAT rate"
    with translation.override("de"):
        discount, freight = causes_of(again(case))
    total = sum(row.amount for row in AllowanceCharge.objects.filter(document=case.document, is_charge=False))
    assert discount.label.endswith("3\u00a0%")
    assert discount.amount == f"\u2212{total}".replace(".", ",") + "\u00a0€"
    assert freight.amount == "120,00\u00a0€"
    assert [rate for rate, _part in freight.parts] == ["19\u00a0% USt", "7\u00a0% USt"]
    page = page_of(world.clerk, case)
    assert page.count(f"<dd>{discount.amount}</dd>") == page.count("<dd>120,00\u00a0€</dd>") == 1
    assert page.count('<details class="split-of">') == 2


def test_with_one_rate_there_is_nothing_to_unfold(world: World) -> None:
    data = draft("quotation", world.customer, line(world.wheat, "1", discount_percent=D(0)))
    case = submitted(world.company, world.clerk, data)
    assert causes_of(again(case)) == []
    assert "split-of" not in page_of(world.clerk, case)


def ordered(world: World, *lines: tuple[object, str]) -> Case:
    data = draft("sales_order", world.customer, *(line(article, quantity) for article, quantity in lines))  # type: ignore[arg-type]
    return again(submitted(world.company, world.clerk, data))


def delivered(world: World, order: Case, quantity: str) -> Case:
    picks = {order.lines[0].pk: quantity}
    return again(
        act(
            follow(world.company, world.warehouse, "delivery_note", again(order), picks=picks),
            "submit",
            world.warehouse,
        )
    )


def invoice_button(case: Case, actor: Actor) -> str:
    """Where the order's page leads on to its invoice; empty: nowhere."""
    return next((each.url for each in follow_ups(again(case), actor) if each.kind == "sales_invoice"), "")


def test_a_delivered_order_leads_on_to_its_invoice(world: World) -> None:
    order = ordered(world, (world.wheat, "20"))
    assert invoice_button(order, world.accountant) == "", "nothing is delivered yet"
    deliveries = [delivered(world, order, "12"), delivered(world, order, "8")]
    url = invoice_button(order, world.accountant)
    first, second = (str(each.document.uuid) for each in deliveries)
    assert url == reverse("documents:follow_up", args=["sales_invoice", first]) + f"?also={second}"
    page = page_of(world.accountant, order)
    assert (
        re.search(rf'<a class="btn btn-primary"[^>]* href="{re.escape(url)}"', page)
        or f'href="{url}"' in page
    )
    picking = browser(world.accountant).get(url)
    assert [row.quantity for row in picking.context["rows"]] == ["12", "8"]
    made = browser(world.accountant).post(
        reverse("documents:follow_up", args=["sales_invoice", first]),
        {
            "also": second, "do": "create",
            **{f"pick-{row.proposal.line.pk}": "on" for row in picking.context["rows"]},
            **{f"quantity-{row.proposal.line.pk}": row.quantity for row in picking.context["rows"]},
        },
    )  # fmt: skip
    assert made.status_code == 303


def test_what_is_invoiced_is_not_offered_again(world: World) -> None:
    order = ordered(world, (world.wheat, "20"))
    first, second = delivered(world, order, "12"), delivered(world, order, "8")
    act(follow(world.company, world.accountant, "sales_invoice", first), "submit", world.accountant)
    assert str(second.document.uuid) in invoice_button(order, world.accountant)
    assert str(first.document.uuid) not in invoice_button(order, world.accountant)
    act(follow(world.company, world.accountant, "sales_invoice", second), "submit", world.accountant)
    assert invoice_button(order, world.accountant) == ""


def test_services_of_the_order_go_on_the_same_invoice(world: World) -> None:
    service = make_article(
        system_actor(world.company.pk), "HUR", kind="service", list_price=D("85"), stock_managed=False
    )
    order = ordered(world, (world.wheat, "20"), (service, "2"))
    delivery = delivered(world, order, "20")
    url = invoice_button(order, world.accountant)
    assert str(delivery.document.uuid) in url.partition("?")[0]
    assert url.endswith(f"?also={order.document.uuid}")
    rows = browser(world.accountant).get(url).context["rows"]
    assert [row.quantity for row in rows] == ["20", "2"]


def facts_of(page: str) -> dict[str, str]:
    """What stands under which word."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page)
    return {
        re.sub(r"<[^>]+>", "", name).strip(): re.sub(r"<[^>]+>", " ", text).strip() for name, text in found
    }


def test_dates_have_the_words_of_their_kind(world: World) -> None:
    """Only what opens items falls due; an order has a delivery date, an invoice a date of supply."""
    data = draft("sales_order", world.customer, line(world.wheat, "2"), supply_from=dt.date(2026, 12, 1))
    order = again(submitted(world.company, world.clerk, data))
    page = page_of(world.clerk, order)
    assert order.instalments
    assert facts_of(page)["Liefertermin"] == "01.12.2026"
    assert "Fällig" not in page
    delivery = delivered(world, order, "2")
    assert "Fällig" not in page_of(world.clerk, delivery)
    work = make_article(
        system_actor(world.company.pk), "HUR", kind="service", stock_managed=False, list_price=D(50)
    )
    data = draft("sales_invoice", world.customer, line(work, "2"), supply_from=dt.date(2026, 11, 1))
    bill = again(submitted(world.company, world.accountant, data))
    page = page_of(world.accountant, bill)
    assert "Fällig" in page
    assert facts_of(page)["Leistungsdatum"] == "01.11.2026"
    quotation = draft("quotation", world.customer, line(world.wheat, "2"), valid_until=dt.date(2027, 1, 31))
    page = page_of(world.clerk, again(submitted(world.company, world.clerk, quotation)))
    assert facts_of(page)["Gültig bis"] == "31.01.2027"
    assert "Fällig" not in page


def test_units_and_terms_are_in_the_readers_language(world: World) -> None:
    """The document is German; its paper stays so, the screen of an English reader is not."""
    case = ordered(world, (world.lime, "40"))
    terms = case.document.terms_text
    assert (case.document.language, terms) == ("de", terms_of(case)), "read by a German"
    User.objects.filter(pk=world.clerk.user_id or 0).update(language="en")
    page = page_of(world.clerk, case)
    assert re.search(r"40\s*<span[^>]*>\s*sack", page)
    assert "Sack</" not in page
    with translation.override("en"):
        shown = terms_of(case)
    assert shown != terms
    assert shown in page
    assert terms not in page
    assert content_of(case)["lines"][0]["unit_symbol"] == "Sack"


def test_terms_that_were_changed_since_stay_as_agreed(world: World) -> None:
    case = ordered(world, (world.wheat, "1"))
    part = PaymentTermInstalment.objects.filter(term=case.document.payment_term_id).get()
    part.days += 30
    part.save()
    with translation.override("en"):
        assert terms_of(again(case)) == case.document.terms_text
