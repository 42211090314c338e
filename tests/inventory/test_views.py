from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import StockMovement
from tests.factories.documents import act
from tests.factories.masterdata import make_article, make_masterdata
from tests.inventory.conftest import Stock
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope

SignIn = Callable[..., Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def typed(stock: Stock, **values: str) -> dict[str, str]:
    facts = {
        "warehouse": str(stock.house.uuid), "article": stock.seed.number, "lot": "", "quantity": "1.234,5",
        "unit_cost": "2,40", "effective_on": "", "reason": "Inventur", "entry_key": str(uuid4()),
    }  # fmt: skip
    return {**facts, **values}


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("operator", 200, 403), ("warehouse", 200, 200), ("manager", 200, 403), ("accountant", 200, 200),
        ("auditor", 200, 403), ("administrator", 200, 200),
    ],
)  # fmt: skip
def test_who_sees_and_who_enters(
    stock: Stock, client_for: SignIn, role: str, reads: int, writes: int
) -> None:
    client = client_for(role)
    assert client.get(reverse("inventory:stock")).status_code == reads
    assert client.get(reverse("inventory:article", args=[stock.seed.uuid])).status_code == reads
    assert client.get(reverse("inventory:opening")).status_code == writes
    assert client.post(reverse("inventory:correction"), typed(stock)).status_code == (
        303 if writes == 200 else 403
    )
    assert StockMovement.objects.count() == (1 if writes == 200 else 0)


def test_an_opening_in_the_readers_figures(stock: Stock, client_for: SignIn) -> None:
    client = client_for("warehouse")
    answer = client.post(reverse("inventory:opening"), typed(stock), headers={"accept-language": "de"})
    assert answer.status_code == 303
    row = StockMovement.objects.get()
    assert (str(row.stock_quantity), str(row.value)) == ("1234.500000", "2962.80")
    page = text(
        client.get(reverse("inventory:article", args=[stock.seed.uuid]), headers={"accept-language": "de"})
    )
    assert "1.234,5" in page
    assert "Inventur" in page
    listed = text(client.get(reverse("inventory:stock"), headers={"accept-language": "de"}))
    assert stock.seed.number in listed
    assert "2.962,80" in listed


def test_errors_stand_beside_their_fields_and_nothing_is_lost(stock: Stock, client_for: SignIn) -> None:
    client = client_for("warehouse")
    for values, expected in (
        ({"quantity": "99999999999999999999"}, "id_quantity-error"),
        ({"article": "NO-SUCH"}, "id_article-error"),
        ({"warehouse": str(uuid4())}, "id_warehouse-error"),
        ({"reason": "bell\x07"}, "id_reason-error"),
        ({"reason": "nul\x00"}, "id_reason-error"),
        ({"effective_on": "1900-01-01"}, "id_effective_on-error"),
        ({"lot": "L1"}, "id_lot-error"),
    ):
        answer = client.post(reverse("inventory:opening"), typed(stock, **values))
        assert answer.status_code == 422, values
        page = text(answer)
        assert expected in page
        assert values.get("quantity", "1.234,5") in page, "what was typed is still there"
    assert not StockMovement.objects.exists()


def test_a_button_pressed_twice_records_once(stock: Stock, client_for: SignIn) -> None:
    client = client_for("warehouse")
    given = typed(stock)
    assert client.post(reverse("inventory:correction"), given).status_code == 303
    assert client.post(reverse("inventory:correction"), given).status_code == 409
    assert StockMovement.objects.count() == 1


def test_another_companys_article_is_not_found(
    stock: Stock, client_for: SignIn, other_company: Company
) -> None:
    with company_scope(other_company.pk):
        foreign = make_article(make_masterdata(other_company))
    client = client_for("administrator")
    answer = client.get(reverse("inventory:article", args=[foreign.uuid]))
    assert answer.status_code == 404
    assert client.get(reverse("inventory:article", args=[uuid4()])).status_code == 404
    assert foreign.name_de not in text(client.get(reverse("inventory:stock")))


def test_search_and_filters(stock: Stock, client_for: SignIn) -> None:
    stock.opening(stock.feed, "5", lot="CHARGE-7")
    stock.seed.minimum_stock = 10
    stock.seed.save()
    client = client_for("operator")
    url = reverse("inventory:stock")
    assert stock.feed.number in text(client.get(url, {"q": "charge-7"}))
    assert stock.seed.number not in text(client.get(url, {"q": "charge-7"}))
    low = text(client.get(url, {"show": "low"}))
    assert f">{stock.seed.number}<" in low
    assert f">{stock.feed.number}<" not in low
    stocked = text(client.get(url, {"show": "stocked", "warehouse": stock.house.code}))
    assert f">{stock.feed.number}<" in stocked
    elsewhere = text(client.get(url, {"show": "stocked", "warehouse": stock.barn.code}))
    assert f">{stock.feed.number}<" not in elsewhere
    for query in ({"q": "\x00%_'"}, {"after": "x" * 2000}, {"warehouse": "'"}, {"sort": "password"}):
        assert client.get(url, query).status_code == 200
    page = reverse("inventory:article", args=[stock.feed.uuid])
    for before in ("0", "x", "9" * 30, "²"):
        assert client.get(page, {"before": before}).status_code == 200


def test_lookups(stock: Stock, client_for: SignIn) -> None:
    stock.opening(stock.feed, "5", lot="CHARGE-7")
    client = client_for("operator")
    (found,) = client.get(reverse("inventory:lookup"), {"q": stock.feed.number}).json()["results"]
    assert found["number"] == stock.feed.number
    assert "5" in found["right"]
    lots = client.get(reverse("inventory:lookup-lots"), {"article": stock.feed.number}).json()["results"]
    assert [row["number"] for row in lots] == ["CHARGE-7"]
    assert lots[0]["quantity"] == "5.000000", "for the script, whatever the reader's language"
    nothing = client.get(reverse("inventory:lookup-lots"), {"article": "NO\x00PE"}).json()
    assert nothing["results"] == []
    assert nothing["none"]


def test_lots_of_the_warehouse_that_the_form_knows(stock: Stock, client_for: SignIn) -> None:
    stock.opening(stock.feed, "5", lot="HERE")
    stock.opening(stock.feed, "7", lot="THERE", warehouse=stock.barn.uuid)
    client, url = client_for("warehouse"), reverse("inventory:lookup-lots")

    def found(**query: Any) -> list[str]:
        answer = client.get(url, {"article": stock.feed.number, **query}).json()
        return [row["number"] for row in answer["results"]]

    assert sorted(found()) == ["HERE", "THERE"]
    for query in (
        {"warehouse": stock.barn.code}, {"warehouse_id": stock.barn.pk}, {"warehouse_uuid": stock.barn.uuid},
    ):  # fmt: skip
        assert found(**query) == ["THERE"], query
    for hostile in ("x", "²", "9" * 40, "-1"):
        assert found(warehouse_uuid=hostile) == ["HERE", "THERE"]
        assert found(warehouse_id=hostile) in (["HERE", "THERE"], [])


@pytest.mark.parametrize("name", ["opening", "correction"])
def test_the_stock_forms_offer_lots_of_article_and_warehouse(
    stock: Stock, client_for: SignIn, name: str
) -> None:
    page = client_for("warehouse").get(reverse(f"inventory:{name}")).content.decode()
    (field,) = re.findall(r'<input[^>]*name="lot"[^>]*>', page)
    assert f'data-source="{reverse("inventory:lookup-lots")}"' in field
    assert 'data-source-with="article=article warehouse_uuid=warehouse"' in field


def test_the_number_of_queries_stays(stock: Stock, client_for: SignIn) -> None:
    client = client_for("warehouse")
    pages = (reverse("inventory:stock"), reverse("inventory:article", args=[stock.seed.uuid]))
    stock.opening(stock.seed, "100")
    deliver(stock, 1)
    counts = [queries(client, page) for page in pages]
    for _ in range(2):
        stock.opening(make_article(make_masterdata(stock.company)), "3")
    deliver(stock, 2)
    assert [queries(client, page) for page in pages] == counts


def deliver(stock: Stock, times: int) -> None:
    for _ in range(times):
        order = stock.order(stock.line("2"))
        delivery = stock.follow("delivery_note", order, picks={order.lines[0].pk: "1"})
        act(delivery, "submit", stock.actor)


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_document_page_shows_what_moved(stock: Stock, client_for: SignIn) -> None:
    stock.opening(stock.feed, "100", lot="CHARGE-7")
    delivery = stock.deliver(stock.line("30", stock.feed, lots=(("CHARGE-7", Decimal(30)),)))
    page = text(client_for("warehouse").get(reverse("documents:detail", args=[delivery.document.uuid])))
    assert 'id="d-moves"' in page
    assert "CHARGE-7" in page
