"""The document page: what it is, its state, who acts next, its chain and its history, at one glance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from documents import panels, quantities
from documents.case import Case
from documents.causes import by_cause
from documents.kinds import WITHOUT_AMOUNT, Measure
from documents.models import AllowanceCharge, Line
from documents.selectors import chain, history
from documents.services import remarks
from documents.services.compose.build import term_parts, terms_text
from documents.services.content import unit_symbols
from documents.states import State
from documents.views import access
from masterdata.selectors import reference as references
from valeo.core.components import formats
from valeo.core.components.data import ChainDocument, ChainStep
from valeo.core.exceptions import Refused
from valeo.tenancy.access import ScopedMixin, ScopedRequest

ZERO = Decimal(0)
PARTS = {"page": "documents/parts/detail_page.html", "rail": "documents/parts/detail_rail.html"}


class DocumentDetail(ScopedMixin, View):
    """``/documents/<uuid>/``; ``?part=page`` and ``?part=rail`` give one column alone, for live updates."""

    required_scopes: ClassVar = access.READ
    request: ScopedRequest

    def get(self, request: ScopedRequest, uuid: UUID) -> HttpResponse:
        case = access.case_or_404(request, uuid, "read")
        context = self.context(case)
        return render(request, PARTS.get(request.GET.get("part", ""), "documents/detail.html"), context)

    def context(self, case: Case) -> dict[str, Any]:
        document, actor = case.document, self.request.actor
        url = reverse("documents:detail", args=[document.uuid])
        symbols = unit_symbols(case)
        return {
            "case": case,
            "document": document,
            "document_type": case.type,
            "panels": panels.panels_of(case, actor),
            "steps": (chain_steps := steps(case)),
            "shows_chain": len(chain_steps) > 1 or any(len(step.documents) > 1 for step in chain_steps),
            "terms": terms_of(case),
            "lines": [Row(case, line, symbols) for line in case.lines],
            "timeline": history.timeline(document),
            "state_label": case.type.posted_label if document.state == State.POSTED else "",
            "badges": badges(case),
            "url": url,
            "live_url": f"{url}?part=page",
            "list_url": reverse("documents:list", args=[document.kind]),
            "edit_url": reverse("documents:edit", args=[document.uuid]),
            "is_draft": document.state == State.DRAFT,
            "may_write": actor.has_any(*case.type.scopes.write),
            "buyer": case.parties.get("buyer" if case.type.side == "output" else "seller"),
            "bill_to": case.parties.get("bill_to"),
            "ship_to": case.parties.get("ship_to"),
            "margin": margin(case) if actor.has_any("finance:read", "sales:approve") else None,
            "open_columns": open_columns(case),
            "causes": causes_of(case),
            "warehouse": document.warehouse,
        }


def terms_of(case: Case) -> str:
    """The payment terms in the reader's language where the master data still say what the document says."""
    document, language = case.document, get_language() or case.company.language
    stored = str(document.terms_text)
    known = references.terms(case.reference).get(document.payment_term_id or 0) if stored else None
    if known is None or document.language == language[:2]:
        return stored
    parts = term_parts(known.parts)
    with translation.override(document.language):
        if terms_text(known.term, parts, document.language) != stored:
            return stored  # changed since; the document keeps what was agreed
    if known.term.note(document.language) and not known.term.note(language):
        return stored  # words of our own that nobody translated
    return terms_text(known.term, parts, language)


class AddRemark(ScopedMixin, View):
    """A note on a document, in any state; whoever may read it may write one."""

    required_scopes: ClassVar = access.READ
    request: ScopedRequest

    def post(self, request: ScopedRequest, uuid: UUID) -> HttpResponse:
        case = access.case_or_404(request, uuid, "read")
        try:
            remarks.add(actor=request.actor, document=case.document, text=request.POST.get("text", ""))
        except Refused as refusal:
            return render(request, "422.html", {"refusal": refusal}, status=422)
        return HttpResponse(status=303, headers={"Location": reverse("documents:detail", args=[uuid])})


class Row:
    """A line as the page shows it, with what is done and open."""

    def __init__(self, case: Case, line: Line, symbols: dict[str, str]) -> None:
        self.line = line
        self.is_text = line.line_kind in WITHOUT_AMOUNT
        self.unit = symbols.get(line.unit, line.unit)
        self.price_unit = symbols.get(line.price_unit, line.price_unit)
        base = "" if line.price_base == 1 else f"{formats.quantity(line.price_base)} "
        self.per = f"{base}{self.price_unit}" if line.price_unit != line.unit or base else ""
        self.tax = formats.percent(line.tax_rate)
        self.why_price = line.price_source.get("text", "")
        self.why_tax = line.tax_source.get("text", "")
        self.price_is_manual = bool(line.price_source.get("manual"))
        self.lots = ", ".join(
            f"{lot.lot} ({formats.quantity(lot.stock_quantity)})" for lot in case.lots.get(line.pk, [])
        )
        self.done = [] if self.is_text else [getattr(line, column) for column, _label in open_columns(case)]
        self.open = None if self.is_text else open_of(case, line)
        self.origin = [
            {
                "number": str(case.sources[link.source_document_id]),
                "url": reverse("documents:detail", args=[case.sources[link.source_document_id].uuid]),
                "date": case.sources[link.source_document_id].document_date,
            }
            for link in case.links_of(line)
            if link.source_document_id in case.sources
        ]


@dataclass(frozen=True, slots=True)
class Cause:
    """A discount or charge of the document as it was entered, with its part of each VAT group."""

    label: str
    amount: str
    parts: list[tuple[str, str]]


def causes_of(case: Case) -> list[Cause]:
    """One per entry; the parts are named only where there are several."""
    rows = [row for row in case.allowances if row.line_id is None]
    return [
        _cause(found, case.document.currency)
        for found in by_cause(rows, lambda row: (row.entry, row.is_charge, row.reason, row.percent))
    ]


def _cause(rows: list[AllowanceCharge], currency: str) -> Cause:
    first = rows[0]
    label = first.reason or (_("Charge") if first.is_charge else _("Discount"))
    if first.percent is not None:
        label = f"{label} {formats.percent(first.percent)}"
    sign = 1 if first.is_charge else -1
    parts = [
        (
            _("%(rate)s VAT") % {"rate": formats.percent(row.tax_rate)},
            formats.money(sign * row.amount, currency),
        )
        for row in rows
    ]
    total = sum((row.amount for row in rows), ZERO)
    return Cause(label, formats.money(sign * total, currency), parts if len(parts) > 1 else [])


def open_columns(case: Case) -> list[tuple[str, str]]:
    """Which progress a kind's lines show."""
    if case.document.state not in (State.POSTED, State.CANCELLED):
        return []
    labels = {
        Measure.ORDERED: _("ordered"), Measure.DELIVERED: _("delivered"), Measure.RETURNED: _("returned"),
        Measure.INVOICED: _("invoiced"), Measure.CREDITED: _("credited"), Measure.RECEIVED: _("received"),
        Measure.BILLED: _("billed"),
    }  # fmt: skip
    # Credits and returns are no rest that waits to be done; the chain shows them.
    shown = [
        measure for measure in labels if measure in case.type.tracks - {Measure.CREDITED, Measure.RETURNED}
    ]
    if len(shown) > 2:
        shown = [measure for measure in shown if measure in (Measure.DELIVERED, Measure.INVOICED)]
    return [(str(measure.value), labels[measure]) for measure in shown]


def open_of(case: Case, line: Line) -> Decimal | None:
    """What is still to come of a line."""
    if not open_columns(case):
        return None
    if case.type.traits.needs_delivery and line.is_stocked:
        return quantities.to_deliver(line)
    measure = open_columns(case)[0][0]
    if case.type.traits.needs_delivery:
        measure = Measure.INVOICED
    return quantities.open_quantity(line, measure, case.type)


def badges(case: Case) -> list[str]:
    """Fulfilment, invoicing, payment and outcome: no states, plain badges."""
    document = case.document
    found = []
    if document.revision > 1:
        found.append(_("Revision %(number)s") % {"number": document.revision})
    if document.state == State.POSTED:
        if document.outcome:
            found.append(document.get_outcome_display())
        if document.fulfilment and case.type.traits.needs_delivery:
            found.append(_("delivery: %(progress)s") % {"progress": document.get_fulfilment_display()})
        if document.invoicing:
            found.append(_("invoicing: %(progress)s") % {"progress": document.get_invoicing_display()})
        if document.payment:
            found.append(_("payment: %(progress)s") % {"progress": document.get_payment_display()})
    if document.reason_kind:
        found.append(document.get_reason_kind_display())
    return [str(each) for each in found]


def margin(case: Case) -> dict[str, Decimal] | None:
    """Gross profit in company currency; None where nothing has a cost."""
    document = case.document
    if not document.cost_total or not document.net_company:
        return None
    profit = document.net_company - document.cost_total
    return {"profit": profit, "share": profit / document.net_company}


def _amount(case: Case, share: Decimal | None) -> str:
    """What a share of the order's net comes to."""
    if not share or not case.type.traits.needs_delivery:
        return ""
    return formats.money(case.document.net_total * share, case.document.currency)


def steps(case: Case) -> list[ChainStep]:
    """The chain strip."""
    columns = chain.chain_of(case)
    return [
        ChainStep(
            name=column.title,
            documents=[
                ChainDocument(
                    number=str(row.document),
                    url="" if row.here else reverse("documents:detail", args=[row.document.uuid]),
                    state=row.document.state,
                    when=row.document.document_date,
                    share=row.share,
                    here=row.here,
                )
                for row in column.rows
            ],
            current=column.current,
            open_text=_amount(case, column.open_share),
            open_share=column.open_share,
        )
        for column in columns
    ]
