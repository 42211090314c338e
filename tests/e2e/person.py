"""A person at a browser: signed in, with a console that must stay empty, and a camera."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from tests.factories.tenancy import PASSWORD
from tests.support.installation import CHECKOUT

SHOTS = CHECKOUT / "test-results"
#: how long a condition may take on a busy machine before the test gives up
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
#: what the browser itself writes about an answer that a test asked for
EXPECTED = re.compile(r"the server responded with a status of 4\d\d|ERR_INTERNET_DISCONNECTED")
#: remembers when an element's text or attributes last changed, in milliseconds since 1970
WATCH = """(element) => { window.changedAt = 0; const root = element.closest('main') ?? document.body;
 new MutationObserver(() => { window.changedAt ||= Date.now(); }).observe(root, {subtree: true, childList: true, characterData: true}); }"""


@dataclass
class Person:
    """``complaints`` are script errors and refusals of the Content-Security-Policy."""

    context: BrowserContext
    name: str
    complaints: list[str] = field(default_factory=list)
    scripts: bool = True

    def page(self, address: str = "") -> Page:
        opened = self.context.new_page()
        opened.set_default_timeout(PATIENCE)
        opened.on("pageerror", lambda error: self.complaints.append(f"{opened.url}: {error}"))
        opened.on("console", lambda message: self._said(opened, message.type, message.text))
        if address:
            go(opened, address, scripts=self.scripts)
        return opened

    def _said(self, page: Page, kind: str, text: str) -> None:
        if "Applying inline style" in text and "/admin/" in page.url:
            return  # the search box of Django's admin places itself so, and does without
        if kind == "error" and not EXPECTED.search(text):
            self.complaints.append(f"{page.url}: {text}")

    def sign_in(self) -> Page:
        page = self.page("/login/")
        page.locator("[name=username]").fill(self.name)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        expect(page.locator(".topbar")).to_be_visible(timeout=PATIENCE)
        return page


def go(page: Page, address: str, *, scripts: bool = True) -> Response:
    """Open an address and wait until the scripts, where the browser runs any, are at work."""
    answer = page.goto(address)
    assert answer is not None
    html = "html" in answer.headers.get("content-type", "")
    if scripts and html and page.locator("script[type=module]").count():
        page.wait_for_selector("html.js", state="attached")
    return answer


def press(page: Page, control: Locator | str) -> Response:
    """Press a button that sends a form, and wait for the page that follows."""
    button = page.locator(control) if isinstance(control, str) else control
    with page.expect_navigation(wait_until="load") as found:
        button.click()
    answer = found.value
    assert answer is not None
    return answer


def act(page: Page, action: str) -> Response:
    """A button of the document page by its action."""
    return press(page, page.locator(f'button[name=action][value="{action}"]').first)


def state(page: Page) -> Locator:
    """The coloured badge at the document's head."""
    return page.locator(".page-head .badge[data-state]").first


def number(page: Page) -> str:
    """The document's number or draft reference at its head."""
    return page.locator("h1").inner_text().split()[-1]


def shown(text: str) -> Decimal:
    """An amount as a German or English page shows it."""
    digits = re.sub(r"[^\d,.\-−]", "", text).replace("−", "-")
    whole, decimals = digits[:-3], digits[-2:]
    return Decimal(re.sub(r"[.,]", "", whole) + "." + decimals)


def shoot(page: Page, name: str) -> None:
    """A picture of the whole page for looking at; test-results/ is not kept."""
    target = SHOTS / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=True)


def faults_of(page: Page, axe: Axe | None = None) -> list[tuple[str, list[str]]]:
    """What axe finds, once every colour has come to rest."""
    page.evaluate(
        "Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null))).then(() => null)"
    )
    found = (axe or Axe()).run(page).response["violations"]
    return [
        (
            each["id"],
            [f"{node['html'][:150]} … {node['failureSummary'][-150:]}" for node in each["nodes"][:3]],
        )
        for each in found
    ]
