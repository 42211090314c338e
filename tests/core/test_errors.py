from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory
from django_ratelimit.exceptions import Ratelimited
from rest_framework import exceptions as rest
from rest_framework.request import Request

from valeo.core import errors, errors_api
from valeo.core.exceptions import (
    Conflict,
    DomainError,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Refused,
    Violation,
)

PROBLEM = {"type", "title", "status", "detail", "instance", "code", "request_id"}


@pytest.mark.parametrize(
    ("accept", "path", "program"),
    [
        ("", "/api/x", True),
        ("application/json", "/orders/", True),
        ("application/problem+json", "/orders/", True),
        ("text/html,application/json", "/orders/", False),
        ("*/*", "/orders/", False),
    ],
)
def test_who_gets_problem_details(accept: str, path: str, *, program: bool) -> None:
    assert errors_api.wants_problem(RequestFactory().get(path, headers={"Accept": accept})) is program


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (NotFound(), 404, "not-found"),
        (Http404(), 404, "not-found"),
        (PermissionDenied(), 403, "not-permitted"),
        (NotPermitted(["sales:post"]), 403, "not-permitted"),
        (Conflict("changed"), 409, "conflict"),
        (Refused(Violation("x", "No"), status=409), 409, "refused"),
        (rest.NotAuthenticated(), 401, "not-signed-in"),
        (rest.AuthenticationFailed(), 401, "not-signed-in"),
        (rest.PermissionDenied(), 403, "not-permitted"),
        (rest.Throttled(wait=7), 429, "too-many-requests"),
        (rest.ParseError(), 400, "parse-error"),
        (rest.MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (rest.ValidationError({"a": ["wrong"]}), 400, "refused"),
    ],
)
def test_each_fault_of_the_api_has_its_status_and_code(fault: Exception, status: int, code: str) -> None:
    request = Request(RequestFactory().get("/api/x"))
    answer = errors_api.exception_handler(fault, {"request": request})
    assert answer is not None
    assert (answer.status_code, answer.data["code"], answer.data["status"]) == (status, code, status)
    assert set(answer.data) >= PROBLEM
    assert answer.content_type == "application/problem+json"


def test_a_programming_fault_is_no_refusal() -> None:
    assert (
        errors_api.exception_handler(KeyError("x"), {"request": Request(RequestFactory().get("/api/x"))})
        is None
    )


def test_nested_errors_keep_their_place() -> None:
    fault = rest.ValidationError(
        {"partner": ["Unknown."], "lines": [{}, {"price": ["Too long.", "No number."]}]}
    )
    answer: Any = errors_api.exception_handler(fault, {"request": Request(RequestFactory().get("/api/x"))})
    assert [(each["field"], each["text"]) for each in answer.data["violations"]] == [
        ("partner", "Unknown."),
        ("lines.1.price", "Too long."),
        ("lines.1.price", "No number."),
    ]


def test_a_rate_limit_is_429_and_says_when() -> None:
    answer = errors.permission_denied(RequestFactory().get("/api/x"), Ratelimited())
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


def test_a_server_error_tells_nothing_of_itself() -> None:
    page = errors.server_error(RequestFactory().get("/"))
    assert page.status_code == 500
    assert b"<h1" in page.content
    answer = errors.server_error(RequestFactory().get("/api/x"))
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"


def test_back_never_leads_to_another_host() -> None:
    for referer, back in (("http://testserver/a/?b=1", "/a/?b=1"), ("http://example.org/a/", "/"), ("", "/")):
        request = RequestFactory().post("/x", headers={"Referer": referer})
        assert errors.respond(request, NotSignedIn())["Location"].endswith(
            "next=" + back.replace("?b=", "%3Fb%3D")
        )


def test_back_does_not_leave_by_two_slashes() -> None:
    request = RequestFactory().get("/", headers={"Referer": "http://testserver//evil.example/x"})
    assert errors._back(request) == "/evil.example/x"


@pytest.mark.django_db
def test_a_foreign_host_is_a_bad_request(client: Client) -> None:
    client.raise_request_exception = False
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_refusal_of_the_base_class_is_400() -> None:
    answer = errors_api.respond(RequestFactory().get("/api/x"), DomainError("Odd", code="odd"))
    assert answer.status_code == 400
