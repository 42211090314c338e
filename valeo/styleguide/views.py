"""``/styleguide/``: every component in every variant, for people who build screens."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from valeo.styleguide.sample import context
from valeo.tenancy.access import public

ERRORS = ("400", "403", "403_csrf", "404", "409", "422", "429", "500")


def _allowed(request: HttpRequest) -> bool:
    return bool(settings.DEBUG or getattr(request.user, "is_superuser", False))


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """All parts. With DEBUG or for a superuser; for anyone else it does not exist."""
    if not _allowed(request):
        raise Http404
    messages.success(request, "SO-2026-00431")
    return render(request, "styleguide/index.html", context())


@public
def error_page(request: HttpRequest, code: str) -> HttpResponse:
    """How an error page looks."""
    if not _allowed(request) or code not in ERRORS:
        raise Http404
    shown = context() | {"missing": ["sales:approve"], "retry_after": 42}
    return render(request, f"{code}.html", shown)
