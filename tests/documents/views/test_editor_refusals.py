"""What cannot be: an error in words beside the field, nothing saved, nothing typed lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.models import Document, Line
from tests.documents.views.editing import LIME, NEW, WHEAT, World, form, make_world, text_of
from tests.factories.documents import draft, line, submitted
from tests.factories.masterdata import make_masterdata, make_partner
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.fixture
def clerk(world: World, client_for: Callable[..., Client]) -> Client:
    return client_for("operator")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"quantity": "viel"}, "quantity"),
        ({"quantity": "12.5"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "99999999999"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"price": "-1"}, "price"),
        ({"discount_percent": "101"}, "discount_percent"),
        ({"description": "a\x00b"}, "description"),
        ({"supply_from": "1.1.1900"}, "supply_from"),
        ({"supply_from": "11/12/2026"}, "supply_from"),
        ({"article": "nix"}, "article"),
        ({"unit": "Fass"}, "unit"),
        ({"tax_code": "999999"}, "tax_code"),
        ({"tax_code": "x"}, "tax_code"),
        ({"warehouse": "999999"}, "warehouse"),
        ({"free_reason": "because"}, "free_reason"),
    ],
)
def test_bad_lines_get_an_error_beside_the_field(
    world: World, clerk: Client, row: dict[str, str], field: str
) -> None:
    answer = clerk.post(NEW, form(world.customer, LIME, WHEAT | row))
    page = text_of(answer)
    assert answer.status_code == 422
    assert not Document.objects.exists()
    assert re.search(
        rf'aria-invalid="true"[^>]*id="id_lines-1-{field}"|id="id_lines-1-{field}"[^>]*aria-invalid="true"',
        page,
    )
    assert f'href="#id_lines-1-{field}"' in page


def test_lots_are_read_where_stock_moves(world: World, clerk: Client) -> None:
    row = WHEAT | {"lots": "4711"}
    answer = clerk.post("/documents/delivery_note/new/", form(world.customer, row))
    assert answer.status_code == 422
    assert 'href="#id_lines-0-lots"' in text_of(answer)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("partner", ""), ("partner", "nobody"), ("partner", "a\x1b"), ("document_date", "1.1.1900"), ("document_date", "soon"),
        ("payment_term", "999999"), ("warehouse", "999999"), ("ship_to_address", "999999"), ("language", "fr"),
        ("currency", "XXX"), ("price_mode", "free"), ("exchange_rate", "0"), ("header_text", "x" * 4001), ("partner_reference", "a\x00"),
        ("bill_to", "nobody"), ("allowances-0-percent", "x"), ("allowances-0-percent", "101"),
    ],
)  # fmt: skip
def test_bad_heads_get_an_error_in_words_beside_the_field(
    world: World, clerk: Client, name: str, value: str
) -> None:
    answer = clerk.post(NEW, form(world.customer, WHEAT, **{name: value}))
    page = text_of(answer)
    assert answer.status_code == 422
    assert not Document.objects.exists()
    assert 'aria-invalid="true"' in page
    assert f'href="#id_{name}"' in page
    assert 'value="8,5"' in page  # nothing typed is lost


def test_a_currency_without_its_rate_is_asked_for(world: World, clerk: Client) -> None:
    answer = clerk.post(NEW, form(world.customer, WHEAT, currency="USD"))
    assert answer.status_code == 422
    assert 'href="#id_exchange_rate"' in text_of(answer)


def test_an_entry_is_a_percentage_or_an_amount(world: World, clerk: Client) -> None:
    answer = clerk.post(
        NEW, form(world.customer, WHEAT, **{"allowances-0-percent": "3", "allowances-0-amount": "5"})
    )
    assert answer.status_code == 422


def test_too_many_lines_are_refused(world: World, clerk: Client) -> None:
    for forged in ("9999", "99999999"):
        answer = clerk.post(NEW, form(world.customer, WHEAT, **{"lines-TOTAL_FORMS": forged}))
        assert answer.status_code == 422
        assert not Document.objects.exists()
    assert clerk.post(NEW, form(world.customer, WHEAT, **{"lines-TOTAL_FORMS": "-1"})).status_code == 303


@pytest.mark.parametrize(
    "what", ["partner", "partner_uuid", "article", "warehouse", "tax_code", "term", "line", "bill_to"]
)
def test_another_companys_ids_are_as_unknown_as_none(
    world: World, other_company: Company, clerk: Client, what: str
) -> None:
    with company_scope(other_company.pk):
        theirs = make_world(other_company)
        foreign = submitted(
            other_company, theirs.clerk, draft("sales_order", theirs.customer, line(theirs.wheat, "1"))
        )
        term, code = theirs.customer.payment_term_id, foreign.lines[0].tax_code_id
        other_partner = make_partner(make_masterdata(other_company), customer_number="ZZ9")
    head: dict[str, str] = {}
    row: dict[str, str] = dict(WHEAT)
    match what:
        case "partner":
            head = {"partner": "ZZ9", "partner_id": str(other_partner.pk)}
        case "partner_uuid":
            head = {"partner": "ZZ9", "partner_id": str(other_partner.uuid)}
        case "article":
            row |= {"article_id": str(theirs.wheat.pk)}
        case "warehouse":
            head = {"warehouse": str(theirs.warehouse.pk)}
        case "tax_code":
            row |= {"tax_code": str(code)}
        case "term":
            head = {"payment_term": str(term or 10**6)}
        case "line":
            row |= {"id": str(foreign.lines[0].pk)}
        case "bill_to":
            head = {"bill_to": "ZZ9", "bill_to_id": str(other_partner.pk)}
    answer = clerk.post(NEW, form(world.customer, row, **head))
    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_a_line_too_many_is_refused_before_any_work_and_says_the_limit(world: World, clerk: Client) -> None:
    data = form(world.customer, *[WHEAT] * 501)
    with CaptureQueriesContext(connection) as queries:
        answer = clerk.post(NEW, data, headers={"accept-language": "de"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert not Document.objects.exists()
    assert (
        "Ein Beleg hat höchstens 500 Positionen; dieser hat 501. Bitte auf mehrere Belege aufteilen." in page
    )
    assert "lines-0-article" not in page, "no page with all those lines"
    assert 'class="error-page"' in page, "so that the browser keeps what was typed"
    assert not any('"documents_' in query["sql"] for query in queries)
    preview = clerk.post("/documents/sales_order/preview/", data).json()
    assert "höchstens 500 Positionen" in preview["rail"]
    assert preview["calc"] == {}


def test_deleted_lines_are_no_lines_too_many(world: World, clerk: Client) -> None:
    rows = [WHEAT | {"DELETE": "on"}] * 499 + [WHEAT] * 2
    assert clerk.post(NEW, form(world.customer, *rows)).status_code == 303
    assert Line.objects.count() == 2


def test_a_form_with_too_many_fields_is_told_the_limit(world: World, clerk: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    data = urlencode(form(world.customer, *[WHEAT] * 500))
    kind = "application/x-www-form-urlencoded"
    answer = clerk.post(NEW, data, content_type=kind, headers={"accept-language": "de"})
    assert answer.status_code == 422
    assert not Document.objects.exists()
    assert "Dieses Formular hat mehr als 1.000 Felder." in text_of(answer)
    assert 'class="error-page"' in text_of(answer)
