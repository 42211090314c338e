"""The approvals inbox: what waits, why, and the decision with one key."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from documents import hooks
from documents.case import Case
from documents.selectors.cases import load_cases
from documents.selectors.chain import release
from documents.services.content import unit_symbols
from documents.states import State
from documents.views import access
from valeo.core.components.data import BarPart
from valeo.core.exceptions import DomainError
from valeo.tenancy.access import ScopedMixin, ScopedRequest
from workflow.models import ChangeRequest
from workflow.selectors import changes, corrections, inbox
from workflow.services.perform import Decision, perform
from workflow.views.onward import ALL, MINE, inbox_url, shown_list
from workflow.views.panels import amended

ZERO = Decimal(0)
CHANGED: Final = -1  # no version that a document has
SEES = (*access.READ, "finance:read")
PARTS: Final = {"list": "workflow/parts/inbox_list.html", "item": "workflow/parts/inbox_item.html"}


class Inbox(ScopedMixin, View):
    """``/approvals/``: the list on the left, one item beside it; ``?part=list`` and ``?part=item`` for live updates."""

    required_scopes: ClassVar = SEES
    request: ScopedRequest

    def get(self, request: ScopedRequest) -> HttpResponse:
        everything = inbox.waiting(request.actor)
        mine = [row for row in everything if not row.hindrance]
        wanted, part = request.GET.get("item", ""), request.GET.get("part", "")
        show = self.chosen(everything, mine, wanted)
        rows = mine if show == MINE else everything
        current = next((row for row in rows if row.holds(wanted)), None)
        # a part shows what the page has open: where that was decided, nothing takes its place
        if current is None and part not in PARTS and rows:
            current = rows[0]
        context: dict[str, Any] = {
            "rows": rows,
            "current": current,
            "show": show,
            "mine": len(mine),
            "all": len(everything),
            "list_url": _part("list", show, current.key if current else wanted),
            "item_url": _part("item", show, current.key if current else wanted),
            **({} if part == "list" else self.preview(current)),
        }
        return render(request, PARTS.get(part, "workflow/inbox.html"), context)

    def chosen(self, everything: list[inbox.Waiting], mine: list[inbox.Waiting], wanted: str) -> str:
        """What the reader can decide, or all that waits: as asked for, else what has something to show."""
        asked = self.request.GET.get("show", "")
        if asked in (MINE, ALL):
            return asked
        if any(row.holds(wanted) for row in everything):
            return MINE if any(row.holds(wanted) for row in mine) else ALL
        return MINE if mine or not everything else ALL

    def preview(self, current: inbox.Waiting | None) -> dict[str, Any]:
        if current is None:
            return {}
        if current.change is not None:
            return self.change(current.change)
        if current.document is None:
            return {}
        correction = current.correction
        wanted = [current.document.pk, *([correction.original.pk] if correction else [])]
        case, *others = load_cases(wanted, company=self.request.company)
        release(case)
        use, symbols = hooks.credit(case), unit_symbols(case)
        net = case.document.net_company
        return {
            "case": case,
            "shown_lines": [(line, symbols.get(line.unit, line.unit)) for line in case.amount_lines],
            "credit": use,
            "credit_parts": credit_parts(use),
            "document_url": reverse("documents:detail", args=[case.document.uuid]),
            "decide_url": decide_url(current),
            "profit": net - case.document.cost_total,
            "margin": (net - case.document.cost_total) / net if net else None,
            "amended": amended(case, current.revision) if current.revision is not None else None,
            **(compared(others[0], case) if others else {}),
        }

    def change(self, change: ChangeRequest) -> dict[str, Any]:
        return {
            "change_label": changes.label_of(change),
            "differences": changes.differences(change),
            "partner_url": reverse("masterdata:partner", args=[change.partner.uuid]),
            "decide_url": reverse("workflow:change", args=[change.uuid]),
            "by_me": change.requested_by_id == self.request.actor.user_id,
        }


def compared(original: Case, successor: Case) -> dict[str, Any]:
    """What a correction changes: fact by fact, and whether that is all."""
    changed = corrections.changed(original, successor)
    return {
        "changed": changed,
        "differs_otherwise": corrections.differs_otherwise(original, successor, changed),
        "totals": corrections.totals(original, successor),
    }


def credit_parts(use: hooks.CreditUse | None) -> list[BarPart]:
    """The credit bar: open items, orders, this document, and what is over the limit."""
    if use is None or use.limit is None:
        return []
    whole = max(use.limit, use.total)
    if whole <= 0:
        return []
    parts = [
        (use.open_items, "3", _("Open items")),
        (use.open_orders, "2", _("Orders not yet invoiced")),
        (max(use.this - use.over, ZERO), "1", _("This document")),
    ]
    if use.over:
        parts.append((min(use.over, use.this), "d", _("Over the limit")))
    return [BarPart(max(amount, ZERO) / whole, kind, label) for amount, kind, label in parts]


def _part(part: str, show: str, key: str) -> str:
    return f"{reverse('workflow:inbox')}?{urlencode({'part': part, 'show': show, 'item': key})}"


def decide_url(current: inbox.Waiting) -> str:
    if current.kind == "amendment":
        return reverse("workflow:amendment", args=[current.key])
    return reverse("workflow:act", args=[current.key])


class Bulk(ScopedMixin, View):
    """Approve several at once: each in its own transaction, each with its own answer."""

    required_scopes: ClassVar = access.APPROVE
    request: ScopedRequest

    def post(self, request: ScopedRequest) -> HttpResponse:
        wanted = {text.partition(":")[0]: text for text in request.POST.getlist("ids")}
        done, failed = 0, []
        for row in inbox.waiting(request.actor):
            if row.key not in wanted or row.document is None or row.kind != "document":
                continue
            try:
                perform(
                    document_id=row.document.pk, action="approve", actor=request.actor,
                    decision=Decision(
                        accepted=frozenset(each.pk for each in row.exceptions), content_hash=row.content_hash,
                        expected_version=row.document.version if wanted[row.key] == row.tick else CHANGED,
                    ),
                )  # fmt: skip
            except DomainError as error:
                failed.append(f"{row.document}: {error}")
            else:
                done += 1
        if done:
            text = ngettext("%(n)s document approved.", "%(n)s documents approved.", done) % {"n": done}
            messages.success(request, text, extra_tags=State.APPROVED)
        for text in failed:
            messages.error(request, text)
        url = inbox_url(shown_list(request) or MINE)
        return HttpResponse(status=303, headers={"Location": url})
