from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from valeo.tenancy.access import public


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for a search engine, the verification pages least of all: their addresses are secrets."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
