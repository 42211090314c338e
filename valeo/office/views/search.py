"""The global search, for the palette (JSON) and as a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from valeo.office.commands import commands
from valeo.office.context import frame_of
from valeo.office.kinds import allowed
from valeo.office.places import address
from valeo.office.selectors import hits
from valeo.tenancy.access import ScopedRequest, scoped
from valeo.tenancy.scopes import READ_SCOPES

PALETTE = {"documents": 7, "others": 4, "commands": 4}
PAGE = {"documents": 30, "others": 12}


@dataclass(frozen=True, slots=True)
class Section:
    """Hits of one sort, with the lists that have all of them."""

    title: str
    hits: list[hits.Hit]
    lists: list[tuple[str, str]]


@scoped(*READ_SCOPES)
@require_safe
@never_cache
def search(request: ScopedRequest) -> HttpResponse:
    """``?q=``; with ``&format=json`` what docs/components.md says of the palette."""
    text = hits.cleaned(request.GET.get("q", ""))
    if request.GET.get("format") == "json":
        return JsonResponse({"results": [hit.as_json() for hit in _for_palette(request, text)]})
    sections = [section for section in _sections(request, text) if section.hits]
    context = {
        "q": text,
        "sections": sections,
        "count": sum(len(section.hits) for section in sections),
        "too_short": bool(text) and not any(len(word) >= hits.MIN_WORD for word in text.split()),
    }
    return render(request, "office/search.html", context)


def _for_palette(request: ScopedRequest, text: str) -> list[hits.Hit]:
    actor = request.actor
    return [
        *hits.documents(actor, text, PALETTE["documents"]),
        *hits.partner_hits(actor, text, PALETTE["others"]),
        *hits.article_hits(actor, text, PALETTE["others"]),
        *commands(actor, text)[: PALETTE["commands"]],
    ]


def _sections(request: ScopedRequest, text: str) -> list[Section]:
    actor = request.actor
    lists = [
        (str(item.title_plural), address("documents:list", item.code, q=text)) for item in allowed(actor)
    ]
    partners, articles = address("masterdata:partners", q=text), address("masterdata:articles", q=text)
    return [
        Section(_("Documents"), hits.documents(actor, text, PAGE["documents"]), lists),
        Section(_("Partners"), hits.partner_hits(actor, text, PAGE["others"]), [(_("All hits"), partners)]),
        Section(_("Articles"), hits.article_hits(actor, text, PAGE["others"]), [(_("All hits"), articles)]),
        Section(_("Commands"), commands(actor, text, frame_of(request).navigation), []),
    ]
