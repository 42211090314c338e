"""A paper as a file; the public page behind the QR code."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django_ratelimit.core import get_usage

from archive.selectors.verification import Verdict, verdict_of
from archive.services.printing import print_paper
from documents import registry
from documents.case import Case
from documents.models import Document
from documents.panels import Panel
from documents.printing.texts import language_of
from valeo.core.components.formats import initials
from valeo.core.exceptions import NotFound, TooManyRequests
from valeo.tenancy.access import ScopedRequest, public, scoped
from valeo.tenancy.actor import Actor

#: a PDF is shown by the browser's own viewer, which needs nothing from anywhere
_PAPER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox"
)
_NO_STORE = "no-store, private"
#: state of a genuine document -> colour, icon, word
_LOOKS = {
    "valid": {"tone": "posted", "icon": "st-posted", "text": _("Valid")},
    "amended": {"tone": "pending", "icon": "corrected", "text": _("Superseded by a newer revision")},
    "corrected": {"tone": "pending", "icon": "corrected", "text": _("Corrected")},
    "cancelled": {"tone": "rejected", "icon": "st-cancelled", "text": _("Cancelled")},
}


@scoped("docs:print")
@require_GET
def paper(request: ScopedRequest, document: uuid.UUID, code: str) -> HttpResponse:
    """``?lang=de|en``, ``?size=A4|Letter``, ``?revision=n``, ``?download=1``; default: the original."""
    found = Document.objects.filter(uuid=document).first()
    if found is None:
        raise NotFound
    wanted = request.GET.get("revision", "")
    printed = print_paper(
        document=found,
        paper=code,
        actor=request.actor,
        language=request.GET.get("lang") or None,
        page_size=request.GET.get("size") or None,
        revision=int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else None,
    )
    way = "attachment" if request.GET.get("download") else "inline"
    return HttpResponse(
        printed.content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'{way}; filename="{printed.file_name}"',
            "Content-Security-Policy": _PAPER_POLICY,
            "Cache-Control": _NO_STORE,
        },
    )


def _count(request: HttpRequest) -> None:
    """One look of an address, found or not; raises ``TooManyRequests`` beyond the limit."""
    usage = get_usage(request, group="verify", key="ip", rate=settings.RATE_VERIFY, increment=True)
    if usage and usage["should_limit"]:
        raise TooManyRequests(max(1, usage["time_left"]))


@public
@require_GET
@never_cache
def verify(request: HttpRequest, domain: str, number: str, code: str) -> HttpResponse:
    """What the QR code opens. A wrong code and an unknown number get the same answer for the same work."""
    return _answer(request, number=number, code=code, domain=domain)


@public
@require_GET
@never_cache
def verify_form(request: HttpRequest) -> HttpResponse:
    """The form for a person without a scanner; with number and code in the query it is the answer."""
    number, code = (request.GET.get(name, "").strip() for name in ("number", "code"))
    if not number and not code:
        return _page(request, {}, 200)
    return _answer(request, number=number, code=code, domain=None)


def _answer(request: HttpRequest, *, number: str, code: str, domain: str | None) -> HttpResponse:
    _count(request)
    verdict = verdict_of(code=code, number=number, domain=domain, language=get_language() or "de")
    if verdict is None:
        return _page(request, {"asked": True}, 404)
    return _page(
        request, {"verdict": verdict, "look": _LOOKS[verdict.state], "company": _company(verdict)}, 200
    )


def _company(verdict: Verdict) -> dict[str, Any]:
    """The issuer in the page's head; without its stylesheet where the snapshot names no company."""
    return {"name": verdict.issuer, "initials": initials(verdict.issuer), "uuid": verdict.company_uuid}


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, "archive/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = _NO_STORE
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def papers(case: Case, actor: Actor) -> Panel | None:
    """The papers of a document on its page: the original, and the same in the other language."""
    if not actor.has("docs:print"):
        return None
    language = get_language() or "de"
    own = language_of(case.document.language)
    return Panel(
        "archive/papers.html",
        {
            "papers": [
                {
                    "title": each.title.get(language[:2]) or each.title["en"],
                    "url": (url := reverse("archive:paper", args=[case.document.uuid, each.code])),
                    "other_url": f"{url}?lang={'en' if own == 'de' else 'de'}",
                }
                for each in registry.get(case.document.kind).papers
            ],
            "other": "en" if own == "de" else "de",
        },
    )
