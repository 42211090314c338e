"""Reading and the basic forms without JavaScript."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Hire
from tests.e2e.house import House
from tests.e2e.person import act, faults_of, number, press, state


def test_pages_are_read(house: House, hire: Hire) -> None:
    page = hire("anke", java_script_enabled=False).page()
    for name, text in (
        ("sales_order", "Gut Adlersand KG"),
        ("sales_invoice", "Futterweizen"),
        ("draft", "Gut Adlersand"),
    ):
        page.goto(f"/documents/{house.scene['documents'][name]}/")
        expect(page.locator("main")).to_contain_text(text)
    page.goto("/documents/sales_order/")
    assert page.locator("#list tbody tr").count() >= 3
    page.goto("/partners/?q=Adlersand")
    expect(page.locator("main")).to_contain_text("Gut Adlersand KG")


def test_an_order_is_written_approved_and_rejected(house: House, hire: Hire) -> None:
    """The plain form: numbers are typed instead of chosen, more lines come from the server."""
    clerk = hire("anke", java_script_enabled=False)
    page = clerk.page()
    page.goto("/documents/sales_order/new/")
    page.locator("[name=partner]").fill(house.scene["partners"]["breaker"]["number"])
    page.locator('[name="lines-0-article"]').fill(house.scene["articles"]["wheat"]["number"])
    page.locator('[name="lines-0-quantity"]').fill("2,5")
    press(page, 'button[name=do][value="add_line"]')
    expect(page.locator('[name="lines-0-quantity"]')).to_have_value("2,5")
    page.locator('[name="lines-1-article"]').fill(house.scene["articles"]["lime"]["number"])
    page.locator('[name="lines-1-quantity"]').fill("4")
    press(page, 'button[name=do][value="add_entry"]')
    page.locator('[name="allowances-0-reason"]').fill("Treue")
    page.locator('[name="allowances-0-percent"]').fill("3 %")
    press(page, 'button[name=do][value="submit"]')
    expect(state(page)).to_have_attribute("data-state", "posted")
    expect(page.locator("main")).to_contain_text("Treue")
    expect(page.locator("main")).to_contain_text("642,62")  # less 18,75 and 1,13
    expect(page.locator("main")).to_contain_text("662,50")  # 2.5 × 250 + 0.1 t × 375 of lime
    assert number(page).startswith("SO-")

    manager = hire("maren", java_script_enabled=False).page()
    manager.goto(f"/approvals/?item={house.scene['documents']['pending']}")
    expect(manager.locator("#inbox-item")).to_contain_text("Gut Adlersand KG")
    manager.goto(f"/documents/{house.scene['documents']['pending']}/")
    answer = act(manager, "reject")  # without a dialog the reason is asked for on a page of its own
    assert answer.status == 200
    expect(manager.locator("textarea[name=reason]")).to_be_visible()
    manager.locator("textarea[name=reason]").fill("Erst die Rechnung vom Sommer")
    press(manager, 'main button[name=action][value="reject"]')
    expect(state(manager)).to_have_attribute("data-state", "rejected")
    expect(manager.locator("main")).to_contain_text("Erst die Rechnung vom Sommer")


def test_the_page_for_a_reason_is_accessible(house: House, hire: Hire) -> None:
    page = hire("maren").page(f"/documents/{house.scene['documents']['open_order']}/")
    form = page.locator("form#act")
    form.evaluate(
        """(form) => { const field = document.createElement("input"); field.type = "hidden"; field.name = "action";
        field.value = "cancel"; form.append(field); HTMLFormElement.prototype.submit.call(form); }"""
    )
    expect(page.locator("textarea[name=reason]")).to_be_visible()
    assert faults_of(page) == []
