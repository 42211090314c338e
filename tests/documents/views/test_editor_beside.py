"""What is typed beside a figure: "40 Sack", "245,00 €", "3 %". The server reads it; the live preview mirrors it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.models import AllowanceCharge, Document, Line
from tests.documents.views.editing import LIME, NEW, WHEAT, World, fields_of, form, make_world, saved, told
from tests.factories.documents import draft, follow, line, submitted
from valeo.tenancy.models import Company

D = Decimal
PREVIEW = "/documents/sales_order/preview/"


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.fixture
def clerk(world: World, client_for: Callable[..., Client]) -> Client:
    return client_for("operator")


@pytest.mark.parametrize(
    ("typed", "quantity", "unit"),
    [
        ("40 Sack", D(40), "XSA"),  # the article's usual unit
        ("40Sack", D(40), "XSA"),
        ("1.000 kg", D(1000), "KGM"),
        ("1,5 t", D("1.5"), "TNE"),  # of the same physical kind
        ("1,5 T.", D("1.5"), "TNE"),
        ("1,5 Tonne", D("1.5"), "TNE"),
        ("1,5 TNE", D("1.5"), "TNE"),
    ],
)
def test_a_unit_behind_the_quantity_is_the_lines_unit(
    world: World, clerk: Client, typed: str, quantity: Decimal, unit: str
) -> None:
    answer = clerk.post(
        NEW, form(world.customer, LIME | {"quantity": typed, "unit": "kg", "auto_unit": "Sack"})
    )
    assert answer.status_code == 303, told(answer)
    row = Line.objects.get()
    assert (row.quantity, row.unit) == (quantity, unit)


def test_a_unit_that_was_said_counts_for_another_article_too(world: World, clerk: Client) -> None:
    """A saved line of wheat gets another article: the unit found for wheat says nothing about lime."""
    assert clerk.post(NEW, form(world.customer, WHEAT)).status_code == 303
    made = Document.objects.get()
    url = f"/documents/{made.uuid}/edit/"
    stale = fields_of(clerk.get(url))
    assert stale["lines-0-auto_unit"] == "t"
    changed = {
        "lines-0-article": LIME["article"],
        "lines-0-quantity": "40 t",
        "lines-0-price": "12",
        "do": "save",
    }
    assert clerk.post(url, stale | changed).status_code == 303
    row = Line.objects.get()
    assert (row.article_number, row.quantity, row.unit) == (LIME["article"], D(40), "TNE")
    answer = clerk.post(url, fields_of(clerk.get(url)) | {"lines-0-quantity": "40 ha", "do": "save"})
    assert answer.status_code == 422
    assert "Der Artikel wird nicht in „ha“ gezählt" in told(answer)[0]


def test_a_unit_in_its_own_cell_alone_stays(world: World, clerk: Client) -> None:
    clerk.post(NEW, form(world.customer, LIME | {"quantity": "100", "unit": "kg"}))
    assert (Line.objects.get().quantity, Line.objects.get().unit) == (D(100), "KGM")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("20 Fass", "Die Einheit „Fass“ gibt es nicht."),
        ("20 ha", "Der Artikel wird nicht in „ha“ gezählt, sondern in: "),
        ("1e5", "Die Einheit „e5“ gibt es nicht."),
    ],
)
def test_an_unknown_unit_is_said_beside_the_quantity(
    world: World, clerk: Client, typed: str, reason: str
) -> None:
    answer = clerk.post(NEW, form(world.customer, LIME | {"quantity": typed}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Document.objects.exists()
    assert reason in told(answer)[0]
    assert 'href="#id_lines-0-quantity"' in page
    assert re.search(r'<input[^>]*name="lines-0-quantity"[^>]*aria-invalid="true"', page)
    assert fields_of(answer)["lines-0-quantity"] == typed


@pytest.mark.parametrize(
    "typed", ["99999999999 t", "12.5 t", "1\x00 t", "t", "NaN t", "٣ t", "0 t", "t 20 t", "1,0000001 t"]
)
def test_a_unit_makes_no_bad_figure_good(world: World, clerk: Client, typed: str) -> None:
    answer = clerk.post(NEW, form(world.customer, WHEAT | {"quantity": typed}))
    assert answer.status_code == 422
    assert not Document.objects.exists()
    assert 'href="#id_lines-0-quantity"' in answer.content.decode()


def test_a_line_without_an_article_takes_its_unit_from_the_quantity(world: World, clerk: Client) -> None:
    row = {"description": "Anfahrt", "quantity": "2 Std.", "price": "45 EUR", "line_kind": "service"}
    assert clerk.post(NEW, form(world.customer, row)).status_code == 303
    assert (Line.objects.get().quantity, Line.objects.get().unit, Line.objects.get().price) == (
        D(2),
        "HUR",
        D(45),
    )


def test_a_carried_line_keeps_what_is_charged_in_step(world: World, clerk: Client) -> None:
    order = submitted(
        world.company, world.clerk, draft("sales_order", world.customer, line(world.lime, "40"))
    )
    delivery = follow(world.company, world.clerk, "delivery_note", order)
    url = f"/documents/{delivery.document.uuid}/edit/"
    fields = fields_of(clerk.get(url)) | {"lines-0-quantity": "20 Sack", "do": "save"}
    assert clerk.post(url, fields).status_code == 303
    row = Line.objects.get(document=delivery.document)
    assert (row.quantity, row.unit, row.price_quantity) == (D(20), "XSA", D("0.5"))
    assert row.price_source["source"] == "carried"


@pytest.mark.parametrize("typed", ["245,00 €", "€245,00", "245 EUR", "EUR 245", "245 Euro"])
def test_a_price_may_name_the_currency_of_the_document(world: World, clerk: Client, typed: str) -> None:
    answer = clerk.post(NEW, form(world.customer, WHEAT | {"price": typed}))
    assert answer.status_code == 303, told(answer)
    assert Line.objects.get().price == D(245)


def test_the_found_price_with_its_currency_is_still_found(world: World, clerk: Client) -> None:
    row = WHEAT | {"price": "240,00 €", "auto_price": "240,00", "quantity": "20 t"}
    assert clerk.post(NEW, form(world.customer, row)).status_code == 303
    assert Line.objects.get().price == D(230)  # from 20 t on


@pytest.mark.parametrize(
    ("price", "currency"), [("245,00 $", ""), ("240,00 $", ""), ("245 €", "USD"), ("245 €/t", "")]
)
def test_another_currency_is_refused_in_words(world: World, clerk: Client, price: str, currency: str) -> None:
    row = WHEAT | {"price": price, "auto_price": "240,00"}
    answer = clerk.post(
        NEW, form(world.customer, row, currency=currency, exchange_rate="0,9" if currency else "")
    )
    assert answer.status_code == 422
    assert not Document.objects.exists()
    assert f"nicht die Währung dieses Belegs, die {currency or 'EUR'} ist" in told(answer)[0]
    assert 'href="#id_lines-0-price"' in answer.content.decode()


def test_percentages_and_amounts_take_their_signs(world: World, clerk: Client) -> None:
    entries = {
        "allowances-0-percent": "3 %",
        "allowances-1-amount": "120,00 €",
        "allowances-1-reason": "Fracht",
    }
    row = WHEAT | {"discount_percent": "2,5%"}
    answer = clerk.post(NEW, form(world.customer, row, **entries))
    assert answer.status_code == 303, told(answer)
    assert Line.objects.get().discount_percent == D("2.5")
    rows = AllowanceCharge.objects.filter(document=saved(), line=None)
    assert {(each.percent, each.stated_amount) for each in rows} == {(D(3), None), (None, D(120))}
    refused = clerk.post(NEW, form(world.customer, row | {"discount_percent": "3 €"}))
    assert refused.status_code == 422
    assert 'href="#id_lines-0-discount_percent"' in refused.content.decode()


def test_the_preview_puts_number_and_unit_into_their_cells(world: World, clerk: Client) -> None:
    rows = (
        LIME | {"quantity": "1,5 t", "unit": "Sack", "auto_unit": "Sack"},
        WHEAT,
        WHEAT | {"quantity": "2 Fass"},
    )
    answer: dict[str, Any] = clerk.post(PREVIEW, form(world.customer, *rows)).json()
    assert answer["calc"]["lines-0"]["put"] == {"quantity": "1,5", "unit": "t"}
    assert answer["calc"]["lines-0"]["net"] == "562,50"
    assert "put" not in answer["calc"]["lines-1"]
    assert "put" not in answer["calc"]["lines-2"]
    assert answer["errors"]["lines-2-quantity"] == "Die Einheit „Fass“ gibt es nicht."


def test_a_refused_page_shows_number_and_unit_in_their_cells(world: World, clerk: Client) -> None:
    rows = (LIME | {"quantity": "1,5 t", "unit": "Sack"}, WHEAT | {"price": "x"})
    fields = fields_of(clerk.post(NEW, form(world.customer, *rows)))
    assert (fields["lines-0-quantity"], fields["lines-0-unit"]) == ("1,5", "t")
    assert fields["lines-1-price"] == "x"


def test_units_behind_quantities_cost_the_same_for_any_number_of_lines(world: World, clerk: Client) -> None:
    counts = []
    clerk.post(PREVIEW, form(world.customer, LIME))
    for number in (1, 4):
        with CaptureQueriesContext(connection) as queries:
            clerk.post(PREVIEW, form(world.customer, *[LIME | {"quantity": "2 t", "price": "9 €"}] * number))
        counts.append(len(queries))
    # each price with its currency asks for the partner's; it is read once
    assert counts[0] == counts[1]
