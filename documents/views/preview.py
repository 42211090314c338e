"""Live totals of the editor: what is typed goes through the calculator that saves; nothing is written."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from documents.case import Case
from documents.forms import choices, editor
from documents.forms.header import PRICE_MODES
from documents.forms.resolve import uuid_of
from documents.inputs import DraftInput
from documents.services import drafts
from documents.spec import DocumentType
from documents.views import access
from documents.views.editor import EditorView
from documents.views.rail import Rail, cells, rail_of
from masterdata.models import Partner
from valeo.core.exceptions import NotFound, Refused, Violation
from valeo.tenancy.access import ScopedRequest
from valeo.tenancy.kinds import Language


class Preview(EditorView):
    """``/documents/<kind>/preview/``: live totals as JSON, by the same calculator that saves."""

    required_scopes: ClassVar[tuple[str, ...]] = access.POST
    http_method_names = ["post"]

    def post(self, request: ScopedRequest, kind: str = "") -> HttpResponse:
        sheet = self._sheet(access.kind_or_404(self.kind or kind))
        reading = editor.read(request.POST, sheet)
        problems = list(reading.problems)
        answer: dict[str, Any] = {"calc": {}, "warnings": {}}
        rail = Rail()
        if reading.data is not None:
            try:
                case = drafts.preview(
                    request.company, reading.data, self.today, sheet.case, amends=sheet.amends
                )
            except Refused as refusal:
                problems += refusal.violations
            else:
                case.facts["prefixes"] = reading.lines.prefixes
                rail = rail_of(case, request.actor, self.today, problems)
                answer |= _shown(case, reading, cells(case, reading.data, rail))
        answer["errors"] = _errors(problems, reading.lines.prefixes)
        answer["rail"] = render_to_string(
            "documents/editor_rail.html", {"rail": rail, "problems": problems}, request
        )
        return JsonResponse(answer)

    def _sheet(self, document_type: DocumentType) -> editor.Sheet:
        """The stored document that is being edited, where the form names one."""
        request = self.request
        amends = request.POST.get("amends") == "1"
        access.require(request, document_type, "post" if amends else "write")
        raw = request.POST.get("document", "")
        if not raw:
            return editor.Sheet(request.company, document_type)
        uuid = uuid_of(raw)
        if uuid is None:
            raise NotFound(_("There is no such document."))
        case = access.case_or_404(request, uuid, "post" if amends else "write")
        return editor.Sheet(request.company, case.type, case, amends)


def _shown(case: Case, reading: editor.Reading, rows: list[dict[str, Any]]) -> dict[str, Any]:
    by_prefix = dict(zip(reading.lines.prefixes, rows, strict=True))
    for prefix, values in reading.lines.apart.items():
        by_prefix[prefix]["put"] = values
    partner = case.document.partner
    addresses = choices.address_choices(choices.addresses(partner)) if "ship_to" in case.parties else []
    return {
        "calc": by_prefix,
        "warnings": {prefix: row["warning"] for prefix, row in by_prefix.items() if row.get("warning")},
        "shown": {"partner": _place(partner)},
        "options": {"ship_to_address": addresses},
        "labels": _usual(case, reading.data),
    }


def _place(partner: Partner) -> str:
    return " · ".join(
        part for part in (partner.name, f"{partner.postal_code} {partner.city}".strip()) if part
    )


def _usual(case: Case, data: DraftInput | None) -> dict[str, str]:
    """What an empty choice stands for, now that it was found."""
    document = case.document
    found = {
        "payment_term": document.payment_term.name() if document.payment_term else "",
        "warehouse": str(document.warehouse) if document.warehouse else "",
        "language": dict(Language.choices).get(document.language, document.language),
        "currency": document.currency,
        "price_mode": str(dict(PRICE_MODES).get(document.price_mode, "")),
        "ship_to_address": _("usual address") + _ship_to(case),
    }
    given = {
        "payment_term": data and data.payment_term_id, "warehouse": data and data.warehouse_id,
        "language": data and data.language, "currency": data and data.currency, "price_mode": data and data.price_mode,
        "ship_to_address": data and data.ship_to_address_id,
    }  # fmt: skip
    return {name: text for name, text in found.items() if text and not given[name]}


def _ship_to(case: Case) -> str:
    party = case.parties.get("ship_to")
    if party is None:
        return ""
    return ": " + ", ".join(
        part for part in (party.street, f"{party.postal_code} {party.city}".strip()) if part
    )


def _errors(problems: list[Violation], prefixes: list[str]) -> dict[str, str]:
    """By the name of the field as the page knows it."""
    found: dict[str, str] = {}
    for item in problems:
        if item.line and item.line <= len(prefixes):
            name = f"{prefixes[item.line - 1]}-{item.field or 'article'}"
        else:
            name = item.field
        if name:
            found[name] = f"{found[name]} {item.text}" if name in found else str(item.text)
    return found
