from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from numbering.kinds import SeriesKind
from numbering.models import NumberSeries
from numbering.services import create_series, reserve
from tests.numbering.conftest import DAY, give, row
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch, Company

Series = dict[str, NumberSeries]
LIST = "/admin/numbering/numberseries/"


@pytest.fixture
def client(client_for: Callable[..., Client], company: Company) -> Client:
    return client_for("administrator")


def test_the_list_shows_the_next_numbers_across_the_years_end(
    client: Client, company: Company, series: Series
) -> None:
    year = dt.date.today().year  # noqa: DTZ011
    give(company, on=dt.date(year, 1, 1))
    page = client.get(LIST, headers={"accept-language": "en"}).content.decode()
    assert f"SO-{year}-00002, SO-{year}-00003" in page
    assert f"SO-{year + 1}-00001, SO-{year + 1}-00002" in page


def test_the_list_takes_as_many_queries_for_many_series_as_for_few(
    client: Client, company: Company, actor: Actor
) -> None:
    client.get(LIST)  # the session is read and completed once
    counts = []
    for number in range(3):
        branch = Branch.objects.create(company=company, code=f"B{number}", name="x")
        create_series(actor=actor, kind="sales_order", prefix=f"S{number}X", branch=branch)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_a_series_is_added_and_a_refusal_is_shown_beside_the_field(client: Client, series: Series) -> None:
    facts = {
        "kind": "sales_order", "type_group": "x", "valid_from": "2026-01-01", "prefix": "SO",
        "pattern": "{prefix}-{year}-{number:05d}", "first_number": "1", "reset": "calendar",
    }  # fmt: skip
    page = client.post(LIST + "add/", facts, headers={"accept-language": "en"})
    assert "could give the same numbers" in page.content.decode()
    assert client.post(LIST + "add/", {**facts, "prefix": "SOX"}).status_code == 302
    assert NumberSeries.objects.filter(prefix="SOX").exists()


def test_a_used_series_is_read_only_and_succeeded(client: Client, company: Company, series: Series) -> None:
    used = series["sales_order"]
    give(company)
    page = client.get(f"{LIST}{used.pk}/change/").content.decode()
    assert 'name="prefix"' not in page
    assert f"{LIST}{used.pk}/succeed/" in page
    form = {
        "valid_from": DAY.isoformat(),
        "prefix": "AU",
        "pattern": "{prefix}-{year}-{number}",
        "first_number": 1,
        "reset": "calendar",
    }
    assert client.get(f"{LIST}{used.pk}/succeed/").status_code == 200
    refused = client.post(f"{LIST}{used.pk}/succeed/", form)
    assert refused.status_code == 422
    assert NumberSeries.objects.filter(kind="sales_order").count() == 1
    assert client.post(f"{LIST}{used.pk}/succeed/", {**form, "valid_from": "2027-01-01"}).status_code == 302
    assert NumberSeries.objects.get(prefix="AU").succeeds == used


def test_the_next_number_is_set_with_a_reason(client: Client, company: Company, series: Series) -> None:
    where = f"{LIST}{series['sales_order'].pk}/reset/"
    assert client.get(where).status_code == 200
    assert client.post(where, {"year": 2026, "next_value": 9}).status_code == 422
    assert client.post(where, {"year": 2026, "next_value": 9, "reason": "forms"}).status_code == 302
    assert give(company) == ["SO-2026-00009"]


def test_the_proof_page_lists_every_counter(client: Client, company: Company, series: Series) -> None:
    give(company, times=3)
    page = client.get(LIST + "proof/", headers={"accept-language": "en"}).content.decode()
    assert "{prefix}-{year}-{number:05d}" in page
    assert "none" in page


def test_a_reserved_number_is_made_void_in_the_register(client: Client, actor: Actor, series: Series) -> None:
    reserved = reserve(actor=actor, kind="sales_order", on=DAY)
    base = "/admin/numbering/issuednumber/"
    assert reserved.number in client.get(base).content.decode()
    assert f"{base}{reserved.pk}/void/" in client.get(f"{base}{reserved.pk}/change/").content.decode()
    assert client.post(f"{base}{reserved.pk}/void/", {"reason": ""}).status_code == 422
    assert client.post(f"{base}{reserved.pk}/void/", {"reason": "misprint"}).status_code == 302
    assert row(reserved.number).state == "void"


@pytest.mark.parametrize("path", ["", "proof/", "1/succeed/", "1/reset/"])
def test_the_pages_are_the_administrators(client_for: Callable[..., Client], path: str) -> None:
    assert client_for("accountant").get(LIST + path).status_code == 403


@pytest.mark.parametrize("path", ["{}/change/", "{}/succeed/", "{}/reset/"])
def test_another_companys_series_is_not_found(client: Client, other_company: Company, path: str) -> None:
    theirs = NumberSeries.everywhere.create(
        company=other_company, kind="sales_order", prefix="X", valid_from=DAY
    )
    assert client.get(LIST + path.format(theirs.pk)).status_code == 404


def test_a_new_company_gets_the_missing_series(client: Client, company: Company) -> None:
    assert client.get(LIST + "defaults/").status_code == 200
    assert client.post(LIST + "defaults/").status_code == 302
    assert set(NumberSeries.objects.values_list("kind", flat=True)) == set(SeriesKind.values)


def test_a_pattern_that_does_not_fit_is_refused_in_words_beside_it(client: Client, series: Series) -> None:
    facts = {
        "kind": "sales_order", "type_group": "x", "valid_from": "2026-01-01", "prefix": "SOX",
        "pattern": "{prefix}-{number:05d}", "first_number": "1", "reset": "calendar",
    }  # fmt: skip
    page = client.post(LIST + "add/", facts, headers={"accept-language": "en"})
    errors = page.context["adminform"].form.errors
    assert list(errors) == ["pattern"]
    assert "shows the year" in errors["pattern"][0]
    assert not NumberSeries.objects.filter(prefix="SOX").exists()


def test_the_succession_proposes_the_next_first_of_january(client: Client, series: Series) -> None:
    page = client.get(f"{LIST}{series['sales_order'].pk}/succeed/").content.decode()
    year = dt.date.today().year + 1  # noqa: DTZ011
    assert f'value="{year}-01-01"' in page
