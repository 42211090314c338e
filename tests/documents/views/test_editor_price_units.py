"""A price that was found, in the unit and per the base that somebody typed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from documents.models import Line
from tests.documents.views.editing import LIME, NEW, WHEAT, World, fields_of, form, make_world
from tests.factories.documents import draft, line, submitted
from valeo.tenancy.models import Company

D = Decimal
Figures = tuple[str, Decimal, Decimal, Decimal, Decimal | None, Decimal]


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.fixture
def clerk(world: World, client_for: Callable[..., Client]) -> Client:
    return client_for("operator")


def saved_line(clerk: Client, world: World, row: dict[str, str]) -> Line:
    answer = clerk.post(NEW, form(world.customer, row))
    assert answer.status_code == 303
    return Line.objects.order_by("-pk")[0]


def figures(line: Line) -> Figures:
    return (
        line.price_unit,
        line.price_base,
        line.price_quantity,
        line.price,
        line.found_price,
        line.net_amount,
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (LIME, ("TNE", D(1), D(1), D(375), D(375), D("375.00"))),
        (LIME | {"price_unit": "kg"}, ("KGM", D(1), D(1000), D("0.375"), D("0.375"), D("375.00"))),
        (LIME | {"price_unit": "Sack"}, ("XSA", D(1), D(40), D("9.375"), D("9.375"), D("375.00"))),
        (
            LIME | {"price_unit": "kg", "price_base": "100"},
            ("KGM", D(100), D(1000), D("37.5"), D("37.5"), D("375.00")),
        ),
        (LIME | {"price_unit": "Sack", "price": "10"}, ("XSA", D(1), D(40), D(10), D("9.375"), D("400.00"))),
        (WHEAT | {"price_unit": "kg"}, ("KGM", D(1), D(8500), D("0.24"), D("0.24"), D("2040.00"))),
        (WHEAT | {"price_base": "10"}, ("TNE", D(10), D("8.5"), D(2400), D(2400), D("2040.00"))),
    ],
)
def test_a_found_price_is_converted_and_a_typed_one_stays(
    world: World, clerk: Client, row: dict[str, str], expected: Figures
) -> None:
    """The article's own price and that of a list: what is charged does not depend on the unit of its price."""
    assert figures(saved_line(clerk, world, row)) == expected


@pytest.mark.parametrize("typed", [{}, {"price": "0,25"}])
def test_the_unit_of_a_list_price_is_still_there_when_the_draft_is_edited(
    world: World, clerk: Client, typed: dict[str, str]
) -> None:
    line = saved_line(clerk, world, WHEAT | {"price_unit": "kg"} | typed)
    before = figures(line)
    edit = f"/documents/{line.document.uuid}/edit/"
    assert clerk.post(edit, fields_of(clerk.get(edit)) | {"do": "save"}).status_code == 303
    line.refresh_from_db()
    assert figures(line) == before


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({}, ("TNE", D(1), D("8.6"), D(240), D(240), D("2064.00"))),
        ({"price_unit": "t"}, ("TNE", D(1), D("8.6"), D(240), D(240), D("2064.00"))),
        ({"price_unit": "kg"}, ("KGM", D(1), D(8600), D("0.24"), D("0.24"), D("2064.00"))),
        ({"price_base": "100"}, ("TNE", D(100), D("8.6"), D(24000), D(24000), D("2064.00"))),
        ({"price_unit": "kg", "price": "0,2"}, ("KGM", D(1), D(8600), D("0.2"), D("0.24"), D("1720.00"))),
    ],
)
def test_a_carried_price_and_what_is_charged_are_converted(
    world: World, clerk: Client, typed: dict[str, str], expected: Figures
) -> None:
    """The scales said 8.6 t for 8.5: it stays that weight in whatever unit it is charged."""
    source = submitted(
        world.company, world.clerk,
        draft("sales_order", world.customer, line(world.wheat, "8.5", price_quantity=D("8.6"))),
    )  # fmt: skip
    key = source.lines[0].pk
    picked = {f"pick-{key}": "1", f"quantity-{key}": "8,5", "do": "create"}
    assert clerk.post(f"/documents/delivery_note/from/{source.document.uuid}/", picked).status_code == 303
    made = Line.objects.get(document__kind="delivery_note")
    edit = f"/documents/{made.document.uuid}/edit/"
    for change in (typed, {}):  # and saved again as it is
        fields = fields_of(clerk.get(edit)) | {f"lines-0-{name}": value for name, value in change.items()}
        assert clerk.post(edit, fields | {"do": "save"}).status_code == 303
        made.refresh_from_db()
        assert figures(made) == expected
