"""Who may open the editor, of which kinds, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.models import Document, Line
from documents.selectors.cases import load_case
from tests.documents.views.editing import NEW, WHEAT, World, fields_of, form, make_world, saved
from tests.factories.documents import draft, line, submitted
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope

D = Decimal


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.fixture
def clerk(world: World, client_for: Callable[..., Client]) -> Client:
    return client_for("operator")


@pytest.mark.parametrize(
    ("role", "status"), [("warehouse", 403), ("auditor", 403), ("operator", 200), ("administrator", 200)]
)
def test_the_kinds_scope_is_asked_for(
    world: World, client_for: Callable[..., Client], role: str, status: int
) -> None:
    client = client_for(role)
    assert client.get(NEW).status_code == status
    if status == 403:
        assert client.post(NEW, form(world.customer, WHEAT)).status_code == 403
        assert client.post("/documents/sales_order/preview/", form(world.customer, WHEAT)).status_code == 403
        assert not Document.objects.exists()


def test_the_warehouse_writes_deliveries(world: World, client_for: Callable[..., Client]) -> None:
    client = client_for("warehouse")
    assert client.get("/documents/delivery_note/new/").status_code == 200
    row = WHEAT | {"lots": "L1 = 5; L2 = 3,5"}
    assert client.post("/documents/delivery_note/new/", form(world.customer, row)).status_code == 303
    case = load_case(saved().pk)
    assert {(lot.lot, lot.stock_quantity) for lot in case.lots.get(case.lines[0].pk, [])} in (
        {("L1", D(5)), ("L2", D("3.5"))},
        set(),
    )


def test_unknown_kinds_and_foreign_documents_do_not_exist(
    world: World, other_company: Company, clerk: Client
) -> None:
    with company_scope(other_company.pk):
        theirs = make_world(other_company)
        foreign = submitted(
            other_company, theirs.clerk, draft("sales_order", theirs.customer, line(theirs.wheat, "1"))
        )
    assert clerk.get("/documents/nothing/new/").status_code == 404
    assert clerk.get(f"/documents/{foreign.document.uuid}/edit/").status_code == 404
    assert (
        clerk.post(f"/documents/{foreign.document.uuid}/edit/", form(world.customer, WHEAT)).status_code
        == 404
    )
    assert clerk.get(f"/documents/{foreign.document.uuid}/edit/?amend=1").status_code == 404


@pytest.mark.parametrize(
    "kind", ["quotation", "sales_order", "delivery_note", "sales_invoice", "credit_note"]
)
def test_every_kind_has_its_editor(world: World, client_for: Callable[..., Client], kind: str) -> None:
    client = client_for("accountant")
    page = client.get(f"/documents/{kind}/new/", headers={"accept-language": "de"})
    fields = fields_of(page)
    assert "lines-4-article" in fields  # room for lines without scripts
    assert ("reason_kind" in fields) == (kind == "credit_note")
    assert ("valid_until" in fields) == (kind == "quotation")
    new = {
        "quotation": "Neues Angebot", "sales_order": "Neuer Auftrag", "delivery_note": "Neuer Lieferschein",
        "sales_invoice": "Neue Rechnung", "credit_note": "Neue Rechnungskorrektur",
    }[kind]  # fmt: skip
    assert f"<title>{new} · VALEO</title>" in re.sub(r"\s+", " ", page.content.decode()).replace(
        "<title> ", "<title>"
    )
    goods = re.search(
        r'<td class="tick w-goods"><label><input[^>]*name="lines-0-with_goods"', page.content.decode()
    )
    assert bool(goods) == (kind == "credit_note"), "seen in the table, not in the line's details"


def test_saving_asks_the_same_number_of_queries_for_any_number_of_lines(world: World, clerk: Client) -> None:
    clerk.post(NEW, form(world.customer, WHEAT))  # warms what is read once per process
    counts = []
    for rows in (1, 5):
        with CaptureQueriesContext(connection) as queries:
            assert clerk.post(NEW, form(world.customer, *[WHEAT] * rows)).status_code == 303
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 38


def test_showing_asks_the_same_number_of_queries_for_any_number_of_lines(world: World, clerk: Client) -> None:
    counts = []
    for rows in (1, 3):
        case = submitted(
            world.company, world.clerk, draft("sales_order", world.customer, *[line(world.wheat, "1")] * rows)
        )
        url = f"/documents/{case.document.uuid}/edit/?amend=1"
        clerk.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_long_document_goes_through_the_form(world: World, clerk: Client) -> None:
    """More fields than Django takes by default."""
    assert clerk.post(NEW, form(world.customer, *[WHEAT] * 60)).status_code == 303
    url = f"/documents/{saved().uuid}/edit/"
    fields = fields_of(clerk.get(url))
    assert len(fields) > 1000
    assert clerk.post(url, fields | {"lines-59-quantity": "1", "do": "save"}).status_code == 303
    assert Line.objects.order_by("position").last().quantity == D(1)  # type: ignore[union-attr]
