"""The list of one kind: filters, tabs and keyset pages, all of it in the URL."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from documents.models import Document
from documents.selectors import lists
from documents.spec import DocumentType
from documents.states import State
from documents.views import access
from masterdata.models import Partner
from valeo.core.components import formats
from valeo.tenancy.access import ScopedMixin, ScopedRequest

VIEW_LABELS = {
    "all": gettext_lazy("All"),
    "draft": gettext_lazy("Drafts"),
    "pending": gettext_lazy("Waiting for approval"),
    "open": gettext_lazy("Open"),
    "to_invoice": gettext_lazy("To invoice"),
    "unpaid": gettext_lazy("Unpaid"),
    "cancelled": gettext_lazy("Cancelled"),
}
SIZES = [50, 100]


def parsed_day(text: str) -> date | None:
    """An ISO day of the filter; anything else is no filter."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def query_of(parameters: QueryDict, user_id: int | None) -> lists.ListQuery:
    """The URL's parameters; unknown or broken ones are left out."""
    size = parameters.get("size", "")
    partner = None
    wanted = _uuid(parameters.get("partner") or "")
    if wanted:
        partner = Partner.objects.filter(uuid=wanted).values_list("pk", flat=True).first()
    return lists.ListQuery(
        q=_clean(parameters.get("q", ""))[:100],
        view=parameters.get("view", "all"),
        state=parameters.get("state", ""),
        partner=partner,
        date_from=parsed_day(parameters.get("from", "")),
        date_to=parsed_day(parameters.get("to", "")),
        sort=parameters.get("sort", "-date")[:20],
        after=_clean(parameters.get("after", ""))[:300],
        before=_clean(parameters.get("before", ""))[:300],
        mine=user_id if parameters.get("mine") else None,
        size=int(size) if size in {str(each) for each in SIZES} else lists.PAGE,
    )


def _uuid(text: str) -> Any:
    return (
        text
        if len(text) == 36 and text.count("-") == 4 and all(c in "0123456789abcdef-" for c in text)
        else None
    )


def _clean(text: str) -> str:
    return text.replace("\x00", "")


class DocumentList(ScopedMixin, View):
    """``/documents/<kind>/``; ``?part=rows`` gives the table alone, for live updates."""

    required_scopes: ClassVar = access.READ
    request: ScopedRequest

    def get(self, request: ScopedRequest, kind: str) -> HttpResponse:
        document_type = access.kind_or_404(kind)
        access.require(request, document_type, "read")
        query = query_of(request.GET, request.actor.user_id)
        page = lists.page(document_type, query)
        context = self.context(request, document_type, query, page)
        template = (
            "documents/parts/list_table.html" if request.GET.get("part") == "rows" else "documents/list.html"
        )
        return render(request, template, context)

    def context(
        self, request: HttpRequest, document_type: DocumentType, query: lists.ListQuery, page: lists.Page
    ) -> dict[str, Any]:
        here = reverse("documents:list", args=[document_type.code])
        traits = document_type.traits
        return {
            "document_type": document_type,
            "page": page,
            "query": query,
            "rows": [Row(document, document_type) for document in page.rows],
            "tabs": self.tabs(document_type, query, here),
            "chips": chips(request.GET, query, here),
            "states": [(state.value, state.label) for state in State],
            "may_write": self.request.actor.has_any(*document_type.scopes.write)
            and document_type.may_be_direct,
            "new_url": reverse("documents:new", args=[document_type.code]),
            "here": here,
            "live_url": f"{here}?{_with(request.GET, part='rows')}",
            "older": f"{here}?{_with(request.GET, after=page.older, before='')}" if page.older else "",
            "newer": f"{here}?{_with(request.GET, before=page.newer, after='')}" if page.newer else "",
            "summary": _summary(page),
            "sizes": SIZES,
            "is_filtered": bool(
                query.q
                or query.state
                or query.partner
                or query.date_from
                or query.date_to
                or query.mine
                or query.view != "all"
            ),
            "shows_fulfilment": traits.needs_delivery or traits.has_validity,
            "shows_invoicing": "invoiced" in document_type.tracks,
            "shows_payment": traits.opens_items,
            "shows_amounts": traits.has_prices,
        }

    def tabs(self, document_type: DocumentType, query: lists.ListQuery, here: str) -> list[dict[str, Any]]:
        found = lists.counts(document_type)
        return [
            {
                "label": VIEW_LABELS[view.code],
                "url": f"{here}?view={view.code}" if view.code != "all" else here,
                "current": query.view == view.code or (view.code == "all" and query.view not in VIEW_LABELS),
                "count": found.get(view.code),
            }
            for view in lists.views_of(document_type)
        ]


class Row:
    """A document as a list shows it."""

    def __init__(self, document: Document, document_type: DocumentType) -> None:
        self.document = document
        self.uuid = document.uuid
        self.url = reverse("documents:detail", args=[document.uuid])
        self.label = document.number or _("no number %(reference)s") % {"reference": document.draft_reference}
        self.state_label = document_type.posted_label if document.state == State.POSTED else ""
        self.fulfilment = document.get_fulfilment_display() if document.fulfilment else ""
        self.invoicing = document.get_invoicing_display() if document.invoicing else ""
        self.payment = document.get_payment_display() if document.payment else ""
        self.outcome = document.get_outcome_display() if document.outcome else ""


def chips(parameters: QueryDict, query: lists.ListQuery, here: str) -> list[dict[str, str]]:
    """What is filtered, each with the URL that takes it away."""
    shown: list[tuple[str, str, str]] = []
    if query.state:
        shown.append(("state", _("State"), str(dict(State.choices).get(query.state, query.state))))
    if query.date_from:
        shown.append(("from", _("From"), formats.day(query.date_from)))
    if query.date_to:
        shown.append(("to", _("To"), formats.day(query.date_to)))
    if query.partner:
        partner = Partner.objects.filter(pk=query.partner).first()
        shown.append(("partner", _("Partner"), partner.name if partner else ""))
    if query.mine:
        shown.append(("mine", _("Written by"), _("me")))
    return [
        {"label": label, "value": value, "remove": f"{here}?{_with(parameters, **{name: ''})}"}
        for name, label, value in shown
    ]


def _with(parameters: QueryDict, **changes: str) -> str:
    changed = parameters.copy()
    for name in ("part", "after", "before"):
        changed.pop(name, None)
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return str(changed.urlencode())


def _summary(page: lists.Page) -> str:
    if page.more_than_counted:
        return _("more than %(count)s") % {"count": formats.number(page.count)}
    return _("%(shown)s of %(count)s") % {"shown": len(page.rows), "count": page.count}
