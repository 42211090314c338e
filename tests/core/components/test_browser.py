"""The scripts of the kit in a real browser, under the project's own Content-Security-Policy."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import chromium

pytestmark = [pytest.mark.e2e, pytest.mark.urls("tests.core.components.urls")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django would refuse to empty the tables beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser, live_server: Any, settings: Any) -> Iterator[Page]:
    """A page whose console must stay empty: a blocked inline style or a script error fails the test."""
    settings.DEBUG = True
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", base_url=live_server.url
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert complaints == []


def test_palette_finds_documents_and_keys_are_listed(page: Page) -> None:
    page.goto("/form/")
    page.wait_for_selector("#palette input[role=combobox]", state="attached")
    page.keyboard.press("Control+k")
    page.keyboard.type("petersen")
    expect(page.locator("#palette-list")).to_contain_text("Hof Petersen GbR")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_a_list_is_worked_by_keyboard(page: Page) -> None:
    page.goto("/styleguide/")
    expect(page.locator("[data-bulk]")).to_be_hidden()  # the script has run
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_contain_text("1")
    expect(page.locator("tr.is-cursor")).to_have_attribute("aria-selected", "true")


def test_lines_are_entered_without_a_mouse(page: Page) -> None:
    page.goto("/form/")
    page.wait_for_selector("html.js")
    page.locator('[name="lines-0-article"]').press_sequentially("201")
    expect(page.locator(".combo-opt")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator('[name="lines-0-unit"]')).to_have_value("t")
    expect(page.locator('[name="lines-0-quantity"]')).to_be_focused()
    page.keyboard.type("22")
    expect(page.locator('#lines-0 [data-calc="net"]')).to_have_text("net 22")
    expect(page.locator("[data-rail]")).to_contain_text("sum 22")
    expect(page.locator('[name="lines-0-price"]')).to_have_attribute("aria-invalid", "true")
    for _ in range(5):
        page.keyboard.press("Enter")
    expect(page.locator('[name="lines-1-article"]')).to_be_focused()
    page.keyboard.press("F8")
    expect(page.locator('[name="lines-0-price"]')).to_be_focused()
    page.keyboard.press("Control+d")
    expect(
        page.locator("tbody.line:not(.blank)").filter(has=page.locator('[data-line-number]:text("2")'))
    ).to_have_count(1)
    page.keyboard.press("Control+Delete")
    expect(page.locator("tbody.line[hidden]")).to_have_count(1)


def test_enter_before_the_answer_takes_the_best_hit(page: Page) -> None:
    """A scanner types a number and Enter at once, and so does who knows the numbers."""
    page.goto("/form/")
    page.wait_for_selector("html.js")
    page.locator('[name="lines-0-article"]').focus()
    with page.expect_response(re.compile("q=201")):
        page.evaluate(
            """() => { const cell = document.activeElement; cell.value = "201";
            cell.dispatchEvent(new InputEvent("input", {bubbles: true}));
            cell.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true})); }"""
        )
    expect(page.locator('[name="lines-0-article"]')).to_have_value("10482")
    expect(page.locator('[name="lines-0-quantity"]')).to_be_focused()
    expect(page.locator(".combo-opt")).to_have_count(0)


def test_rows_from_a_spreadsheet_become_lines(page: Page) -> None:
    page.goto("/form/")
    page.wait_for_selector("html.js")
    page.evaluate(
        """(text) => { const cell = document.querySelector('[name="lines-0-article"]'); const data = new DataTransfer();
        data.setData("text/plain", text);
        cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }""",
        '1\tA\t3\tt\n2\t"B ""b"""\t4\tkg\n',
    )
    expect(page.locator('[name="lines-1-description"]')).to_have_value('B "b"')
    expect(page.locator('[name="lines-TOTAL_FORMS"]')).to_have_value("3")


def test_nothing_typed_is_lost(page: Page) -> None:
    page.goto("/form/")
    page.wait_for_selector("html.js")
    page.fill("#id_notes", "kept")
    page.fill('[name="lines-0-article"]', "123")
    page.wait_for_function(
        "() => Object.keys(localStorage).some((key) => localStorage[key].includes('kept'))"
    )
    page.reload()
    expect(page.locator("#id_notes")).to_have_value("kept")
    expect(page.locator('[name="lines-0-article"]')).to_have_value("123")
    page.keyboard.press("Control+Enter")  # the login has expired: the answer is the login page
    page.wait_for_selector("input[type=password]")
    page.goto("/form/")
    expect(page.locator("#id_notes")).to_have_value("kept")
    page.locator("form[data-draft]").evaluate("(form) => { form.action = '/done/'; }")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/done/")
    page.wait_for_function("() => Object.keys(localStorage).length === 0")


def test_kept_entries_are_given_up_for_good(page: Page) -> None:
    page.goto("/form/")
    page.wait_for_selector("html.js")
    page.fill("#id_notes", "not this")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => localStorage[key].includes('not'))")
    page.reload()
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("button", name="Start over")).to_have_count(0)
    expect(page.locator("#id_notes")).to_have_value("")
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('draft'))") == []


def test_an_event_refreshes_what_shows_the_document(page: Page) -> None:
    page.goto("/form/")
    expect(page.locator("#live")).to_have_text("new")
    expect(page.locator("[data-toasts]")).to_contain_text("SO-1")


@pytest.mark.parametrize("genuine", [True, False])
def test_a_pdf_is_compared_in_the_browser(page: Page, *, genuine: bool) -> None:
    content = b"%PDF-1.7 issued"
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(f"/form/?hash={hashlib.sha256(content if genuine else b'other').hexdigest()}")
    page.wait_for_selector("html.js")
    page.wait_for_load_state("networkidle")
    page.set_input_files(
        "[data-verify] input", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    expect(page.locator("main")).to_contain_text("a.pdf")
    expect(page.locator(".notice-ok" if genuine else ".notice-danger")).to_be_visible()
    assert sent == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_part_is_accessible_and_fits(page: Page, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/styleguide/")
    page.wait_for_selector("html.js")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_at_360_pixels_only_the_entry_grid_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for url in ("/styleguide/", "/form/"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
