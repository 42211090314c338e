"""What people do that nobody meant: twice, at once, too late, elsewhere, without the right."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Hire
from tests.e2e.house import House
from tests.e2e.person import Person, act, faults_of, go, number, press, state
from tests.factories.tenancy import PASSWORD


def write_order(
    house: House, person: Person, quantity: str, *, free: bool = False, do: str = "submit"
) -> Page:
    """A sales order of the second customer; a free line makes it wait for the manager."""
    page = person.page("/documents/sales_order/new/")
    page.locator("[name=partner]").fill(house.scene["partners"]["breaker"]["number"])
    page.locator('[name="lines-0-article"]').fill(house.scene["articles"]["wheat"]["number"])
    page.locator('[name="lines-0-quantity"]').fill(quantity)
    if free:
        page.locator('[name="lines-0-price"]').fill("0")
        # folded under the line, which opens by itself as soon as the preview asks for it
        page.locator('[name="lines-0-free_reason"]').select_option("sample", force=True)
    press(page, f'button[name=do][value="{do}"]')
    return page


def orders(person: Person, reference: str) -> int:
    page = person.page(f"/documents/sales_order/?q={reference}")
    found = page.locator("#list tbody tr").count()
    page.close()
    return found


def test_a_double_click_submits_once(house: House, hire: Hire) -> None:
    clerk = hire("anke")
    page = clerk.page("/documents/sales_order/new/")
    page.locator("[name=partner]").fill(house.scene["partners"]["breaker"]["number"])
    page.locator("[name=partner_reference]").fill("DOPPELKLICK")
    page.locator('[name="lines-0-article"]').fill(house.scene["articles"]["wheat"]["number"])
    page.locator('[name="lines-0-quantity"]').fill("1")
    with page.expect_navigation(url=re.compile(r"/documents/[0-9a-f-]{36}/")):
        page.locator('button[name=do][value="submit"]').dblclick()
    expect(state(page)).to_have_attribute("data-state", "posted")
    assert orders(clerk, "DOPPELKLICK") == 1


def test_a_double_click_approves_once(house: House, hire: Hire) -> None:
    page = write_order(house, hire("anke"), "2", free=True)
    expect(state(page)).to_have_attribute("data-state", "pending")
    manager = hire("maren").page(page.url)
    with manager.expect_navigation():
        manager.locator('button[name=action][value="approve"]').first.dblclick()
    expect(state(manager)).to_have_attribute("data-state", "posted")
    expect(manager.locator("#history li", has_text="Maren Clausen")).to_have_count(2)  # approved, posted


def test_two_people_press_the_same_button(house: House, hire: Hire) -> None:
    page = write_order(house, hire("anke"), "2", free=True)
    first, second = hire("maren").page(page.url), hire("ole").page(page.url)
    second.context.set_offline(True)  # no live change reaches the second one's page
    act(first, "approve")
    expect(state(first)).to_have_attribute("data-state", "posted")
    second.context.set_offline(False)
    answer = act(second, "approve")
    assert answer.status == 409
    expect(second.locator("main .notice-danger")).to_be_visible()
    assert len(second.locator("main .notice-danger").inner_text()) > 40
    assert faults_of(second) == []


def test_another_companys_things_do_not_exist(house: House, hire: Hire) -> None:
    page = hire("chef").page()
    foreign = house.scene["foreign"]
    for address in (
        f"/documents/{foreign['document']}/", f"/documents/{foreign['document']}/edit/",
        f"/documents/delivery_note/from/{foreign['document']}/", f"/partners/{foreign['partner']}/",
        f"/articles/{foreign['article']}/", f"/stock/{foreign['article']}/",
    ):  # fmt: skip
        answer = go(page, address)
        assert answer.status == 404, address
        expect(page.locator(".error-page h1")).to_be_visible()
    assert faults_of(page) == []


def test_a_missing_right_is_named(hire: Hire) -> None:
    page = hire("pruefer").page()
    answer = go(page, "/documents/sales_order/new/")
    assert answer.status == 403
    expect(page.locator(".error-page")).to_contain_text("sales:write")
    assert faults_of(page) == []


def test_a_stale_version_keeps_what_was_typed(house: House, hire: Hire) -> None:
    page = write_order(house, hire("anke"), "3", do="save")
    mine = hire("anke").page(f"{page.url}edit/")
    other = hire("lina").page(f"{page.url}edit/")
    other.locator("[name=partner_reference]").fill("von Lina")
    press(other, 'button[name=do][value="save"]')
    mine.locator('[name="lines-0-quantity"]').fill("7")
    mine.locator("[name=partner_reference]").fill("von Anke")
    answer = press(mine, 'button[name=do][value="save"]')
    assert answer.status == 409
    expect(mine.locator("main .notice-warn").first).to_be_visible()
    expect(mine.locator('[name="lines-0-quantity"]')).to_have_value("7")
    expect(mine.locator("[name=partner_reference]")).to_have_value("von Anke")
    go(other, page.url)
    expect(other.locator("main")).to_contain_text("von Lina")


def test_an_expired_login_gives_the_draft_back(house: House, hire: Hire) -> None:
    person = hire("lina", fresh=True)
    page = person.page("/documents/quotation/new/")
    page.locator("[name=partner]").fill(house.scene["partners"]["breaker"]["number"])
    page.locator('[name="lines-0-article"]').fill(house.scene["articles"]["wheat"]["number"])
    page.locator('[name="lines-0-quantity"]').fill("17")
    page.locator("[name=header_text]").fill("Wie besprochen")
    expect(page.locator("[data-draft-note]")).not_to_be_empty()
    person.context.clear_cookies(name="sessionid")
    with page.expect_navigation():
        page.locator('button[name=do][value="save"]').click()
    if not page.locator("[name=password]").count():  # the page that explains leads to the login
        go(page, "/login/?next=/documents/quotation/new/")
    page.locator("[name=username]").fill("lina")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page.locator(".topbar")).to_be_visible()
    if "/documents/quotation/new/" not in page.url:
        go(page, "/documents/quotation/new/")
    expect(page.locator('[name="lines-0-quantity"]')).to_have_value("17")
    expect(page.locator("[name=header_text]")).to_have_value("Wie besprochen")


def test_a_logout_is_seen_by_every_process_and_ends_the_stream(house: House, hire: Hire) -> None:
    person = hire("lina", fresh=True)
    here = person.page("/documents/sales_order/")
    there = person.page(f"{house.other_address}/documents/sales_order/")
    for page in (here, there):
        expect(page.locator("[data-live-indicator]")).to_have_attribute("data-live", "connected")
    here.locator("summary:has(.avatar)").click()
    press(here, "form[data-logout] button")
    # the stream that was open in the other process ends without an event, and does not come back
    expect(there.locator("[data-live-indicator]")).not_to_have_attribute(
        "data-live", "connected", timeout=70_000
    )
    answer = go(there, f"{house.other_address}/documents/sales_order/")
    assert "/login/" in there.url, answer.status
    stream = there.request.get(f"{house.other_address}/api/stream/workflow")
    assert stream.status in {401, 403}


def test_a_login_with_a_wrong_password_says_so(hire: Hire) -> None:
    page = hire("").page("/login/")
    page.locator("[name=username]").fill("anke")
    page.locator("[name=password]").fill("falsch")
    answer = press(page, "form.auth-box button")
    assert answer.status == 422
    expect(page.locator(".notice-danger")).to_be_visible()
    expect(page.locator("[name=username]")).to_have_value("anke")


def test_bad_input_gets_words_and_loses_nothing(house: House, hire: Hire) -> None:
    page = hire("anke").page("/documents/sales_order/new/")
    page.locator("[name=partner]").fill(house.scene["partners"]["breaker"]["number"])
    page.locator('[name="lines-0-article"]').fill(house.scene["articles"]["wheat"]["number"])
    for quantity, day in (("9" * 40, "24.11.2026"), ("abc", "01.01.1900"), ("-1", "99.99.9999")):
        page.locator('[name="lines-0-quantity"]').fill(quantity)
        page.locator("[name=document_date]").fill(day)
        answer = press(page, 'button[name=do][value="save"]')
        assert answer.status == 422, (quantity, day)
        expect(page.locator("[data-form-errors]")).to_be_visible()
        expect(page.locator('[name="lines-0-quantity"]')).to_have_value(quantity)
        expect(page.locator("[name=document_date]")).to_have_value(day)
        expect(page.locator('[aria-invalid="true"]').first).to_be_visible()
    assert "/new/" in page.url
    assert number(page)
