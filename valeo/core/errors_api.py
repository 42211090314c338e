"""The place where refusals become problem details (RFC 9457) for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_lazy
from rest_framework import exceptions as rest
from rest_framework.response import Response

from valeo.core.exceptions import (
    DomainError,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Refused,
    TooManyRequests,
    Violation,
)

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: gettext_lazy("Request not understood"),
    401: gettext_lazy("Not signed in"),
    403: gettext_lazy("Not permitted"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    409: gettext_lazy("Somebody was faster"),
    415: gettext_lazy("Media type not supported"),
    422: gettext_lazy("Not possible"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Our fault"),
}


def wants_problem(request: HttpRequest) -> bool:
    """Whether a program asks: an address below /api/, or one that accepts JSON and no page."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "html" not in accept)


def problem(request: HttpRequest, error: DomainError) -> dict[str, Any]:
    """The members of the answer; ``code`` is stable, ``title`` and ``detail`` are in the user's language."""
    title = str(TITLES.get(error.status, TITLES[400]))
    members: dict[str, Any] = {
        "type": f"urn:valeo:problem:{error.code}",
        "title": title,
        "status": error.status,
        "detail": str(error) or title,
        "instance": request.path,
        "code": error.code,
        "request_id": getattr(request, "request_id", ""),
    }
    if isinstance(error, Refused):
        members["violations"] = [
            {"code": each.code, "text": str(each.text), "field": each.field, "line": each.line}
            for each in error.violations
        ]
    if isinstance(error, NotPermitted):
        members["missing_scopes"] = list(error.missing)
        if error.missing:
            members["detail"] = gettext("Missing scopes: %(names)s") % {"names": ", ".join(error.missing)}
    return members


def _headers(error: DomainError) -> dict[str, str]:
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    return {}


def respond(request: HttpRequest, error: DomainError) -> HttpResponse:
    """For views that are not DRF's."""
    return JsonResponse(
        problem(request, error), status=error.status, content_type=CONTENT_TYPE, headers=_headers(error)
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing of the fault itself is told."""
    fault = DomainError(code="server-error")
    fault.status = 500
    return respond(request, fault)


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's ``EXCEPTION_HANDLER``; None lets a programming fault go on to the 500."""
    error = _as_domain_error(exception)
    if error is None:
        return None
    request = context["request"]._request
    return Response(
        problem(request, error), status=error.status, content_type=CONTENT_TYPE, headers=_headers(error)
    )


def _as_domain_error(exception: Exception) -> DomainError | None:
    match exception:
        case DomainError():
            return exception
        case Http404() | rest.NotFound():
            return NotFound()
        case rest.NotAuthenticated() | rest.AuthenticationFailed():
            return NotSignedIn()
        case PermissionDenied() | rest.PermissionDenied():
            return NotPermitted(())
        case rest.Throttled():
            return TooManyRequests(int(getattr(exception, "wait", None) or 1) + 1)
        case rest.ValidationError():
            return Refused(_violations(exception.detail), status=400)
        case rest.APIException():
            error = DomainError(str(exception.detail), code=exception.default_code.replace("_", "-"))
            error.status = exception.status_code
            return error
        case _:
            return None


def _violations(detail: Any, field: str = "") -> list[Violation]:
    """DRF's nested errors as a flat list; ``lines.0.price`` names what lies deeper."""
    if isinstance(detail, Mapping):
        return [
            each for key, value in detail.items() for each in _violations(value, f"{field}.{key}".lstrip("."))
        ]
    if isinstance(detail, list):
        return [
            each
            for index, value in enumerate(detail)
            for each in _violations(value, f"{field}.{index}" if isinstance(value, Mapping) else field)
        ]
    return [Violation(code=getattr(detail, "code", "invalid"), text=str(detail), field=field)]
