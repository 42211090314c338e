"""The global search: finds what one may read, nothing else, whatever is typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Document
from tests.factories.documents import draft, line, submitted
from tests.factories.masterdata import make_partner
from tests.office.conftest import Office
from valeo.office.kinds import allowed
from valeo.office.selectors import hits

SignIn = Callable[..., Client]
URL = reverse("search")


def found(client: Client, q: str) -> list[dict[str, str]]:
    answer = client.get(URL, {"q": q, "format": "json"})
    assert answer.status_code == 200
    return list(answer.json()["results"])


def numbers(client: Client, q: str) -> list[str]:
    return [hit["number"] for hit in found(client, q)]


def test_documents_by_number_partner_and_reference(office: Office, client_for: SignIn) -> None:
    client = client_for("operator")
    order = submitted(
        office.company, office.clerk,
        draft("sales_order", office.customer, line(office.seed, "1"), partner_reference="BEST-4711/ä"),
    ).document  # fmt: skip
    other = office.order().document
    assert numbers(client, order.number)[0] == order.number
    assert numbers(client, order.number[-4:])[:1] == [order.number]
    assert set(numbers(client, "petersen")) >= {order.number, other.number}
    assert numbers(client, "petersen 4711/Ä") == [order.number]
    assert numbers(client, "petersen quatsch") == []
    hit = found(client, order.number)[0]
    assert hit["url"] == reverse("documents:detail", args=[order.uuid])
    assert hit["label"] == office.customer.name
    assert hit["symbol"] == "clipboard-list"


def test_the_very_number_comes_first(office: Office, client_for: SignIn) -> None:
    first = office.order().document
    for _ in range(9):
        office.order()
    assert numbers(client_for("operator"), first.number)[0] == first.number


def test_drafts_by_what_stands_for_their_number(office: Office, client_for: SignIn) -> None:
    drafted = office.drafted().document
    client = client_for("operator")
    for typed in (drafted.draft_reference, drafted.draft_reference.lower(), drafted.draft_reference[1:]):
        assert str(drafted.uuid) in [hit["id"] for hit in found(client, typed)]


def test_partners_articles_and_commands(office: Office, client_for: SignIn) -> None:
    client = client_for("operator")
    make_partner(office.boss, name="Müller & Söhne")
    assert [hit["label"] for hit in found(client, "mueller soehne")] == ["Müller & Söhne"]
    assert [hit["number"] for hit in found(client, "rapssaat")] == [office.seed.number]
    new = reverse("documents:new", args=["sales_order"])
    assert new in [hit["url"] for hit in found(client, "sales_order")]
    assert new not in [hit["url"] for hit in found(client_for("auditor"), "sales_order")]
    assert reverse("documents:new", args=["delivery_note"]) in [
        hit["url"] for hit in found(client_for("warehouse"), "delivery_note")
    ]


def test_scopes_decide_what_is_found(office: Office, client_for: SignIn) -> None:
    number = office.order().document.number
    assert numbers(client_for("auditor"), number) == [number]
    assert client_for().get(URL, {"q": number}).status_code == 403
    from dataclasses import replace

    stock_only = replace(office.boss, scopes=frozenset({"inventory:read"}))
    assert hits.documents(stock_only, number, 5) == []
    assert [hit.number for hit in hits.article_hits(stock_only, "rapssaat", 5)] == [office.seed.number]
    assert hits.partner_hits(replace(office.boss, scopes=frozenset({"docs:print"})), "petersen", 5) == []
    assert Client().get(URL, {"q": number}).status_code == 302


def test_another_company_is_never_found(office: Office, neighbour: Office, client_for: SignIn) -> None:
    client = client_for("administrator")
    for typed in (
        "petersen",
        "rapssaat",
        "kalk",
        "SO-",
        "OTHER",
        "QUO-",
        "hof petersen other",
        "DL-",
        "INV-",
    ):
        assert [hit for hit in found(client, typed) if hit["number"]] == [] or typed in {
            "petersen",
            "rapssaat",
            "kalk",
        }
        assert "OTHER" not in str(found(client, typed))
        assert "OTHER" not in client.get(URL, {"q": typed}).content.decode().replace(
            'value="OTHER"', ""
        ).replace("q=OTHER", "")


@pytest.mark.parametrize(
    "typed",
    [
        "%", "_", "%%%", "___", "\\", "'", '"', "';--", "\x00", "a\x00b\x00c", "x" * 10_000, "% " * 5_000, "\x1b[0m", "\u202e\ufeff",
        "<script>alert(1)</script>", "{{ 7|add:1 }}", "#zzzzzz", "#ffffff", "ffffff", "🌾🌾🌾", " ", "a b c d e f g h i j k",
        "İstanbul", "${jndi}", "../../etc/passwd", "%(label)s", "\ud83c\udf3e",
    ],
)  # fmt: skip
def test_hostile_text(office: Office, client_for: SignIn, typed: str) -> None:
    office.order()
    client = client_for("administrator")
    plain = typed.encode("utf-8", "surrogatepass").decode("utf-8", "ignore")
    assert [hit for hit in found(client, plain) if hit["number"]] == []
    page = client.get(URL, {"q": plain})
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_wildcards_are_letters(office: Office, client_for: SignIn) -> None:
    make_partner(office.boss, name="100%_Bio \\ Hof")
    client = client_for("operator")
    assert [hit["label"] for hit in found(client, "100%_bio")] == ["100%_Bio \\ Hof"]
    assert found(client, "100_%bio") == []


def test_a_repeated_or_strange_parameter(office: Office, client_for: SignIn) -> None:
    client = client_for("operator")
    assert client.get(f"{URL}?q=a&q=%FF%FE&format=json").status_code == 200
    assert client.get(f"{URL}?format=xml").status_code == 200
    assert client.post(URL, {"q": "a"}).status_code in {403, 405}


def test_the_page_without_scripts(office: Office, client_for: SignIn) -> None:
    number = office.order().document.number
    page = client_for("operator").get(URL, {"q": "petersen"})
    body = page.content.decode()
    assert number in body
    assert f"{reverse('documents:list', args=['sales_order'])}?q=petersen" in body
    assert 'value="petersen"' in body
    empty = client_for("operator").get(URL, {"q": "gibt es nicht"}).content.decode()
    assert 'class="empty"' in empty


def test_queries_do_not_grow(office: Office, client_for: SignIn) -> None:
    client = client_for("administrator")

    def count(**query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL, {"q": "petersen", **query}).status_code == 200
        return len(queries)

    office.order()
    count()
    page, palette = count(), count(format="json")
    for number in range(2):
        office.order()
        office.quotation()
        make_partner(office.boss, name=f"Petersen {number}")
    assert (count(), count(format="json")) == (page, palette)
    assert palette <= 10, "two for documents, what the suggestions of master data take, two for the session"


def test_the_question_is_the_one_the_trigram_index_answers(office: Office) -> None:
    """``document_search`` indexes UPPER(search_text): any other expression would read every document."""
    sql = str(hits._of_kind(allowed(office.boss)[0], ["PETERSEN"], 7).query)
    assert 'UPPER("documents_document"."search_text") LIKE' in sql.replace("::text", "")
    index = next(each for each in Document._meta.indexes if each.name == "document_search")
    assert "Upper(F(search_text))" in str(index.expressions)
