"""Writing a new document: what is read from the form, saved and submitted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from documents.models import Document, Line, Remark
from documents.selectors.cases import load_case
from documents.states import State
from masterdata.models import PartnerAddress
from tests.documents.views.editing import (
    LIME,
    NEW,
    WHEAT,
    World,
    fields_of,
    form,
    make_world,
    saved,
    text_of,
    told,
)
from tests.factories.masterdata import make_masterdata, make_warehouse
from valeo.audit.models import AuditEntry
from valeo.tenancy.models import Company

D = Decimal


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.fixture
def clerk(world: World, client_for: Callable[..., Client]) -> Client:
    return client_for("operator")


def test_a_draft_of_numbers_alone_is_saved(world: World, clerk: Client) -> None:
    answer = clerk.post(
        NEW, form(world.customer, WHEAT, LIME, partner_reference="LP-4471", remark="Call first")
    )
    document = saved()
    assert (answer.status_code, answer["Location"]) == (303, f"/documents/{document.uuid}/")
    assert (document.kind, document.state, document.partner_id) == (
        "sales_order",
        State.DRAFT,
        world.customer.pk,
    )
    assert document.partner_reference == "LP-4471"
    assert Remark.objects.get().text == "Call first"
    first, second = Line.objects.order_by("position")
    assert (first.description, first.quantity, first.unit, first.price, first.net_amount) == (
        "Weizen", D("8.5"), "TNE", D(240), D("2040.00"),
    )  # fmt: skip
    assert (second.quantity, second.unit, second.price_quantity, second.price_unit) == (
        D(40),
        "XSA",
        D(1),
        "TNE",
    )
    assert document.net_total == D("2415.00")


def test_all_fields_of_head_lines_and_entries(world: World, clerk: Client) -> None:
    address = PartnerAddress.objects.create(
        company=world.company, partner=world.customer, street="Hof 2", postal_code="25821", city="Breklum"
    )
    other = make_warehouse(make_masterdata(world.company))
    row = WHEAT | {
        "price": "1.200,50", "discount_percent": "2,5", "supply_from": "1.12.2026", "supply_to": "24 Dec 2026",
        "warehouse": str(other.pk), "skonto_excluded": "on", "detail": "zwei\r\nZeilen", "account": "8400",
        "cost_center": "K1",
    }  # fmt: skip
    answer = clerk.post(
        NEW,
        form(
            world.customer, row, {"description": "Anfahrt", "quantity": "2", "unit": "Std", "price": "45", "line_kind": "service"},
            {"line_kind": "heading", "description": "Danke"},
            **{
                "ship_to_address": str(address.pk), "supply_from": "2026-12-01", "language": "en", "currency": "USD",
                "exchange_rate": "0,92", "rate_source": "ECB", "price_mode": "net", "carrier": "Lorry", "header_text": "a\r\nb",
                "allowances-0-percent": "3", "allowances-1-amount": "120,00", "allowances-1-reason": "Fracht",
                "party-buyer-edited": "on", "party-buyer-name": "Neu GmbH", "party-buyer-street": "Weg 1",
                "party-buyer-postal_code": "1", "party-buyer-city": "Ort", "party-buyer-country": "dk",
            },
        ),
    )  # fmt: skip
    assert answer.status_code == 303, told(answer)
    case = load_case(saved().pk)
    document = case.document
    first, service, heading = case.lines
    assert (document.language, document.currency, document.exchange_rate, document.carrier) == (
        "en",
        "USD",
        D("0.92"),
        "Lorry",
    )
    assert document.header_text == "a\nb"
    assert (case.parties["ship_to"].city, case.parties["buyer"].name, case.parties["buyer"].country) == (
        "Breklum",
        "Neu GmbH",
        "DK",
    )
    assert (first.price, first.discount_percent, first.warehouse_id, first.skonto_excluded) == (
        D("1200.5"),
        D("2.5"),
        other.pk,
        True,
    )
    assert (str(first.supply_from), str(first.supply_to), first.detail) == (
        "2026-12-01",
        "2026-12-24",
        "zwei\nZeilen",
    )
    assert (service.unit, service.line_kind, service.price, heading.line_kind) == (
        "HUR",
        "service",
        D(45),
        "heading",
    )
    entries = {
        (row.is_charge, row.percent, row.stated_amount) for row in case.allowances if row.line_id is None
    }
    assert (False, D(3), None) in entries
    assert (True, None, D(120)) in entries


def test_save_and_submit_is_one_step(world: World, clerk: Client) -> None:
    answer = clerk.post(NEW, form(world.customer, WHEAT, do="submit"))
    assert answer.status_code == 303, told(answer)
    assert saved().state == State.POSTED
    assert saved().number


def test_a_refused_submit_leaves_no_draft_and_keeps_the_input(world: World, clerk: Client) -> None:
    world.customer.blocked, world.customer.blocked_reason = True, "Zahlt nicht"
    world.customer.save()
    answer = clerk.post(
        NEW, form(world.customer, WHEAT | {"description": "Mein Text"}, do="submit", header_text="Moin")
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert not Document.objects.exists()
    assert not AuditEntry.objects.filter(action="create", object_type__contains="ocument").exists()
    assert "Zahlt nicht" in page
    assert all(kept in page for kept in ("Mein Text", "Moin", 'value="8,5"', world.customer.customer_number))


def test_without_scripts_more_lines_are_asked_for(world: World, clerk: Client) -> None:
    answer = clerk.post(NEW, form(world.customer, WHEAT, do="add_line"))
    assert answer.status_code == 200
    assert not Document.objects.exists()
    fields = fields_of(answer)
    assert fields["lines-0-article"] == "10214"
    assert "lines-5-article" in fields
    assert 'aria-invalid="true"' not in text_of(answer)


def test_discounts_and_charges_are_asked_for_one_by_one(world: World, clerk: Client) -> None:
    """No empty row stands there unasked; the button works without scripts."""
    page = clerk.get(NEW)
    assert not any(name.startswith("allowances-0") for name in fields_of(page))
    assert 'value="add_entry"' in text_of(page)
    row = {"allowances-TOTAL_FORMS": "0", "allowances-INITIAL_FORMS": "0"}
    answer = clerk.post(NEW, form(world.customer, WHEAT, do="add_entry") | row)
    fields = fields_of(answer)
    assert (answer.status_code, Document.objects.count()) == (200, 0)
    assert fields["lines-0-article"] == "10214"
    assert (fields["allowances-TOTAL_FORMS"], fields["allowances-0-sign"]) == ("1", "discount")
    assert "allowances-1-sign" not in fields
    again = fields_of(clerk.post(NEW, fields | {"allowances-0-percent": "3", "do": "add_entry"}))
    assert (again["allowances-0-percent"], again["allowances-1-percent"]) == ("3", "")
    again |= {"allowances-1-sign": "charge", "allowances-1-amount": "120", "do": "save"}
    assert clerk.post(NEW, again).status_code == 303
    case = load_case(saved().pk)
    assert {(each.percent, each.stated_amount) for each in case.allowances} == {(D(3), None), (None, D(120))}
    stored = fields_of(clerk.get(f"/documents/{case.document.uuid}/edit/"))
    assert (stored["allowances-TOTAL_FORMS"], stored["allowances-1-amount"]) == ("2", "120,00")
    assert "allowances-2-sign" not in stored
