from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.panels import panels_of
from payments.models import OpenItem
from tests.factories.documents import again
from tests.factories.masterdata import make_masterdata, make_partner
from tests.factories.tenancy import make_actor
from tests.payments.conftest import Books
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope

SignIn = Callable[..., Client]
GERMAN = {"accept-language": "de"}


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("operator", 403), ("warehouse", 403), ("manager", 403), ("accountant", 200), ("auditor", 200),
        ("administrator", 200),
    ],
)  # fmt: skip
def test_who_sees_the_books(books: Books, client_for: SignIn, role: str, status: int) -> None:
    answer = client_for(role).get(reverse("payments:items"))
    assert answer.status_code == status
    if status == 403:
        assert "finance:read" in text(answer)


def test_open_overdue_and_settled(books: Books, client_for: SignIn) -> None:
    late = books.invoice("10")
    soon = books.invoice("1")
    OpenItem.objects.filter(document=late.document.pk).update(due="2020-01-31")
    client = client_for("accountant")
    url = reverse("payments:items")
    page = text(client.get(url, headers=GERMAN))
    assert late.document.number in page
    assert soon.document.number in page
    assert "31.01.2020" in page
    assert "1.309,00 €" in page, "the sum of both"
    page = text(client.get(url, {"state": "overdue"}, headers=GERMAN))
    assert late.document.number in page
    assert soon.document.number not in page
    books.credit(soon, "1")
    settled = text(client.get(url, {"state": "settled"}))
    assert soon.document.number in settled
    assert late.document.number not in settled
    assert soon.document.number not in text(client.get(url))


def test_search_side_and_partner(books: Books, client_for: SignIn) -> None:
    invoice = books.invoice("1")
    client = client_for("accountant")
    url = reverse("payments:items")
    for query in (
        {"q": books.customer.name},
        {"q": invoice.document.number},
        {"partner": str(books.customer.uuid)},
    ):
        assert invoice.document.number in text(client.get(url, query)), query
    for query in ({"q": "nobody"}, {"side": "supplier"}):
        assert invoice.document.number not in text(client.get(url, query)), query
    for query in (
        {"partner": "x"},
        {"partner": str(uuid4())},
        {"q": "%"},
        {"q": "\x00"},
        {"after": "é"},
        {"sort": "password"},
    ):
        assert client.get(url, query).status_code == 200, query
    for sort in ("due", "-due", "open", "-posted"):
        assert client.get(url, {"sort": sort}).status_code == 200


def test_another_companys_items_stay_there(books: Books, client_for: SignIn, other_company: Company) -> None:
    with company_scope(other_company.pk):
        foreign = make_partner(make_masterdata(other_company), name="Fremder Hof")
        OpenItem.objects.create(
            company=other_company, partner=foreign, side="customer", due="2020-01-01", posting_date="2020-01-01",
            currency="EUR", amount=7, amount_company=7, open_amount=7, open_company=7,
        )  # fmt: skip
    client = client_for("accountant")
    assert "Fremder Hof" not in text(client.get(reverse("payments:items")))
    assert "Fremder Hof" not in text(client.get(reverse("payments:items"), {"partner": str(foreign.uuid)}))


def test_the_number_of_queries_stays(books: Books, client_for: SignIn) -> None:
    client = client_for("accountant")
    url = reverse("payments:items")
    books.invoice("1")
    first = queries(client, url)
    books.invoice("1")
    books.invoice("1")
    assert queries(client, url) == first


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_box_on_the_document_page(books: Books) -> None:
    invoice = books.invoice("10")
    books.credit(invoice, "3")
    case = again(invoice)
    accountant, clerk = make_actor(books.company, ["accountant"]), make_actor(books.company, ["operator"])
    boxes = [panel for panel in panels_of(case, accountant)["rail"] if panel.template.startswith("payments/")]
    assert len(boxes) == 1
    html = render_to_string(boxes[0].template, {"panel": boxes[0].context})
    assert "833" in html
    assert "357" in html
    assert not any(panel.template.startswith("payments/") for panel in panels_of(case, clerk)["rail"])


def test_the_document_page_shows_it(books: Books, client_for: SignIn) -> None:
    invoice = books.invoice("10")
    client = client_for("accountant")
    page = text(client.get(reverse("documents:detail", args=[invoice.document.uuid]), headers=GERMAN))
    assert 'id="d-items"' in page
    assert "1.190,00 €" in page
