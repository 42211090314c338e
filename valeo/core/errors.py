"""The place where refusals become HTML pages; those of the API are made in ``valeo.core.errors_api``."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost, PermissionDenied, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext_lazy as _
from django_ratelimit.exceptions import Ratelimited

from valeo.core import errors_api
from valeo.core.components import formats
from valeo.core.exceptions import (
    DomainError,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Refused,
    TooManyRequests,
    Violation,
)

NO_COMPANY = _("You are not a member of any company. Ask your administrator.")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
#: seconds to wait where a limit does not say it itself
RETRY_AFTER = 60
_TEMPLATES = {
    400: "400.html",
    403: "403.html",
    404: "404.html",
    409: "409.html",
    422: "422.html",
    429: "429.html",
}


class DomainErrorMiddleware:
    """Answers a refusal that a view let through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page or problem details for a refusal; other exceptions go on."""
        return respond(request, exception) if isinstance(exception, DomainError) else None


def respond(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer to a refusal: problem details where the client is a program, else a page in words."""
    if errors_api.wants_problem(request):
        return errors_api.respond(request, error)
    if isinstance(error, NotSignedIn):
        return login_first(request)
    response = render(
        request, _TEMPLATES.get(error.status, "400.html"), _context(request, error), status=error.status
    )
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.retry_after)
    return response


def _context(request: HttpRequest, error: DomainError) -> dict[str, object]:
    return {
        "exception": error,
        "violations": error.violations if isinstance(error, Refused) else (),
        "missing": error.missing if isinstance(error, NotPermitted) else (),
        "retry_after": error.retry_after if isinstance(error, TooManyRequests) else None,
        "back": _back(request),
    }


def _back(request: HttpRequest) -> str:
    """Where the person came from, on this host only."""
    referer = request.headers.get("Referer", "")
    try:
        start = f"{request.scheme}://{request.get_host()}/"
    except DisallowedHost:  # the very fault that the page tells of
        return "/"
    return "/" + referer.removeprefix(start).lstrip("/") if referer.startswith(start) else "/"


def login_first(request: HttpRequest) -> HttpResponse:
    """The login page, which leads back; also where htmx asked for a part of a page."""
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=204)
        here = _path_of(request.headers.get("HX-Current-URL", "/"))
        answer["HX-Redirect"] = redirect_to_login(here).url
        return answer
    return redirect_to_login(request.get_full_path() if request.method in SAFE_METHODS else _back(request))


def _path_of(address: str) -> str:
    """Path and query of an address; a foreign host never gets into ``next``."""
    return "/" + address.split("://", 1)[-1].partition("/")[2].lstrip("/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: what Django could not read; a form that is too large is told its limit."""
    if isinstance(exception, TooManyFieldsSent):
        most = formats.number(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
        text = _("This form has more than %(most)s fields. Split what it holds, and send it in parts.")
        return respond(request, Refused(Violation("too-many-fields", text % {"most": most})))
    return respond(request, DomainError(code="bad-request"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: Django's own refusals, and the rate limits, which are a kind of them."""
    if isinstance(exception, Ratelimited):
        return respond(request, TooManyRequests(RETRY_AFTER))
    return respond(
        request, NotPermitted((), str(exception) if isinstance(exception, PermissionDenied) else "")
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return respond(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: mostly a page that was open over a logout."""
    if errors_api.wants_problem(request):
        return errors_api.respond(request, NotPermitted((), _("The CSRF token is missing or wrong.")))
    return render(request, "403_csrf.html", {"back": _back(request)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: without request context, since what is broken may be the database."""
    if errors_api.wants_problem(request):
        return errors_api.server_error(request)
    page = loader.get_template("500.html").render({"request_id": getattr(request, "request_id", "")})
    return HttpResponse(page, status=500)
