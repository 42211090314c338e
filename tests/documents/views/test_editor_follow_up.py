from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents.case import Case
from documents.models import Document
from documents.selectors.cases import load_case
from documents.states import State
from tests.documents.views.editing import World, fields_of, make_world
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


def order(world: World, *quantities: str) -> Case:
    rows = [
        line(article, quantity)
        for article, quantity in zip((world.wheat, world.lime), quantities, strict=False)
    ]
    return submitted(world.company, world.clerk, draft("sales_order", world.customer, *rows))


def page(source: Case, kind: str = "delivery_note") -> str:
    return f"/documents/{kind}/from/{source.document.uuid}/"


def picks(case: Case, *quantities: str) -> dict[str, str]:
    return {f"pick-{row.pk}": "1" for row in case.lines} | {
        f"quantity-{row.pk}": quantity for row, quantity in zip(case.lines, quantities, strict=True)
    }


def test_open_quantities_are_proposed_and_picked(world: World, clerk: Client) -> None:
    source = order(world, "20", "40")
    shown = clerk.get(page(source)).content.decode()
    assert all(
        f'name="quantity-{row.pk}" value="{value}"' in shown
        for row, value in zip(source.lines, ("20", "40"), strict=True)
    )
    answer = clerk.post(
        page(source), picks(source, "12,5", "20") | {"do": "create", "supply_from": "24.11.2026"}
    )
    made = Document.objects.get(kind="delivery_note")
    assert (answer.status_code, answer["Location"]) == (303, f"/documents/{made.uuid}/edit/")
    case = load_case(made.pk)
    assert [row.quantity for row in case.lines] == [D("12.5"), D(20)]
    assert (made.state, str(made.supply_from)) == (State.DRAFT, "2026-11-24")
    assert [link.quantity for link in case.links_in] == [D("12.5"), D(20)]


def test_one_line_alone(world: World, clerk: Client) -> None:
    source = order(world, "20", "40")
    second = source.lines[1].pk
    clerk.post(page(source), {f"pick-{second}": "1", f"quantity-{second}": "7", "do": "create"})
    case = load_case(Document.objects.get(kind="delivery_note").pk)
    assert [(row.article_number, row.quantity) for row in case.lines] == [("20115", D(7))]


def test_several_orders_in_one_delivery(world: World, clerk: Client) -> None:
    first, second = order(world, "20"), order(world, "5")
    shown = clerk.get(page(first)).content.decode()
    assert f'value="{second.document.uuid}"' in shown
    answer = clerk.post(page(first), {"do": "sources", "also": str(second.document.uuid)})
    assert answer["Location"] == f"{page(first)}?also={second.document.uuid}"
    assert str(second.document) in clerk.get(answer["Location"]).content.decode()
    data = picks(first, "20") | picks(second, "5") | {"also": str(second.document.uuid), "do": "create"}
    assert clerk.post(page(first), data).status_code == 303
    case = load_case(Document.objects.get(kind="delivery_note").pk)
    assert set(case.sources) == {first.document.pk, second.document.pk}


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": "x"}, {"quantity": ""}, {"quantity": "-1"}, {"quantity": "0"}, {"quantity": "99999999999"},
        {"warehouse": "999999"}, {"warehouse": "x"}, {"supply_from": "1.1.1900"}, {"pick": ""},
    ],
)  # fmt: skip
def test_bad_input_makes_no_draft_and_is_kept(world: World, clerk: Client, change: dict[str, str]) -> None:
    source = order(world, "20")
    key = source.lines[0].pk
    data = picks(source, "3,25") | {"do": "create"}
    data |= {
        (f"{name}-{key}" if name in {"quantity", "pick"} else name): value for name, value in change.items()
    }
    answer = clerk.post(page(source), data)
    assert answer.status_code == 422
    assert not Document.objects.filter(kind="delivery_note").exists()
    if "quantity" not in change:
        assert 'value="3,25"' in answer.content.decode()
    else:
        assert 'aria-invalid="true"' in answer.content.decode()


def test_nothing_open_says_so(world: World, clerk: Client) -> None:
    source = order(world, "20")
    clerk.post(page(source), picks(source, "20") | {"do": "create"})
    made = Document.objects.get(kind="delivery_note")
    edit = f"/documents/{made.uuid}/edit/"
    assert clerk.post(edit, fields_of(clerk.get(edit)) | {"do": "submit"}).status_code == 303
    made.refresh_from_db()
    assert made.state in {State.POSTED, State.PENDING}
    answer = clerk.get(page(source))
    assert answer.status_code == 200
    assert "quantity-" not in answer.content.decode()
    assert clerk.post(page(source), {"do": "create"}).status_code == 422


def test_a_draft_source_is_not_in_force(world: World, clerk: Client) -> None:
    source = order(world, "20")
    clerk.post(page(source), picks(source, "20") | {"do": "create"})
    made = load_case(Document.objects.get(kind="delivery_note").pk)
    answer = clerk.get(page(made, "sales_invoice"))
    assert answer.status_code == 200
    assert "quantity-" not in answer.content.decode()
    assert clerk.post(page(made, "sales_invoice"), picks(made, "20") | {"do": "create"}).status_code == 422
    assert not Document.objects.filter(kind="sales_invoice").exists()


def test_ways_that_do_not_exist_and_foreign_sources(
    world: World, other_company: Company, clerk: Client
) -> None:
    source = order(world, "20")
    with company_scope(other_company.pk):
        foreign = order(make_world(other_company), "1")
    assert clerk.get(page(source, "quotation")).status_code == 404
    assert clerk.get(page(source, "nothing")).status_code == 404
    assert clerk.get(page(foreign)).status_code == 404
    assert clerk.get(f"{page(source)}?also={foreign.document.uuid}").status_code == 404
    assert (
        clerk.post(page(source), picks(source, "1") | {"also": str(foreign.document.uuid)}).status_code == 404
    )


def test_who_may_not_write_gets_403(world: World, client_for: Callable[..., Client]) -> None:
    source = order(world, "20")
    assert client_for("auditor").get(page(source)).status_code == 403
    assert client_for("warehouse").get(page(source)).status_code == 200
    assert client_for("warehouse").get(page(source, "sales_invoice")).status_code == 403


def test_the_number_of_queries_does_not_follow_the_lines(world: World, clerk: Client) -> None:
    one, two = order(world, "20"), order(world, "5", "5")
    clerk.get(page(one))
    counts = []
    for source in (one, two):
        with CaptureQueriesContext(connection) as queries:
            clerk.get(page(source))
        counts.append(len(queries))
    assert counts[0] == counts[1]
