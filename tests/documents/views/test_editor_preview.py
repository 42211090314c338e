from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.models import Document
from documents.selectors.cases import load_case
from masterdata.models import PartnerAddress
from tests.documents.views.editing import World, fields_of, form, make_world
from tests.factories.documents import draft, line, submitted
from valeo.audit.models import AuditEntry
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope

D = Decimal
PREVIEW = "/documents/sales_order/preview/"
NEW = "/documents/sales_order/new/"
WHEAT = {"article": "10214", "quantity": "8,5"}


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.fixture
def clerk(world: World, client_for: Callable[..., Client]) -> Client:
    return client_for("operator")


def ask(client: Client, data: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = client.post(PREVIEW, data, headers={"accept": "application/json"})
    assert answer.status_code == status
    found: dict[str, Any] = answer.json()
    return found


def test_live_totals_are_those_that_are_saved_and_nothing_is_written(world: World, clerk: Client) -> None:
    data = form(
        world.customer,
        WHEAT,
        {"article": "20115", "quantity": "40"},
        **{"allowances-0-percent": "3", "allowances-1-amount": "120"},
    )
    entries = AuditEntry.objects.count()
    found = ask(clerk, data)
    assert (Document.objects.count(), AuditEntry.objects.count()) == (0, entries)
    clerk.post(NEW, data)
    document = Document.objects.get()
    case = load_case(document.pk)
    gross = f"{document.gross_total:,.2f}".translate(str.maketrans(",.", ".,"))
    assert gross in found["rail"]
    assert [found["calc"][f"lines-{index}"]["net"] for index in range(2)] == ["2.040,00", "375,00"]
    assert [row.net_amount for row in case.lines] == [D(2040), D(375)]


def test_what_was_found_comes_back_for_untouched_cells_only(world: World, clerk: Client) -> None:
    typed = WHEAT | {"price": "200", "description": "Mein Weizen"}
    found = ask(clerk, form(world.customer, WHEAT, typed))["calc"]
    assert found["lines-0"]["fill"] == {"description": "Weizen", "unit": "t", "price": "240,00"}
    assert found["lines-1"]["fill"] == {"unit": "t"}
    assert found["lines-0"]["labels"]["tax_code"].startswith("7")
    again = WHEAT | {"quantity": "20", "price": "240,00", "auto_price": "240,00"}
    assert ask(clerk, form(world.customer, again))["calc"]["lines-0"]["fill"]["price"] == "230,00"


def test_why_this_price_and_this_tax(world: World, clerk: Client) -> None:
    found = ask(clerk, form(world.customer, WHEAT | {"quantity": "20"}, WHEAT | {"price": "1"}))["calc"]
    assert world.customer.price_list is not None
    assert world.customer.price_list.code in found["lines-0"]["why"]
    assert "DE" in found["lines-0"]["why"]
    assert "240,00" in found["lines-1"]["why"]  # the found one beside the typed one


def test_errors_carry_the_names_the_page_knows(world: World, clerk: Client) -> None:
    data = form(world.customer, WHEAT, {"article": ""}, WHEAT | {"quantity": "x"}, document_date="soon")
    data |= {"lines-2-ORDER": "1", "lines-0-ORDER": "2"}
    found = ask(clerk, data)
    assert set(found["errors"]) == {"lines-2-quantity", "document_date"}
    assert set(found["calc"]) == {"lines-0", "lines-2"}
    assert 'href="#id_lines-2-quantity"' in found["rail"]


def test_what_hinders_and_what_waits_is_told(world: World, clerk: Client) -> None:
    world.customer.credit_limit = D(100)
    world.customer.save()
    over = ask(clerk, form(world.customer, WHEAT))["rail"]
    assert "triangle-alert" in over
    world.customer.blocked, world.customer.blocked_reason = True, "Zahlt nicht"
    world.customer.save()
    assert "Zahlt nicht" in ask(clerk, form(world.customer, WHEAT))["rail"]


def test_the_partner_brings_his_addresses_and_terms(world: World, clerk: Client) -> None:
    address = PartnerAddress.objects.create(
        company=world.company, partner=world.customer, street="Hof 2", postal_code="25821", city="Breklum"
    )
    found = ask(clerk, form(world.customer))
    assert found["options"]["ship_to_address"] == [[str(address.pk), str(address)]]
    assert world.customer.name in found["shown"]["partner"]
    assert found["labels"]["currency"] == "EUR"
    assert "warehouse" not in ask(clerk, form(world.customer, warehouse=str(world.warehouse.pk)))["labels"]


@pytest.mark.parametrize(
    "data", [{}, {"partner": "nobody"}, {"partner": "C00001", "lines-TOTAL_FORMS": "x"}, {"do": "submit"}]
)
def test_half_a_form_gets_an_answer(world: World, clerk: Client, data: dict[str, str]) -> None:
    found = ask(clerk, data)
    assert "rail" in found


def test_a_stored_draft_is_previewed_with_its_carried_prices(world: World, clerk: Client) -> None:
    case = submitted(
        world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "10"))
    )
    url = f"/documents/{case.document.uuid}/edit/?amend=1"
    fields = fields_of(clerk.get(url)) | {"lines-0-quantity": "25"}
    assert fields["document"] == str(case.document.uuid)
    assert ask(clerk, fields)["calc"]["lines-0"]["net"] == "6.000,00"  # 25 t at the agreed 240.00
    assert load_case(case.document.pk).lines[0].quantity == D(10)


def test_foreign_and_broken_documents_are_refused(
    world: World, other_company: Company, clerk: Client
) -> None:
    with company_scope(other_company.pk):
        theirs = make_world(other_company)
        foreign = submitted(
            other_company, theirs.clerk, draft("sales_order", theirs.customer, line(theirs.wheat, "1"))
        )
    ask(clerk, form(world.customer, document=str(foreign.document.uuid)), 404)
    ask(clerk, form(world.customer, document="x"), 404)
    assert clerk.post("/documents/nothing/preview/", {}).status_code == 404
    assert clerk.get(PREVIEW).status_code == 405


def test_the_number_of_queries_does_not_follow_the_lines(world: World, clerk: Client) -> None:
    ask(clerk, form(world.customer, WHEAT))
    counts = []
    for rows in (1, 5):
        with CaptureQueriesContext(connection) as queries:
            ask(clerk, form(world.customer, *[WHEAT] * rows))
        counts.append(len(queries))
    assert counts[0] == counts[1]
