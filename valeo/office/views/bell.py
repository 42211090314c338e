"""The bell: its number and the one in the navigation, and that it was opened."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from valeo.administration.services.accounts import see_news
from valeo.core import errors
from valeo.core.exceptions import NotPermitted
from valeo.office.context import frame_of
from valeo.tenancy.access import ScopedRequest, signed_in


@signed_in
@require_safe
@never_cache
def counts(request: ScopedRequest) -> HttpResponse:
    """``{"inbox": n, "bell": n}``: what the reader can decide, and that with the news; fetched again after an event."""
    _check(request)
    return _numbers(request)


@signed_in
@require_POST
def seen(request: ScopedRequest) -> HttpResponseBase:
    """What the bell told is no news any more; a script gets the numbers, a form its page back."""
    _check(request)
    see_news(actor=request.actor)
    if request.accepts("text/html"):
        back = request.POST.get("next", "")
        return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "dashboard")
    return _numbers(request)


def _check(request: ScopedRequest) -> None:
    """Everybody who is signed in has a bell, but only in a company."""
    if getattr(request, "actor", None) is None:
        raise NotPermitted((), errors.NO_COMPANY)


def _numbers(request: ScopedRequest) -> JsonResponse:
    frame = frame_of(request)
    return JsonResponse({"inbox": frame.inbox_count, "bell": frame.bell_count})
