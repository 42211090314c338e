"""The whole editor: what it shows, and the reading of a posted one into ``DraftInput``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.forms import BaseFormSet

from documents.case import Case
from documents.forms import allowances, beside, choices, fill, header, lines, parties
from documents.forms.reader import Beside, Reader
from documents.forms.shown import Choices
from documents.inputs import AllowanceInput, DraftInput
from documents.services import carry
from documents.spec import DocumentType
from masterdata.models import Partner
from valeo.core.exceptions import Violation
from valeo.tenancy.models import Company


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the editor stands on: the kind, and the stored document where there is one."""

    company: Company
    document_type: DocumentType
    case: Case | None = None
    amends: bool = False


@dataclass(slots=True)
class Reading:
    """``data`` as far as it could be read; None where not even the partner is known."""

    data: DraftInput | None
    problems: list[Violation]
    lines: lines.LinesRead
    allowances: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class EditorForm:
    """Forms for showing, with everything that hinders."""

    header: header.HeaderForm
    lines: BaseFormSet[lines.LineForm]
    allowances: BaseFormSet[allowances.AllowanceForm] | None
    parties: list[tuple[Any, parties.PartyForm]]
    violations: list[Violation] = field(default_factory=list)

    @property
    def has_party_problems(self) -> bool:
        return any(form.problems or form.initial.get("edited") for _label, form in self.parties)

    def put(self, violations: Iterable[Violation]) -> None:
        """Place each beside its field; all of them stand in the summary, too."""
        for violation in violations:
            self.violations.append(violation)
            self._place(violation)

    def _place(self, violation: Violation) -> None:
        name, text = violation.field, str(violation.text)
        if violation.line:
            if violation.line <= len(self.lines.forms):
                form = self.lines.forms[violation.line - 1]
                if not form.put(name, text):
                    form.put("article", text)
            return
        prefix, _mark, own = name.rpartition("-")
        for form in [
            *(self.allowances.forms if self.allowances else ()),
            *(form for _label, form in self.parties),
        ]:
            if form.prefix == prefix and form.put(own, text):
                return
        self.header.put(name, text)


def read(post: Mapping[str, str], sheet: Sheet) -> Reading:
    """Reads what was posted; never raises for what a person may type."""
    document_type, case = sheet.document_type, sheet.case
    kept = fill.kept_lines(case, amends=sheet.amends) if case else {}
    reader = Reader(post)
    head = header.read(
        reader, document_type, partner_id=case.document.partner_id if case and sheet.amends else None
    )
    money = _money(sheet, head)
    rows = lines.read(post, document_type, kept, money)
    given, allowance_problems, typed = (
        allowances.read(post, _kept_allowances(case), money)
        if document_type.traits.has_prices
        else ([], [], [])
    )
    people, party_problems = parties.read(post, document_type.side, case.parties if case else {})
    problems = [*reader.problems, *rows.problems, *allowance_problems, *party_problems]
    data = None
    if head.partner_id is not None:
        data = DraftInput(
            kind=document_type.code,
            partner_id=head.partner_id,
            type_code=case.document.type_code if case else "",
            lines=tuple(rows.lines),
            allowances=tuple(given),
            parties=tuple(people),
            **head.values,
        )
    return Reading(data, problems, rows, typed)


def _money(sheet: Sheet, head: header.HeaderRead) -> Beside:
    """Judges currencies beside amounts by the one that the document will have."""

    @cache
    def code() -> str:
        partner = Partner.objects.filter(pk=head.partner_id).first() if head.partner_id else None
        usual = (partner.currency if partner else "") or sheet.company.currency
        return head.values["currency"] or usual

    return beside.currency(code)


def _kept_allowances(case: Case | None) -> dict[int, AllowanceInput]:
    return dict(enumerate(carry.allowances_of(case), start=1)) if case else {}


def blank(sheet: Sheet, initial: dict[str, Any] | None = None) -> EditorForm:
    """An empty document, perhaps of a partner already chosen."""
    return _form(sheet, dict(initial or {}), [], [], {})


def of_case(sheet: Sheet) -> EditorForm:
    """The stored document of the sheet."""
    case = sheet.case
    if case is None:
        return blank(sheet)
    partner, bill_to, addresses = _people(case)
    edited = fill.edited_parties(case, addresses)
    people = {
        role: parties.shown(case.parties.get(role), edited=role in edited)
        for role in parties.roles(case.type.side)
    }
    entries = [allowances.shown(entry, row) for entry, row in _kept_allowances(case).items()]
    return _form(
        sheet, fill.header_of(case, partner, bill_to, addresses), fill.lines_of(case, amends=sheet.amends),
        entries, people, choices.address_choices(addresses),
    )  # fmt: skip


def again(
    post: Mapping[str, str], sheet: Sheet, reading: Reading, *, empty: int = 1, entries: int = 0
) -> EditorForm:
    """What was typed, word for word, in the order of the lines; deleted and empty ones are gone.

    ``empty`` lines and ``entries`` of discounts and charges are added for more.
    """
    people = {role: parties.typed_again(post, role) for role in parties.roles(sheet.document_type.side)}
    addresses: Choices = ()
    if reading.data is not None:
        partner = Partner.objects.filter(pk=reading.data.partner_id).first()
        addresses = choices.address_choices(choices.addresses(partner)) if partner else ()
    rows = lines.show_again(post, reading.lines)
    return _form(
        sheet,
        header.typed_again(Reader(post)),
        rows,
        reading.allowances + [{} for _entry in range(entries)],
        people,
        addresses,
        empty,
    )


def _people(case: Case) -> tuple[Partner, Partner, list[Any]]:
    found = Partner.objects.in_bulk([case.document.partner_id, case.document.bill_to_id])
    partner = found[case.document.partner_id]
    return partner, found[case.document.bill_to_id], choices.addresses(partner)


def _form(
    sheet: Sheet, head: dict[str, Any], rows: list[dict[str, Any]], entries: list[dict[str, Any]],
    people: dict[Any, dict[str, Any]], addresses: Choices = (), empty: int = lines.EMPTY_LINES,
) -> EditorForm:  # fmt: skip
    document_type = sheet.document_type
    offer = choices.offer(document_type, addresses)
    line_set = lines.LineSet(
        initial=rows,
        prefix=lines.PREFIX,
        form_kwargs={"document_type": document_type, "choices": offer.lines},
    )
    line_set.extra = max(empty, lines.EMPTY_LINES - len(rows))
    priced = document_type.traits.has_prices
    return EditorForm(
        header=header.HeaderForm(
            initial=head, document_type=document_type, amends=sheet.amends, choices=offer.header
        ),
        lines=line_set,
        allowances=allowances.AllowanceSet(
            initial=entries, prefix=allowances.PREFIX, form_kwargs={"choices": offer.allowances}
        ) if priced else None,
        parties=[
            (role.label, parties.PartyForm(initial=people.get(role, {}), prefix=parties.prefix(role)))
            for role in parties.roles(document_type.side)
        ],
    )  # fmt: skip
