"""The editor of every kind: new, edit, amend. One service call per save."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from documents import hooks
from documents.case import Case
from documents.forms import editor, fill, lines
from documents.forms.reader import Reader
from documents.forms.resolve import uuid_of
from documents.inputs import DraftInput
from documents.models import Document
from documents.selectors.cases import load_case
from documents.selectors.chain import corrected_by, pair_of
from documents.services import drafts
from documents.spec import DocumentType
from documents.states import State
from documents.views import access
from documents.views.rail import Rail, cells, rail_of
from masterdata.models import Partner
from valeo.core.components import formats
from valeo.core.exceptions import Conflict, Refused, Violation
from valeo.tenancy.access import ScopedMixin, ScopedRequest
from valeo.tenancy.models import User

MORE_LINES = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands above the form: somebody else was first."""

    title: str
    text: str
    url: str = ""


def see_document(case: Case) -> HttpResponse:
    """303: a reload of the page that follows sends nothing again."""
    return HttpResponse(
        status=303, headers={"Location": reverse("documents:detail", args=[case.document.uuid])}
    )


class EditorView(ScopedMixin, View):
    """What new and edit share. A subclass of one kind sets ``kind``."""

    required_scopes: ClassVar[tuple[str, ...]] = access.WRITE
    request: ScopedRequest
    kind: str = ""

    @property
    def today(self) -> date:
        return timezone.localdate()

    def posted(self, sheet: editor.Sheet) -> HttpResponse:
        """Read, save once, and answer; on a refusal the page comes back with everything that was typed."""
        action = self.request.POST.get("do", "save")
        excess = lines.too_many(self.request.POST)
        if excess is not None:
            # On a page of its own: a page with all those lines takes seconds to make. What was typed stays on the
            # device, and the way back leads to it.
            raise Refused(excess)
        reading = editor.read(self.request.POST, sheet)
        if action == "add_line":
            return self.again(sheet, reading, [], status=200, empty=MORE_LINES)
        if action == "add_entry":
            return self.again(sheet, reading, [], status=200, entries=1)
        if reading.problems or reading.data is None:
            return self.again(sheet, reading, reading.problems)
        try:
            case = self.save(sheet, reading.data, submits=action == "submit")
        except Refused as refusal:
            return self.again(sheet, reading, list(refusal.violations), status=refusal.status)
        except Conflict as conflict:
            return self.overtaken(sheet, reading, conflict)
        return see_document(case)

    def save(self, sheet: editor.Sheet, data: DraftInput, *, submits: bool) -> Case:
        """One service call."""
        raise NotImplementedError

    def again(
        self, sheet: editor.Sheet, reading: editor.Reading, problems: list[Violation], *, status: int = 422, empty: int = 1,
        entries: int = 0, notice: Notice | None = None,
    ) -> HttpResponse:  # fmt: skip
        """The page with the input kept, each problem beside its field."""
        form = editor.again(self.request.POST, sheet, reading, empty=empty, entries=entries)
        form.put(problems)
        if notice is not None and sheet.case is not None and "version" in form.header.fields:
            form.header.initial["version"] = sheet.case.document.version
        rail, rows = self._preview(sheet, reading, problems)
        return self.page(sheet, form, rail, rows, status=status, notice=notice)

    def _preview(
        self, sheet: editor.Sheet, reading: editor.Reading, problems: list[Violation]
    ) -> tuple[Rail, list[dict[str, Any]]]:
        data = reading.data
        if data is None:
            return Rail(), []
        try:
            case = drafts.preview(self.request.company, data, self.today, sheet.case, amends=sheet.amends)
        except Refused:
            return Rail(), []  # the refusal stands above the form already
        rail = rail_of(case, self.request.actor, self.today, problems)
        return rail, cells(case, data, rail)

    def overtaken(self, sheet: editor.Sheet, reading: editor.Reading, conflict: Conflict) -> HttpResponse:
        """409: somebody saved or moved the document meanwhile; the input is kept."""
        if sheet.case is None:
            raise conflict
        fresh = load_case(sheet.case.document.pk, company=self.request.company)
        document = fresh.document
        who = User.objects.filter(pk=document.changed_by_id).first() if document.changed_by_id else None
        text = _("%(name)s saved it %(when)s. Your input is kept below.") % {
            "name": who or _("The system"),
            "when": formats.moment(document.changed_at),
        }
        if conflict.code == "stale-version":
            text += " " + _("Compare, then save again: that replaces what was saved meanwhile.")
        url = reverse("documents:detail", args=[document.uuid])
        sheet = editor.Sheet(sheet.company, sheet.document_type, fresh, sheet.amends)
        return self.again(sheet, reading, [], status=409, notice=Notice(str(conflict.text), text, url))

    def page(
        self, sheet: editor.Sheet, form: editor.EditorForm, rail: Rail, rows: list[dict[str, Any]], *, status: int = 200,
        notice: Notice | None = None,
    ) -> HttpResponse:  # fmt: skip
        document_type, case = sheet.document_type, sheet.case
        document = case.document if case else None
        context = {
            "form": form, "rail": rail, "rows": rows, "notice": notice, "sheet": sheet, "document": document,
            "document_type": document_type, "title": _title(sheet), "once": (self.request.POST.get("once") or uuid4()) if case is None else "",
            "currency": (document.currency if document else "") or self.request.company.currency,
            "preview_url": reverse("documents:preview", args=[document_type.code]),
            "back_url": reverse("documents:detail", args=[document.uuid]) if document else _list_url(document_type),
            "list_url": _list_url(document_type),
            "side_query": "?side=sales" if document_type.side == "output" else "?side=purchase",
            "corrects": _corrects(case),
            "draft_key": f"{document_type.code}:{document.uuid if document else 'new'}{':amend' if sheet.amends else ''}",
        }  # fmt: skip
        return render(self.request, "documents/editor.html", context, status=status)


def _corrects(case: Case | None) -> dict[str, Any] | None:
    """Of the successor of a correction: the voucher that it corrects, and the storno beside it."""
    original = corrected_by(case) if case else None
    if case is None or original is None:
        return None
    storno = next(iter(pair_of(case.document)), None)
    return {
        "number": str(original),
        "date": original.document_date,
        "url": reverse("documents:detail", args=[original.uuid]),
        "storno": str(storno) if storno else "",
        "storno_url": reverse("documents:detail", args=[storno.uuid]) if storno else "",
    }


def _title(sheet: editor.Sheet) -> str:
    if sheet.case is None:
        return str(sheet.document_type.new_label)
    pattern = _("Amend %(number)s") if sheet.amends else "%(kind)s %(number)s"
    return pattern % {"kind": sheet.document_type.title, "number": sheet.case.document}


def _list_url(document_type: DocumentType) -> str:
    return reverse("documents:list", args=[document_type.code])


class NewDocument(EditorView):
    """``/documents/<kind>/new/``; ``?partner=10655`` starts with a partner."""

    def sheet(self, kind: str) -> editor.Sheet:
        document_type = access.kind_or_404(self.kind or kind)
        access.require(self.request, document_type, "write")
        return editor.Sheet(self.request.company, document_type)

    def get(self, request: ScopedRequest, kind: str = "") -> HttpResponse:
        sheet = self.sheet(kind)
        return self.page(sheet, editor.blank(sheet, self._partner(sheet)), Rail(), [])

    def post(self, request: ScopedRequest, kind: str = "") -> HttpResponse:
        return self.posted(self.sheet(kind))

    def save(self, sheet: editor.Sheet, data: DraftInput, *, submits: bool) -> Case:
        """A form sent twice is saved once: the document carries its id, and the database refuses a second one."""
        once = uuid_of(self.request.POST.get("once", ""))
        service = hooks.save_and_submit if submits else drafts.create_draft
        who: dict[str, Any] = {
            "company": self.request.company,
            "actor": self.request.actor,
            "today": self.today,
        }
        try:
            return service(**who, data=replace(data, uuid=once))
        except IntegrityError:
            if once is None:
                raise
            # sent twice at the same moment; or a forged id, which tells nothing and is simply not taken
            return self._sent_before(sheet, once) or service(**who, data=data)

    def _sent_before(self, sheet: editor.Sheet, once: UUID | None) -> Case | None:
        if once is None:
            return None
        mine = Document.objects.filter(
            uuid=once, kind=sheet.document_type.code, created_by_id=self.request.actor.user_id
        ).first()
        return load_case(mine.pk, company=self.request.company) if mine else None

    def _partner(self, sheet: editor.Sheet) -> dict[str, Any]:
        try:
            uuid = UUID(self.request.GET.get("partner", ""))
        except ValueError:
            return {}
        partner = Partner.objects.filter(uuid=uuid).first()
        side = sheet.document_type.side
        return (
            {"partner": fill.number_of(partner, side), "partner_id": fill.vouched(partner, side)}
            if partner
            else {}
        )


class EditDocument(EditorView):
    """``/documents/<uuid>/edit/``: a draft; with ``?amend=1`` a posted commitment, which needs a reason."""

    required_scopes: ClassVar[tuple[str, ...]] = access.POST

    def sheet(self, uuid: UUID) -> editor.Sheet:
        amends = self.request.GET.get("amend") == "1"
        case = access.case_or_404(self.request, uuid, "post" if amends else "write")
        return editor.Sheet(self.request.company, case.type, case, amends)

    def get(self, request: ScopedRequest, uuid: UUID) -> HttpResponse:
        sheet = self.sheet(uuid)
        case = _case_of(sheet)
        document = case.document
        wanted = State.POSTED if sheet.amends else State.DRAFT
        if document.state != wanted or (sheet.amends and not document.is_commitment):
            raise Conflict(
                _("%(number)s cannot be changed: it is “%(state)s”.")
                % {"number": document, "state": State(document.state).label},
                code="wrong-state",
            )
        form = editor.of_case(sheet)
        if sheet.amends:  # as the live preview sees it: beside the content in force
            case = case.apart()
            case.facts["amends"] = sheet.case
        rail = rail_of(case, request.actor, self.today, [])
        rows = cells(case, _as_stored(case), rail)
        return self.page(sheet, form, rail, rows)

    def post(self, request: ScopedRequest, uuid: UUID) -> HttpResponse:
        return self.posted(self.sheet(uuid))

    def save(self, sheet: editor.Sheet, data: DraftInput, *, submits: bool) -> Case:
        case = _case_of(sheet)
        who: dict[str, Any] = {
            "company": self.request.company,
            "actor": self.request.actor,
            "document_id": case.document.pk,
        }
        version = _version(self.request.POST.get("version", ""))
        if sheet.amends:
            reader = Reader(self.request.POST)
            reason = reader.text("reason", 500)
            if reader.problems:
                raise Refused(reader.problems)
            hooks.propose(**who, data=data, reason=reason, expected_version=version)
            return case
        service = hooks.save_and_submit if submits else drafts.update_draft
        return service(**who, data=data, expected_version=version, today=self.today)


def _case_of(sheet: editor.Sheet) -> Case:
    if sheet.case is None:
        message = "an edit without a document"
        raise RuntimeError(message)
    return sheet.case


def _version(raw: str) -> int:
    """A form without its version is as stale as one with an old one."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def _as_stored(case: Case) -> DraftInput:
    """The input behind a stored document, for the cells: nothing of it is to be found anew."""
    kept = fill.kept_lines(case, amends=True)
    return DraftInput(
        kind=case.document.kind,
        partner_id=case.document.partner_id,
        lines=tuple(kept[line.pk] for line in case.lines),
    )
