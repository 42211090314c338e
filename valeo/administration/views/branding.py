"""A company's colour as a stylesheet, and its logo; public, since the verification page carries them too."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from valeo.core.exceptions import NotFound
from valeo.tenancy.access import public
from valeo.tenancy.models import Branding

#: short: a changed colour is seen at once, and a page change does not ask each time
_CACHE = "public, max-age=60"
#: an SVG that is opened by itself may do nothing at all
_LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@public
@require_safe
def stylesheet(request: HttpRequest, company: uuid.UUID) -> HttpResponse:
    """``--company-accent`` of a company; everything else is derived from it (static/css/tokens.css)."""
    accent = (
        Branding.everywhere.filter(company__uuid=company, branch__isnull=True)
        .values_list("accent", flat=True)
        .first()
    )
    css = f"@layer tokens {{ :root {{ --company-accent: {accent}; }} }}\n" if accent else "\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": _CACHE})


@public
@require_safe
def logo(request: HttpRequest, branding: uuid.UUID) -> HttpResponse:
    """The logo's bytes as they were checked at upload."""
    row = Branding.everywhere.select_related("logo").filter(uuid=branding, logo__isnull=False).first()
    if row is None or row.logo is None:
        raise NotFound
    etag = quote_etag(row.logo.sha256)
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(
        bytes(row.logo.content),
        content_type=row.logo.mime_type,
        headers={
            "ETag": etag,
            "Cache-Control": _CACHE,
            "Content-Security-Policy": _LOGO_POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )
