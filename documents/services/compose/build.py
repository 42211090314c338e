"""Composes a case: header, parties, lines, figures, instalments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import uuid4

from django.utils import translation
from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.inputs import DraftInput
from documents.models import Document, Instalment, Line, LineLot
from documents.services.compose import figures, lines, rating
from documents.services.compose.catalogue import Catalogue, read
from documents.services.compose.partying import parties
from documents.services.compose.taken import taken_taxes
from documents.services.compose.taxing import places
from documents.states import State
from documents.totals import round2
from masterdata.models import PaymentTerm, PaymentTermInstalment, Warehouse
from masterdata.selectors.exchange_rates import rate_on
from masterdata.terms import TermPart, describe, split
from valeo.core.exceptions import Refused, Violation
from valeo.tenancy.models import Company

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)


def compose(company: Company, data: DraftInput, today: date, *, existing: Case | None = None) -> Case:
    """The whole document as it would be saved; raises ``Refused`` with every figure or reference that cannot be.

    Rows not yet saved carry negative keys. Blocks of submit are no refusal here: a draft may be incomplete.
    """
    document_type = registry.get(data.kind)
    catalogue = read(company, document_type, data, today)
    document = (
        existing.document
        if existing
        else Document(company_id=company.pk, kind=data.kind, uuid=data.uuid or uuid4())
    )
    warehouse = catalogue.warehouses.get(data.warehouse_id or 0) or catalogue.default_warehouse
    data = _without_old_rate(data, existing)
    _header(catalogue, data, document, warehouse)
    case = existing or Case(company=company, document=document, type=document_type, lines=[])
    case.facts["reference"] = catalogue.reference
    case.parties = parties(catalogue, data, warehouse, case.parties)
    old = {line.pk: line for line in case.lines}
    day = case.facts["taxed_for"] = _day(document, today)  # see documents/services/retaxing.py
    case.lines = lines.build(catalogue, data, _line_header(case, warehouse, day), old)
    case.facts["line_origins"] = _origins(case, data)
    case.facts["given_lines"] = data.lines
    figures.compute(case, data.lines, data.allowances, catalogue.tax_codes)
    document.cost_total = cost_of(case.lines)
    _instalments(catalogue, case)
    case.lots = _lots(case, data)
    return case


def _header(catalogue: Catalogue, data: DraftInput, document: Document, warehouse: Warehouse | None) -> None:
    company, partner, bill_to = catalogue.company, catalogue.partner, catalogue.bill_to
    document.partner, document.bill_to = partner, bill_to
    document.branch_id = data.branch_id or (warehouse.branch_id if warehouse else None)
    document.type_code = data.type_code or catalogue.type.type_code
    document.language = data.language or partner.language or _language_of(partner.country, company)
    before, document.currency = document.currency, data.currency or partner.currency or company.currency
    document.price_mode = data.price_mode or _price_mode(catalogue)
    document.payment_term = catalogue.term
    document.warehouse = warehouse
    document.date_is_set = data.document_date is not None
    document.document_date = data.document_date or (
        document.document_date if document.pk else catalogue.today
    )
    _rate(catalogue, data, document, before if document.pk else "")
    document.supply_from, document.supply_to = data.supply_from, data.supply_to
    document.valid_until, document.terms_date = data.valid_until, data.terms_date
    document.posting_date = data.posting_date
    document.reason_kind, document.non_binding = data.reason_kind, data.non_binding
    document.buyer_reference = data.buyer_reference or bill_to.buyer_reference
    for name in ("partner_reference", "carrier", "incoterm", "header_text", "footer_text"):
        setattr(document, name, getattr(data, name))
    if not data.carrier and partner.carrier is not None:
        document.carrier = str(partner.carrier)
    if not data.incoterm and partner.incoterm:
        document.incoterm = f"{partner.incoterm} {partner.incoterm_place}".strip()


def _language_of(country: str, company: Company) -> str:
    """The document's, else the partner's, else his country's (contract § 7)."""
    if country in {"DE", "AT", "CH", "LI", "LU"}:
        return "de"
    return company.language if country == company.country else "en"


def _price_mode(catalogue: Catalogue) -> str:
    """Consumers see gross prices; a customer's list says how it is meant."""
    price_list = catalogue.partner.price_list if catalogue.type.side == "output" else None
    if price_list is not None:
        return str(price_list.price_mode)
    return (
        "gross" if catalogue.partner.legal_form == "consumer" and catalogue.type.side == "output" else "net"
    )


def _without_old_rate(data: DraftInput, existing: Case | None) -> DraftInput:
    """A draft finds its day's rate anew in the table, unless one was typed or is another document's."""
    if existing is None or data.exchange_rate is None:
        return data
    document = existing.document
    if document.currency == existing.company.currency or not _keeps_rate(data, document):
        return data
    day = data.document_date or document.document_date
    if day == document.document_date and (
        document.state != State.DRAFT or rate_on(document.currency, day) is None
    ):
        return data
    if any(rating.takes_it_over(link) for link in existing.links_in) or not rating.is_the_tables(document):
        return data
    return replace(data, exchange_rate=None, rate_date=None, rate_source="")


def _keeps_rate(data: DraftInput, document: Document) -> bool:
    """Whether the rate that is given is the one that stands here, as a form sends it back."""
    return (data.currency or document.currency, data.exchange_rate) == (
        document.currency,
        document.exchange_rate,
    ) and (data.rate_date, data.rate_source) in {(document.rate_date, document.rate_source), (None, "")}


def _rate(catalogue: Catalogue, data: DraftInput, document: Document, before: str) -> None:
    """The one given, else the table's; a rate left over from another currency counts as not given."""
    if document.currency == catalogue.company.currency:
        document.exchange_rate, document.rate_date, document.rate_source = ONE, None, ""
        document.rate_typed = False
        return
    rate, rate_date, source = data.exchange_rate, data.rate_date, data.rate_source
    if before not in {"", document.currency} and rate == document.exchange_rate:
        rate, rate_date, source = None, None, ""
    typed_over = before == document.currency and rate not in {None, document.exchange_rate}
    if typed_over and (rate_date, source) == (document.rate_date, document.rate_source):
        rate_date, source = None, ""  # they spoke of the rate that was here before
    typed = rate is not None
    if rate is None:
        row = rate_on(document.currency, document.document_date)
        if row is not None:
            rate, rate_date, source = row.rate, row.valid_from, row.source
    if rate is None or rate <= ZERO:
        raise Refused(
            Violation(
                "rate-missing",
                _(
                    "Enter the exchange rate: how many %(home)s one %(currency)s is. The table of rates has none "
                    "for this day."
                )
                % {"home": catalogue.company.currency, "currency": document.currency},
                "exchange_rate",
            )
        )
    kept = before == document.currency and _keeps_rate(data, document)
    document.exchange_rate = rate
    document.rate_date, document.rate_source = rate_date or catalogue.today, source
    if data.rate_typed is not None:
        document.rate_typed = data.rate_typed
    elif not kept or document.rate_typed is None:  # who types what the table says has the table's
        document.rate_typed = typed and not rating.matches_the_table(document)


def _day(document: Document, today: date) -> date:
    """Of a draft that nobody dated today's: submitting gives it that date, and saving finds its prices and taxes anew."""
    dated = document.date_is_set or document.state != State.DRAFT
    return document.document_date if dated else today


def _line_header(case: Case, warehouse: Warehouse | None, day: date) -> lines.Header:
    document = case.document
    ship_from, ship_to = places(case)
    return lines.Header(
        language=document.language, currency=document.currency, price_mode=document.price_mode,
        supply=document.supply_from or day, supply_to=document.supply_to, warehouse=warehouse,
        ship_from=ship_from, ship_to=ship_to, taken=taken_taxes(case),
    )  # fmt: skip


def _origins(case: Case, data: DraftInput) -> dict[int, frozenset[int]]:
    known: dict[int, set[int]] = {}
    for link in case.links_in:
        if link.target_line_id is not None:
            known.setdefault(link.target_line_id, set()).add(link.source_document_id)
    return {
        line.pk: given.origins or frozenset(known.get(line.pk, set()))
        for line, given in zip(case.lines, data.lines, strict=True)
    }


def _instalments(catalogue: Catalogue, case: Case) -> None:
    """Freeze the terms as instalments; the text in the document's language."""
    document = case.document
    case.instalments = []
    if not case.type.traits.has_prices or catalogue.term is None or not catalogue.term_parts:
        document.terms_text = ""
        return
    parts = term_parts(catalogue.term_parts)
    with translation.override(document.language):
        document.terms_text = terms_text(catalogue.term, parts, document.language)
    case.facts["term_parts"] = parts
    case.instalments = instalments(case, parts, document.terms_date or document.document_date)


def terms_text(term: PaymentTerm, parts: list[TermPart], language: str) -> str:
    """The terms in words: their printed note, else what they say. The language has to be the active one."""
    return (term.note(language) or describe(parts))[:500]


def term_parts(rows: Iterable[PaymentTermInstalment]) -> list[TermPart]:
    return [
        TermPart(
            position=row.position, share=row.share, days=row.days, end_of_month=row.end_of_month, months=row.months,
            fixed_day=row.fixed_day, skonto_days=row.skonto_days, skonto_percent=row.skonto_percent,
            skonto_base=row.skonto_base,
        )
        for row in rows
    ]  # fmt: skip


def instalments(case: Case, parts: list[TermPart], start: date) -> list[Instalment]:
    """The payable total split by the terms; lines without Skonto stay out of its base."""
    document = case.document
    gross, net = discountable(case)
    due = split(
        document.payable_total,
        parts,
        start,
        discountable_gross=max(gross, ZERO),
        discountable_net=max(net, ZERO),
    )
    return [
        Instalment(
            company_id=document.company_id, position=part.position, due=part.due, share=part.share, amount=part.amount,
            skonto_days=(part.skonto_until - start).days if part.skonto_until else None,
            skonto_until=part.skonto_until, skonto_percent=part.skonto_percent if part.skonto_until else None,
            skonto_base=part.skonto_base_amount if part.skonto_until else None,
        )
        for part in due
    ]  # fmt: skip


def discountable(case: Case) -> tuple[Decimal, Decimal]:
    """Gross and net that Skonto may be taken of: each VAT group without its excluded lines, in proportion."""
    gross = net = ZERO
    for group in case.tax_groups:
        lines = [
            line for line in case.lines if (line.tax_category, line.tax_rate) == (group.category, group.rate)
        ]
        whole = sum((line.net_amount for line in lines), ZERO)
        left_out = sum((line.net_amount for line in lines if line.skonto_excluded), ZERO)
        share = ONE - left_out / whole if whole else ONE
        gross += round2(group.gross * share)
        net += round2(group.net * share)
    return gross, net


def _lots(case: Case, data: DraftInput) -> dict[int, list[LineLot]]:
    result: dict[int, list[LineLot]] = {}
    for line, given in zip(case.lines, data.lines, strict=True):
        merged: dict[str, Decimal] = {}
        for lot, quantity in given.lots:
            merged[lot.strip()] = merged.get(lot.strip(), ZERO) + quantity
        rows = [
            LineLot(company_id=case.company.pk, lot=lot[:40], stock_quantity=quantity)
            for lot, quantity in merged.items()
            if lot
        ]
        if rows:
            result[line.pk] = rows
    return result


def cost_of(lines: list[Line]) -> Decimal:
    """The cost of all lines in company currency; lines without amount count nothing."""
    return round2(sum(((line.cost_price or ZERO) * line.stock_quantity for line in lines), ZERO))
