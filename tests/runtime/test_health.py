"""What every answer carries, and what an orchestrator asks."""

from __future__ import annotations

import re

import pytest
from csp.middleware import CSPMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries


def test_healthz_asks_no_database(client: Client) -> None:
    answer = client.get("/healthz")  # without the database mark a query would raise
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_sees_a_complete_schema(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "checks": {"database": True, "redis": True}}
    with django_assert_max_num_queries(1):
        client.get("/readyz")


@pytest.mark.django_db(transaction=True)
def test_readyz_without_a_database_is_503(client: Client) -> None:
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        answer = client.get("/readyz")
    finally:
        connection.settings_dict["HOST"] = host
        connection.close()
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": False, "redis": True}


def test_only_reading_is_answered(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_every_answer_has_the_headers(client: Client) -> None:
    answer = client.get("/healthz")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_nonce_is_new_for_each_request_and_allows_scripts_and_styles() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]

    seen = set()
    for _ in range(2):
        answer = CSPMiddleware(page)(RequestFactory().get("/"))
        assert isinstance(answer, HttpResponse)
        nonce = answer.content.decode()
        assert answer["Content-Security-Policy"].count(f"'nonce-{nonce}'") == 2
        seen.add(nonce)
    assert len(seen) == 2


def test_the_request_id_of_a_proxy_is_kept_and_nonsense_is_not(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    made = client.get("/healthz", headers={"X-Request-ID": "evil\r\nline <b>"})["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_the_addresses_are_those_of_the_contract() -> None:
    assert (reverse("healthz"), reverse("readyz")) == ("/healthz", "/readyz")
