"""The editor in a real browser: what is offered while one types, the price's unit, lots; nothing blocked by the CSP."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from inventory.services import entries
from masterdata.models import Article, Warehouse
from tests.factories.masterdata import make_article
from tests.factories.world import World, make_world
from tests.support.browser import chromium
from valeo.tenancy.models import Company, User
from valeo.tenancy.selectors import system_actor

pytestmark = [pytest.mark.e2e]
D = Decimal
STREAM = ": here\n\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django would refuse to empty the tables beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.fixture
def feed(world: World) -> Article:
    """An article with lots, two of them in stock."""
    system = system_actor(world.company.pk)
    made = make_article(system, "TNE", number="30441", name_de="Futter", lot_duty=True, list_price=D(300))
    store = Warehouse.objects.get(is_default=True)
    for lot, quantity in (("CHARGE-7", D(5)), ("CHARGE-8", D(20))):
        entry = entries.StockEntry(
            made.uuid,
            store.uuid,
            quantity,
            "Opening balance",
            unit_cost=D(180),
            lot=lot,
        )
        entries.record_opening(actor=system, entry=entry)
    return made


@pytest.fixture
def page(
    browser: Browser, live_server: Any, settings: Any, world: World, client_for: Callable[..., Client]
) -> Iterator[Page]:
    """A signed-in page whose console must stay empty: a blocked style or a script error fails the test."""
    settings.DEBUG = True
    cookie = client_for("administrator").cookies["sessionid"]
    User.objects.filter(memberships__company=world.company).update(language="de")
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    context.route(
        "**/api/stream/**",
        lambda route: route.fulfill(status=200, content_type="text/event-stream", body=STREAM),
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert complaints == []


def choose(page: Page, name: str, text: str) -> None:
    page.locator(f'[name="{name}"]').press_sequentially(text)
    expect(page.locator(".combo-opt").first).to_be_visible()
    page.keyboard.press("Enter")


def test_type_ahead_knows_the_customer_and_says_what_is_not_there(page: Page, world: World) -> None:
    page.goto(reverse("documents:new", args=["sales_order"]))
    page.wait_for_selector("html.js")
    page.locator('[name="partner"]').press_sequentially("nobody")
    expect(page.locator(".combo-list")).to_contain_text("Diesen Partner gibt es nicht.")
    page.locator('[name="partner"]').fill("")
    choose(page, "partner", world.customer.name[:8])
    page.locator('[name="lines-0-article"]').press_sequentially(world.wheat.number)
    option = page.locator(".combo-opt").first
    expect(option).to_contain_text("240,00")  # his list, not the 250.00 of the article
    page.keyboard.press("Enter")
    expect(page.locator('[name="lines-0-quantity"]')).to_be_focused()
    page.keyboard.type("3")
    expect(page.locator('#lines-0 [data-calc="per"]')).to_have_text("je t")
    page.locator('[name="lines-1-article"]').press_sequentially("nothing like it")
    expect(page.locator(".combo-list")).to_contain_text("Diesen Artikel gibt es nicht.")


def test_the_draft_note_and_the_keys_are_seen_whole(page: Page) -> None:
    page.goto(reverse("documents:new", args=["sales_order"]))
    page.wait_for_selector("html.js")
    page.locator('[name="partner"]').press_sequentially("x")
    note = page.locator("[data-draft-note]")
    expect(note).not_to_be_empty()
    assert note.evaluate(
        "(each) => each.scrollWidth <= each.clientWidth && each.scrollHeight <= each.clientHeight + 1"
    )
    # as wide as with a wider font: still one row, and the way to all keys is in it
    keys = page.locator(".keys")
    keys.evaluate("(each) => { each.style.letterSpacing = '.15em'; }")
    first = keys.locator("span").first
    expect(first).to_contain_text("alle Tasten")
    assert keys.evaluate("(each) => each.getBoundingClientRect().height") < 40
    assert first.evaluate(
        "(each) => each.getBoundingClientRect().bottom <= each.parentElement.getBoundingClientRect().bottom"
    )


def test_lots_in_stock_are_offered_in_the_delivery(page: Page, world: World, feed: Article) -> None:
    page.goto(reverse("documents:new", args=["delivery_note"]))
    page.wait_for_selector("html.js")
    choose(page, "partner", world.customer.name[:8])
    choose(page, "lines-0-article", feed.number)
    expect(page.locator('[name="lines-0-quantity"]')).to_be_focused()
    page.keyboard.type("8")
    expect(page.locator('#lines-0 [data-calc="available"]')).not_to_be_empty()
    page.locator("#lines-0 [data-line-more]").check()
    pick, area = page.locator("#lines-0 .lots-pick input"), page.locator('[name="lines-0-lots"]')
    pick.click()
    expect(page.locator(".combo-opt")).to_have_count(2)
    page.locator(".combo-opt", has_text="CHARGE-7").click()
    expect(area).to_have_value("CHARGE-7 = 5")
    expect(page.locator('#lines-0[data-missing="3.000000"]')).to_be_attached()
    pick.click()
    page.locator(".combo-opt", has_text="CHARGE-8").click()
    expect(area).to_have_value("CHARGE-7 = 5\nCHARGE-8 = 3")
    expect(page.locator('[name="lines-0-article"]')).to_have_value(feed.number)


def test_lots_in_stock_are_offered_in_the_correction(page: Page, feed: Article) -> None:
    page.goto(reverse("inventory:correction"))
    page.wait_for_selector("html.js")
    page.locator('[name="lot"]').press_sequentially("CHA")
    expect(page.locator(".combo-list")).to_contain_text("zuerst")  # the article first
    page.locator('[name="article"]').press_sequentially(feed.number)
    expect(page.locator(".combo-opt").first).to_be_visible()
    page.keyboard.press("Enter")
    page.locator('[name="lot"]').fill("")
    choose(page, "lot", "CHARGE-8")
    expect(page.locator('[name="lot"]')).to_have_value("CHARGE-8")


def test_a_unit_typed_with_the_quantity_goes_into_its_own_cell(page: Page, world: World) -> None:
    page.goto(reverse("documents:new", args=["sales_order"]))
    page.wait_for_selector("html.js")
    choose(page, "partner", world.customer.name[:8])
    choose(page, "lines-0-article", world.lime.number)
    quantity, unit = page.locator('[name="lines-0-quantity"]'), page.locator('[name="lines-0-unit"]')
    expect(quantity).to_be_focused()
    page.keyboard.type("1,5 t")
    net = page.locator('#lines-0 [data-calc="net"]')
    expect(net).to_have_text("562,50")
    expect(quantity).to_have_value("1,5 t")  # nothing moves under who is typing
    page.keyboard.press("Enter")
    expect(quantity).to_have_value("1,5")
    expect(unit).to_have_value("t")
    quantity.fill("2 Fass")
    page.keyboard.press("Enter")
    expect(page.locator("#lines-0-errors")).to_contain_text("Fass")
    expect(quantity).to_have_attribute("aria-invalid", "true")
    expect(quantity).to_have_value("2 Fass")


def test_goods_that_came_back_are_ticked_in_the_table_by_keyboard(page: Page) -> None:
    page.goto(reverse("documents:new", args=["credit_note"]))
    page.wait_for_selector("html.js")
    tick, tax = page.locator('[name="lines-0-with_goods"]'), page.locator('[name="lines-0-tax_code"]')
    expect(tick).to_be_hidden()  # none of it without a quantity credit
    tax.focus()
    page.locator('[name="reason_kind"]').select_option("quantity")
    expect(tick).to_be_visible()
    page.locator('[name="lines-0-description"]').fill("Weizen")
    tax.focus()
    page.keyboard.press("Enter")
    expect(tick).to_be_focused()
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator('[name="lines-1-article"]')).to_be_focused()
    expect(page.locator("tbody.line")).to_have_count(2)  # an unticked box makes no line
    page.locator('[name="reason_kind"]').select_option("price")
    tax.focus()
    page.keyboard.press("Enter")
    expect(page.locator('[name="lines-1-article"]')).to_be_focused()


def test_discounts_and_charges_are_added_by_a_button_and_survive_a_reload(page: Page) -> None:
    page.goto(reverse("documents:new", args=["sales_order"]))
    page.wait_for_selector("html.js")
    add = page.locator("[data-rows-add]")
    expect(page.locator("[data-row]")).to_have_count(0)
    add.click()
    expect(page.locator('[name="allowances-0-sign"]')).to_be_focused()
    page.locator('[name="allowances-0-percent"]').fill("3")
    add.click()
    page.locator('[name="allowances-1-amount"]').fill("120")
    expect(page.locator("[data-draft-note]")).not_to_be_empty()
    page.reload()
    page.wait_for_selector("html.js")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator('[name="allowances-1-amount"]')).to_have_value("120")


def test_more_rows_than_a_document_has_lines_are_named_when_they_are_pasted(page: Page) -> None:
    page.goto(reverse("documents:new", args=["quotation"]))
    page.wait_for_selector("html.js")
    page.locator('[name="lines-0-article"]').evaluate(
        """(cell) => { const data = new DataTransfer(); data.setData("text/plain", "x\\ty\\n".repeat(503));
        cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }"""
    )
    expect(page.locator("tbody.line")).to_have_count(500)
    expect(page.locator("[data-toasts]")).to_contain_text("500")
    expect(page.locator("[data-toasts]")).to_contain_text("3 ")
