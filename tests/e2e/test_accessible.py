"""Every screen: no fault that axe finds, nothing scrolls sideways, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.architecture.test_url_scopes import table
from tests.e2e import screens
from tests.e2e.conftest import Hire
from tests.e2e.house import House
from tests.e2e.person import faults_of, go, shoot

LANGUAGES = {"de": "chef", "en": "chief"}
#: every two of language, colours and width meet each other; four in all would take twice as long and find the same
LOOKS = {
    "de": [(1440, "light"), (390, "dark")],
    "en": [(1440, "dark"), (390, "light")],
}
#: pictures of every screen for looking at: VALEO_SHOTS=1
SHOTS = bool(os.environ.get("VALEO_SHOTS"))


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pattern", [*screens.PUBLIC, *screens.SIGNED_IN])
def test_screen(house: House, hire: Hire, axe: Axe, pattern: str, language: str) -> None:
    public = pattern in screens.PUBLIC
    person = hire(
        "" if public else LANGUAGES[language], locale=f"{language}-{'DE' if language == 'de' else 'GB'}"
    )
    addresses = screens.PUBLIC[pattern] if public else screens.SIGNED_IN[pattern](house.scene)
    page = person.page()
    faults = [fault for address in addresses for fault in look_at(page, axe, address, language)]
    assert faults == []


def look_at(page: Page, axe: Axe, address: str, language: str) -> Iterator[tuple[Any, ...]]:
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.emulate_media(reduced_motion="reduce")
    answer = go(page, address)
    if answer.status >= 400 and "/verify/" not in address:
        yield address, "status", answer.status
    if (spoken := page.locator("html").get_attribute("lang")) != language:
        yield address, "language", spoken
    for width, scheme in LOOKS[language]:
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        for fault in faults_of(page, axe):
            yield address, width, scheme, *fault
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            yield address, width, "scrolls sideways by", wide
        if SHOTS:
            name = address.strip("/").replace("/", "-").replace("?", "-") or "overview"
            shoot(page, f"screens/{language}-{width}-{scheme}-{name[:60]}")


def test_no_screen_is_forgotten() -> None:
    known = set(screens.PUBLIC) | set(screens.SIGNED_IN) | set(screens.ELSEWHERE)
    patterns = {pattern for pattern, _view in table()}
    silent = {each for each in patterns - known if not screens.is_plain_admin(each)}
    assert silent == set(), "Give each new address a look in screens.SIGNED_IN, or its reason in ELSEWHERE."
    assert known - patterns == set(), "These addresses are gone."
