"""The table of lines has the columns that the kind can fill."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from documents import registry
from inventory.selectors.offers import for_document
from tests.factories.steps import drafted
from tests.factories.world import World, make_world
from valeo.tenancy.models import Company


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


@pytest.mark.parametrize(
    "kind", ["quotation", "sales_order", "delivery_note", "sales_invoice", "credit_note"]
)
def test_available_stands_where_goods_are_promised_or_taken(
    world: World, client_for: Callable[..., Client], kind: str
) -> None:
    page = client_for("accountant").get(f"/documents/{kind}/new/").content.decode()
    wanted = kind in {"sales_order", "delivery_note"}
    assert ('data-calc="available"' in page) is wanted
    assert ("w-avail" in page) is wanted
    cells = page.split("<thead><tr>")[1].split("</tr>")[0]
    columns = cells.count("<th ") + cells.count("<td ")
    assert f'<td colspan="{columns - 1}">' in page, "what folds out below a line is as wide as the table"


def test_the_column_is_there_where_it_is_filled(world: World) -> None:
    """Every kind that is told what is available shows it, and no other."""
    for kind in ("quotation", "sales_order", "delivery_note"):
        case = drafted(world, kind)
        assert bool(for_document(case)) is registry.get(kind).traits.takes_stock
