"""Changing a stored document: what was found is found again, what was typed stays, who was first is told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from documents.models import Line
from documents.selectors.cases import load_case
from documents.states import State
from tests.documents.views.editing import LIME, NEW, WHEAT, World, fields_of, form, make_world, saved, text_of
from tests.factories.documents import draft, follow, freight, line, submitted
from valeo.tenancy.models import Company

D = Decimal


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.fixture
def clerk(world: World, client_for: Callable[..., Client]) -> Client:
    return client_for("operator")


def test_a_saved_draft_shows_what_was_found_and_finds_it_again(world: World, clerk: Client) -> None:
    clerk.post(NEW, form(world.customer, WHEAT, LIME))
    document = saved()
    url = f"/documents/{document.uuid}/edit/"
    fields = fields_of(clerk.get(url))
    assert (fields["lines-0-price"], fields["lines-0-auto_price"]) == ("240,00", "240,00")
    assert (fields["partner"], fields["lines-1-unit"]) == (world.customer.customer_number, "Sack")
    fields |= {"lines-0-quantity": "20", "do": "save"}
    assert clerk.post(url, fields).status_code == 303
    first = Line.objects.order_by("position").first()
    assert first is not None
    assert (first.quantity, first.price, first.price_source["manual"]) == (D(20), D(230), False)


def test_a_typed_price_stays(world: World, clerk: Client) -> None:
    clerk.post(NEW, form(world.customer, WHEAT | {"price": "235,50"}))
    url = f"/documents/{saved().uuid}/edit/"
    fields = fields_of(clerk.get(url)) | {"lines-0-quantity": "20", "do": "save"}
    assert fields["lines-0-price"] == "235,50"
    clerk.post(url, fields)
    row = Line.objects.get()
    assert (row.price, row.found_price) == (D("235.5"), D(230))


def test_edit_keeps_removes_adds_and_orders_lines(world: World, clerk: Client) -> None:
    clerk.post(NEW, form(world.customer, WHEAT, LIME))
    keys = dict(Line.objects.values_list("article_number", "pk"))
    url = f"/documents/{saved().uuid}/edit/"
    fields = fields_of(clerk.get(url)) | {
        "lines-0-DELETE": "on", "lines-1-ORDER": "2", "lines-2-ORDER": "1", "lines-2-article": "10214", "lines-2-quantity": "3",
    }  # fmt: skip
    assert clerk.post(url, fields).status_code == 303
    first, second = Line.objects.order_by("position")
    assert (first.article_number, first.quantity) == ("10214", D(3))
    assert first.pk != keys["10214"]
    assert second.pk == keys["20115"]


def test_a_round_trip_through_the_page_changes_nothing(world: World, clerk: Client) -> None:
    clerk.post(
        NEW,
        form(world.customer, WHEAT | {"price": "239,123456789", "detail": "x"}, {"line_kind": "text", "description": "Text"},
             **{"allowances-0-percent": "3", "allowances-1-amount": "120", "valid": "1"}),
    )  # fmt: skip
    before = pictures()
    url = f"/documents/{saved().uuid}/edit/"
    assert clerk.post(url, fields_of(clerk.get(url)) | {"do": "save"}).status_code == 303
    assert pictures() == before


def pictures() -> Any:
    case = load_case(saved().pk)
    lines = [
        (row.pk, row.description, row.detail, row.quantity, row.price, row.net_amount, row.tax_code_id)
        for row in case.lines
    ]
    document = case.document
    return (
        lines,
        document.gross_total,
        document.payment_term_id,
        sorted((row.entry, row.percent, row.amount) for row in case.allowances),
    )


def test_a_stale_version_keeps_the_input_and_says_who(
    world: World, clerk: Client, client_for: Callable[..., Client]
) -> None:
    clerk.post(NEW, form(world.customer, WHEAT))
    url = f"/documents/{saved().uuid}/edit/"
    mine = fields_of(clerk.get(url)) | {"lines-0-quantity": "7,25", "header_text": "Mein Text", "do": "save"}
    other = client_for("operator")
    assert (
        other.post(url, fields_of(other.get(url)) | {"lines-0-quantity": "9", "do": "save"}).status_code
        == 303
    )
    answer = clerk.post(url, mine)
    page = text_of(answer)
    assert answer.status_code == 409
    assert Line.objects.get().quantity == D(9)
    assert 'value="7,25"' in page
    assert "Mein Text" in page
    assert str(saved().changed_by) in page
    again = fields_of(answer) | {"do": "save"}
    assert clerk.post(url, again).status_code == 303
    assert Line.objects.get().quantity == D("7.25")


def test_a_document_that_moved_on_keeps_the_input(world: World, clerk: Client) -> None:
    clerk.post(NEW, form(world.customer, WHEAT))
    url = f"/documents/{saved().uuid}/edit/"
    mine = fields_of(clerk.get(url)) | {"do": "submit"}
    assert clerk.post(url, mine).status_code == 303
    answer = clerk.post(url, mine)
    assert answer.status_code == 409
    assert 'value="8,5"' in text_of(answer)
    assert clerk.get(url).status_code == 409


def test_a_number_typed_over_without_scripts_wins_over_the_hidden_key(world: World, clerk: Client) -> None:
    clerk.post(NEW, form(world.customer, WHEAT))
    url = f"/documents/{saved().uuid}/edit/"
    fields = fields_of(clerk.get(url))
    assert fields["lines-0-article_id"] == f"{world.wheat.pk}:10214"
    clerk.post(url, fields | {"lines-0-article": "20115", "lines-0-unit": "", "do": "save"})
    assert Line.objects.get().article_id == world.lime.pk


def test_amending_needs_a_reason_and_keeps_agreed_prices(world: World, clerk: Client) -> None:
    case = submitted(
        world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "10"))
    )
    url = f"/documents/{case.document.uuid}/edit/?amend=1"
    fields = fields_of(clerk.get(url)) | {"lines-0-quantity": "25", "do": "amend"}
    answer = clerk.post(url, fields)
    assert answer.status_code == 422
    assert 'href="#id_reason"' in text_of(answer)
    assert clerk.post(url, fields | {"reason": "Customer called"}).status_code == 303
    document = saved()
    assert (document.revision, document.state) == (2, State.POSTED)
    assert (Line.objects.get().quantity, Line.objects.get().price) == (D(25), D(240))


def test_amending_keeps_the_number_of_an_entry(world: World, clerk: Client) -> None:
    """Invoices know by it what they took already."""
    given = draft(
        "sales_order", world.customer, line(world.wheat, "10"), allowances=(freight("60"), freight("120"))
    )
    case = submitted(world.company, world.clerk, given)
    url = f"/documents/{case.document.uuid}/edit/?amend=1"
    without = {"allowances-0-amount": "", "allowances-0-reason": ""}
    changed = fields_of(clerk.get(url)) | without | {"reason": "No pallets", "do": "amend"}
    assert clerk.post(url, changed).status_code == 303
    rows = load_case(case.document.pk).allowances
    assert [(row.entry, row.amount) for row in rows] == [(2, D(120))]


def test_edit_of_a_follow_up_keeps_price_and_links(world: World, clerk: Client) -> None:
    order = submitted(
        world.company,
        world.clerk,
        draft("sales_order", world.customer, line(world.wheat, "10"), line(world.lime, "40")),
    )
    delivery = follow(world.company, world.clerk, "delivery_note", order)
    url = f"/documents/{delivery.document.uuid}/edit/"
    fields = fields_of(clerk.get(url)) | {"lines-1-quantity": "20", "do": "save"}
    assert "party-ship_to-edited" not in fields, "carried over, not typed"
    assert clerk.post(url, fields).status_code == 303
    case = load_case(delivery.document.pk)
    assert [link.quantity for link in case.links_in if link.via_id is None] == [D(10), D(20)]
    assert [row.price_source["source"] for row in case.lines] == ["carried", "carried"]
    assert case.lines[1].price_quantity == D("0.5")
    assert case.parties["ship_to"].city == "Husum"
