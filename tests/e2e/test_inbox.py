"""The approvals by keyboard: from item to item without losing the place, live where somebody else was first; the bell."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Hire
from tests.e2e.house import House
from tests.e2e.person import faults_of, go, press


def opened(page: Page) -> str:
    """The public id of the item that is open in the list."""
    return page.locator(".inbox-row.is-current").get_attribute("data-uuid") or ""


def after(page: Page, key: str) -> str:
    """The item below it in the list."""
    row = page.locator(f'.inbox-row[data-uuid="{key}"] + .inbox-row')
    return row.get_attribute("data-uuid") or ""


def scrolled(page: Page) -> float:
    return float(page.locator("[data-inbox-list]").evaluate("(form) => form.scrollTop"))


def pressed(page: Page, key: str) -> None:
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)
    page.wait_for_selector("html.js", state="attached")


def test_one_after_the_other_by_keyboard(house: House, hire: Hire) -> None:
    # far enough down that it is out of sight whatever other tests have decided above it
    first = house.scene["documents"]["waiting_9"]
    page = hire("maren", locale="en-GB", viewport={"width": 1440, "height": 700}).page(
        f"/approvals/?item={first}"
    )
    assert opened(page) == first
    place = scrolled(page)
    assert place > 0, "the open row is brought into view"
    second = after(page, first)
    pressed(page, "a")
    assert opened(page) == second
    assert abs(scrolled(page) - place) < 120, "the list has not jumped"
    expect(page.locator(f'.inbox-row[data-uuid="{first}"]')).to_have_count(0)
    toast = page.locator(".toast")
    expect(toast).to_contain_text(re.compile(r"SO-\d{4}-\d{5}"))
    expect(toast.locator("a")).to_have_attribute("href", f"/documents/{first}/")
    assert faults_of(page) == []

    third = after(page, second)
    page.keyboard.press("r")  # no reason yet: it is asked for on the spot
    expect(page.locator("#reason")).to_be_focused()
    expect(page.locator("[data-reason-needed]")).to_be_visible()
    assert faults_of(page) == []
    page.keyboard.type("No samples this year")
    expect(page.locator("[data-reason-needed]")).to_be_hidden()
    press(page, '.decide button[value="reject"]')
    assert opened(page) == third
    pressed(page, "k")
    assert opened(page) != third

    go(page, f"/documents/{second}/")
    expect(page.locator("main")).to_contain_text("No samples this year")


def test_a_correction_is_decided_as_one(house: House, hire: Hire) -> None:
    key = house.scene["documents"]["corrected"]
    page = hire("maren", locale="en-GB").page(f"/approvals/?item={key}")
    item = page.locator("#inbox-item")
    expect(item.locator("h2#pv")).to_contain_text("Correction of INV-")
    expect(item).to_contain_text("250.00 / t")
    expect(item).to_contain_text("249.00 / t")
    assert faults_of(page) == []
    press(page, '.decide button[value="approve"]')
    expect(page.locator(".toast")).to_contain_text(re.compile("CN-.*INV-"))
    go(page, f"/documents/{key}/")
    expect(page.locator(".page-head .badge[data-state]").first).to_have_attribute("data-state", "posted")


def test_who_was_second_is_told_at_once(house: House, hire: Hire) -> None:
    """The item that somebody else decides goes from under the hand, and no other one takes its place there."""
    key = house.scene["documents"]["waiting_1"]
    page = hire("maren", locale="en-GB").page(f"/approvals/?item={key}")
    expect(page.locator("[data-live-indicator]")).to_have_attribute("data-live", "connected")
    other = hire("ole").page(f"/approvals/?item={key}")
    press(other, '.decide button[value="approve"]')
    expect(page.locator(f'.inbox-row[data-uuid="{key}"]')).to_have_count(0)
    expect(page.locator("#inbox-item")).to_contain_text("This is decided")
    expect(page.locator(".decide")).to_have_count(0)
    expect(page.locator(".inbox-row.is-current")).to_have_count(0)
    assert faults_of(page) == []
    pressed(page, "j")
    expect(page.locator(".inbox-row.is-current")).to_have_count(1)


def test_the_bell_counts_what_is_new(house: House, hire: Hire) -> None:
    """A clerk who decides nothing: the number comes live, and goes once the bell was opened."""
    clerk = hire("lina", fresh=True).page("/terms/")
    count = clerk.locator(".bell-count")
    clerk.locator("[data-bell] summary").click()
    expect(count).to_be_hidden()
    clerk.keyboard.press("Escape")
    expect(clerk.locator("[data-live-indicator]")).to_have_attribute("data-live", "connected")
    key = house.scene["documents"]["waiting_0"]
    manager = hire("maren", locale="en-GB").page(f"/approvals/?item={key}")
    press(manager, '.decide button[value="approve"]')
    expect(count).to_have_text("1")
    clerk.locator("[data-bell] summary").click()
    expect(clerk.locator("#bell-notes")).to_contain_text("Maren Clausen")
    expect(count).to_be_hidden()
    go(clerk, "/partners/")
    expect(clerk.locator(".bell-count")).to_be_hidden()
