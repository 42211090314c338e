"""Dashboard and search in a real browser: accessible in both languages, light and dark, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.office.conftest import Office
from tests.support.browser import chromium
from valeo.tenancy.models import User

pytestmark = [pytest.mark.e2e]
STREAM = ": here\n\n"
LOOKS = [
    (language, scheme, width)
    for language in ("de", "en")
    for scheme in ("light", "dark")
    for width in (1440, 390)
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django would refuse to empty the tables beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(
    browser: Browser, live_server: Any, settings: Any, office: Office, client_for: Callable[..., Client]
) -> Iterator[BrowserContext]:
    """An administrator is signed in; the stream answers nothing, as this server has none."""
    settings.DEBUG = True
    office.everything()
    cookie = client_for("administrator").cookies["sessionid"]
    opened = browser.new_context(viewport={"width": 1440, "height": 1000}, base_url=live_server.url)
    opened.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    opened.route(
        "**/api/stream/**",
        lambda route: route.fulfill(status=200, content_type="text/event-stream", body=STREAM),
    )
    yield opened
    opened.close()


def opened_page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    return page


@pytest.mark.parametrize("address", ["/", "/search/?q=petersen", "/search/?q=nirgends"])
def test_accessible_and_nothing_scrolls_sideways(
    context: BrowserContext, office: Office, address: str
) -> None:
    complaints: list[str] = []
    page = opened_page(context, complaints)
    for language, scheme, width in LOOKS:
        User.objects.filter(memberships__company=office.company).update(language=language)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 1000})
        page.goto(address)
        page.wait_for_selector("html.js")
        expect(page.locator("html")).to_have_attribute("lang", language)
        found = Axe().run(page).response["violations"]
        faults = [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found]
        assert faults == [], (language, scheme, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, scheme, width)
    assert complaints == []


def test_the_palette_finds_and_goes(context: BrowserContext, office: Office) -> None:
    order = office.order().document
    complaints: list[str] = []
    page = opened_page(context, complaints)
    page.goto("/")
    page.wait_for_selector("#palette input[role=combobox]", state="attached")
    page.keyboard.press("Control+k")
    page.keyboard.type(order.number)
    expect(page.locator("#palette-list")).to_contain_text(order.number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/documents/{order.uuid}/")
    page.goto("/")
    page.wait_for_selector("#palette input[role=combobox]", state="attached")
    page.keyboard.press("n")
    page.wait_for_url("**/documents/sales_order/new/")
    assert complaints == []


def test_an_event_refreshes_the_boxes(context: BrowserContext, office: Office) -> None:
    page = opened_page(context, [])
    page.goto("/")
    page.wait_for_selector("html.js")
    page.wait_for_function("() => document.querySelector('[data-live-indicator]').dataset.live !== 'idle'")
    order = office.order().document
    expect(page.locator("#tile-deliver")).not_to_contain_text(order.number)
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('valeo:event', {detail: {channel: 'workflow', document: ''}}))"
    )
    expect(page.locator("#tile-deliver")).to_contain_text(order.number)
    expect(page.locator("#tile-feed")).to_contain_text(order.number)
    expect(page.locator("#tile-todo")).to_have_class("tile first t5")
