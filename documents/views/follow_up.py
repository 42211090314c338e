"""``/documents/<kind>/from/<uuid>/``: make a draft from one or several documents, with the open quantities to pick."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from documents import hooks, registry
from documents.case import Case
from documents.forms import choices
from documents.forms.reader import Reader
from documents.forms.resolve import uuid_of
from documents.kinds import Measure, Progress, ReasonKind
from documents.models import Document
from documents.selectors.cases import load_cases
from documents.services.follow_up import FollowUp, Pick, Proposal, create_follow_up, proposals
from documents.spec import DocumentType, Source
from documents.states import State
from documents.views import access
from masterdata.models import Warehouse
from valeo.core import typed
from valeo.core.exceptions import DomainError, NotFound, Refused, Violation
from valeo.tenancy.access import ScopedMixin, ScopedRequest

MAX_SOURCES = 50
OFFERED = 20
PICK: Final = re.compile(r"pick-([0-9]{1,18})")
#: what a follow-up of a quantity credit may be for; a cancellation has its own button
CREDIT_REASONS = (ReasonKind.QUANTITY, ReasonKind.PRICE)


@dataclass(slots=True)
class Row:
    """A source line to pick from."""

    proposal: Proposal
    unit: str
    quantity: str
    picked: bool
    replaces: bool = False
    problem: str = ""


@dataclass(slots=True)
class Picking:
    """What the page stands on."""

    document_type: DocumentType
    cases: list[Case]
    proposals: list[Proposal]
    way: Source
    problems: list[Violation] = field(default_factory=list)

    @property
    def is_return(self) -> bool:
        return self.way.measure == Measure.RETURNED

    @property
    def is_credit(self) -> bool:
        return _is_credit(self.document_type)


def _is_credit(document_type: DocumentType) -> bool:
    return document_type.traits.is_invoice and document_type.ledger_sign < 0


def _offered(post: Iterable[str]) -> list[int]:
    """The keys of the lines that the page offered with a tick."""
    found = (match for name in post if (match := PICK.fullmatch(name)))
    return [int(match[1]) for match in found]


class FollowUpView(ScopedMixin, View):
    """GET shows the open lines, POST makes the draft. ``?also=<uuid>`` (repeated) takes further sources along."""

    required_scopes: ClassVar[tuple[str, ...]] = access.WRITE
    request: ScopedRequest

    def get(self, request: ScopedRequest, kind: str, uuid: UUID) -> HttpResponse:
        return self._page(self._picking(kind, uuid, request.GET.getlist("also")), {})

    def post(self, request: ScopedRequest, kind: str, uuid: UUID) -> HttpResponse:
        also = request.POST.getlist("also")
        if request.POST.get("do") == "sources":
            query = "&".join(f"also={item}" for item in also if uuid_of(item))
            return HttpResponse(status=303, headers={"Location": f"{request.path}?{query}"})
        document_type, _way, keys = self._sources(kind, uuid, also)
        wish, problems = self._wish(document_type)
        if not problems:
            submits = request.POST.get("do") == "submit"
            make = hooks.follow_and_submit if submits else create_follow_up
            try:
                case = make(
                    company=request.company, actor=request.actor, kind=kind, sources=keys, today=timezone.localdate(),
                    wish=wish,
                )  # fmt: skip
            except Refused as refusal:
                problems = list(refusal.violations)
            else:
                url = reverse("documents:detail" if submits else "documents:edit", args=[case.document.uuid])
                return HttpResponse(status=303, headers={"Location": url})
        picking = self._picking(kind, uuid, also)
        told = {(item.code, item.field, str(item.text)) for item in picking.problems}
        picking.problems += [item for item in problems if (item.code, item.field, str(item.text)) not in told]
        return self._page(picking, request.POST, status=422)

    def _sources(self, kind: str, uuid: UUID, also: list[str]) -> tuple[DocumentType, Source, list[int]]:
        """The kind to make, the way to it and the sources' keys: the first as begun from, the others as made.

        Raises ``NotFound`` and ``NotPermitted``.
        """
        document_type = access.kind_or_404(kind)
        access.require(self.request, document_type, "write")
        uuids = [uuid, *(found for item in also[:MAX_SOURCES] if (found := uuid_of(item)))]
        rows = {
            row[0]: row[1:]
            for row in Document.objects.filter(uuid__in=uuids).values_list("uuid", "pk", "kind")
        }
        if any(each not in rows for each in uuids):
            raise NotFound(_("There is no such document."))
        for _pk, source_kind in rows.values():
            access.require(self.request, registry.get(source_kind), "read")
        way = document_type.source(rows[uuid][1])
        if way is None:
            raise NotFound(_("Nothing of this kind is made from this document."))
        main, *others = (rows[each][0] for each in dict.fromkeys(uuids))
        return document_type, way, [main, *sorted(others)]

    def _picking(self, kind: str, uuid: UUID, also: list[str]) -> Picking:
        document_type, way, keys = self._sources(kind, uuid, also)
        cases = load_cases(keys, company=self.request.company, lines_only=True)
        picking = Picking(document_type, cases, [], way)
        picking.problems += [
            Violation(
                "source-state",
                _("%(number)s is not in force, so nothing is made from it.") % {"number": case.document},
            )
            for case in cases
            if case.document.state != State.POSTED
        ]
        if picking.problems:
            return picking
        try:
            picking.proposals = proposals(document_type.code, cases)
        except DomainError as refusal:
            picking.problems += getattr(refusal, "violations", ())
        return picking

    def _wish(self, document_type: DocumentType) -> tuple[FollowUp, list[Violation]]:
        """The picked lines with their quantities; what cannot be read stands beside its line."""
        reader = Reader(self.request.POST)
        picks = []
        for key in _offered(self.request.POST):
            if not reader.flag(f"pick-{key}"):
                continue
            quantity = reader.number(f"quantity-{key}", decimals=6, digits=9)
            if not quantity:
                if not any(item.field == f"quantity-{key}" for item in reader.problems):
                    reader.say(
                        "line-quantity", _("Enter a quantity, or leave the line out."), f"quantity-{key}"
                    )
                continue
            picks.append(Pick(key, quantity, replaces=reader.flag(f"replaces-{key}")))
        if not picks and not reader.problems:
            reader.say("nothing-picked", _("Choose at least one line."))
        reason = (
            reader.choice("reason_kind", [str(item) for item in CREDIT_REASONS])
            if _is_credit(document_type)
            else ""
        )
        wish = FollowUp(
            picks=tuple(picks),
            warehouse_id=_warehouse(reader),
            supply_from=reader.day("supply_from"),
            reason_kind=reason,
        )
        return wish, reader.problems

    def _page(self, picking: Picking, post: Mapping[str, str], *, status: int = 200) -> HttpResponse:
        main = picking.cases[0]
        symbols = choices.symbols()
        beside = {item.field: str(item.text) for item in picking.problems}
        also = [str(case.document.uuid) for case in picking.cases[1:]]
        context: dict[str, Any] = {
            "picking": picking,
            "document_type": picking.document_type,
            "source": main.document,
            "source_type": main.type,
            "cases": picking.cases,
            "rows": [_row(proposal, symbols, post, beside) for proposal in picking.proposals],
            "also": also,
            "others": _others(picking),
            "warehouses": Warehouse.objects.filter(active=True).order_by("-is_default", "code")
            if picking.document_type.traits.moves_stock
            else (),
            "chosen_warehouse": post.get("warehouse", "") or str(main.document.warehouse_id or ""),
            "supply_from": post.get("supply_from", "") if post else "",
            "reasons": CREDIT_REASONS if picking.is_credit else (),
            "reason_kind": post.get("reason_kind", ReasonKind.QUANTITY),
            "back_url": reverse("documents:detail", args=[main.document.uuid]),
            "problems": picking.problems,
        }
        return render(self.request, "documents/follow_up.html", context, status=status)


def _warehouse(reader: Reader) -> int | None:
    key = reader.key("warehouse", lambda: _("There is no such warehouse."))
    if key is not None and not Warehouse.objects.filter(pk=key).exists():
        reader.say("warehouse-unknown", _("There is no such warehouse."), "warehouse")
        return None
    return key


def _row(
    proposal: Proposal, symbols: Mapping[Any, str], post: Mapping[str, str], beside: Mapping[str, str]
) -> Row:
    key = proposal.line.pk
    return Row(
        proposal=proposal,
        unit=symbols.get(proposal.line.unit, proposal.line.unit),
        quantity=post.get(f"quantity-{key}", "") if post else typed.shown(proposal.open),
        picked=f"pick-{key}" in post if post else True,
        replaces=f"replaces-{key}" in post,
        problem=beside.get(f"quantity-{key}", ""),
    )


def _others(picking: Picking) -> list[Document]:
    """Further documents of the same customer that could go into the same draft."""
    ways = [source for source in picking.document_type.sources if source.many]
    main = picking.cases[0].document
    if not picking.way.many or not ways:
        return []
    same = {
        "currency": main.currency,
        "price_mode": main.price_mode,
        "language": main.language,
        "bill_to": main.bill_to_id,
        "payment_term": main.payment_term_id,
    }
    if not picking.document_type.traits.is_invoice:
        same["partner"] = main.partner_id
    rows = Document.objects.filter(kind__in=[way.kind for way in ways], state=State.POSTED, **same)
    if picking.way.measure == Measure.INVOICED:
        rows = rows.exclude(invoicing__in=[Progress.COMPLETE, Progress.NONE])
    else:
        rows = rows.exclude(fulfilment__in=[Progress.COMPLETE, Progress.NONE])
    taken = [case.document.pk for case in picking.cases]
    keys = list(
        rows.exclude(pk__in=taken).order_by("-document_date", "-pk").values_list("pk", flat=True)[:OFFERED]
    )
    found = load_cases(keys) if keys else []
    return [case.document for case in found if proposals(picking.document_type.code, [case])]
