"""Sources of one draft: they have one tax situation, and where they have several buyers each line names its own.

A document is taxed once, by its own parties and places; what the first source says must be true of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from documents.case import Case
from documents.inputs import LineInput
from documents.kinds import PartyRole
from documents.models import Document, Party
from documents.spec import DocumentType
from masterdata.selectors.taxes import statuses_of
from valeo.core.exceptions import Violation


def tax_differences(target: DocumentType, cases: Sequence[Case]) -> Iterator[Violation]:
    """Places of supply, and buyers whose supplies are taxed otherwise, that do not go into one document."""
    if len(cases) < 2 or not target.traits.has_taxes:
        return
    first, *others = cases
    goods = [case for case in cases if case.type.traits.moves_stock]
    for other in others:
        if _country(other, PartyRole.SHIP_TO) != _country(first, PartyRole.SHIP_TO):
            yield _differ(first, other, _("country of destination"))
    for other in goods[1:]:
        if _country(other, PartyRole.SHIP_FROM) != _country(goods[0], PartyRole.SHIP_FROM):
            yield _differ(goods[0], other, _("country of dispatch"))
    yield from _buyers(first, [case for case in others if _buyer(case) != _buyer(first)])


def _buyers(first: Case, others: Sequence[Case]) -> Iterator[Violation]:
    """Only one VAT ID stands on an invoice: across the border, each buyer needs an invoice of his own."""
    if not others:
        return
    statuses = statuses_of({_buyer(case) for case in (first, *others)})

    def situation(case: Case) -> tuple[str, str]:
        day = _day(case.document)
        status = next((row.value for row in statuses[_buyer(case)] if row.covers(day)), "")
        return status, _country(case, PartyRole.BUYER)

    home = first.company.country
    domestic = all(
        _country(case, role) == home
        for case in (first, *others)
        for role in (PartyRole.BUYER, PartyRole.SHIP_TO)
    )
    for other in others:
        if not domestic:
            yield _differ(first, other, _("partner"))
        elif situation(other) != situation(first):
            yield _differ(first, other, _("tax status"))


def naming_buyers(cases: Sequence[Case], lines: list[LineInput]) -> list[LineInput]:
    """The lines; where their sources have different buyers, each line begins with its own (§ 14 (4) No. 1 UStG)."""
    if len({_buyer(case) for case in cases}) == 1:
        return lines
    by_id = {case.document.pk: case for case in cases}
    return [_named(by_id[line.links[0].source_document_id], line) if line.links else line for line in lines]


def _named(case: Case, line: LineInput) -> LineInput:
    with translation.override(case.document.language):
        text = _("Recipient of the supply: %(buyer)s")
    detail = line.detail or ""
    if detail.startswith(text % {"buyer": ""}):  # a credit of invoices that name them already
        return line
    named = text % {"buyer": _who(case.parties.get(PartyRole.BUYER))}
    return replace(line, detail=f"{named}\n{detail}".strip())


def _who(party: Party | None) -> str:
    if party is None:
        return ""
    place = f"{party.postal_code} {party.city}".strip()
    return ", ".join(part for part in (party.name, party.name_2, party.street, party.street_2, place) if part)


def _buyer(case: Case) -> int:
    return int(case.document.partner_id)


def _day(document: Document) -> date:
    return document.supply_from or document.document_date


def _country(case: Case, role: PartyRole) -> str:
    """Like ``compose.build``: goods without a place of their own go from our address to the buyer's."""
    usual = {PartyRole.SHIP_TO: PartyRole.BUYER, PartyRole.SHIP_FROM: PartyRole.SELLER}.get(role, role)
    party = case.parties.get(role) or case.parties.get(usual)
    return party.country if party else ""


def _differ(one: Case, other: Case, what: str) -> Violation:
    text = _("%(one)s and %(other)s differ in: %(what)s.")
    return Violation(
        "sources-differ", text % {"one": str(one.document), "other": str(other.document), "what": what}
    )
