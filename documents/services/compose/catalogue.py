"""Reads the master data that a draft needs: partner and articles by one query each, the rest from the process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from documents.inputs import DraftInput
from documents.spec import DocumentType
from masterdata.kinds import TaxDirection
from masterdata.models import (
    Article,
    Partner,
    PartnerAddress,
    PartnerContact,
    PaymentTerm,
    PaymentTermInstalment,
    TaxCode,
    Warehouse,
)  # fmt: skip
from masterdata.selectors import drafting
from masterdata.selectors import reference as references
from masterdata.selectors.drafting import People
from masterdata.taxing import Dated
from masterdata.units import Units
from valeo.core.exceptions import Refused, Violation
from valeo.tenancy.models import Company
from valeo.tenancy.reference import Reference


@dataclass(frozen=True, slots=True)
class Catalogue:
    company: Company
    type: DocumentType
    today: date
    partner: Partner
    bill_to: Partner
    ship_to: Partner
    addresses: dict[int, PartnerAddress]
    contacts: dict[int, PartnerContact]  # by partner
    articles: dict[int, Article]
    units: dict[int, Units]
    warehouses: dict[int, Warehouse]
    tax_codes: dict[int, TaxCode]
    term: PaymentTerm | None
    term_parts: list[PaymentTermInstalment]
    tax_statuses: dict[int, list[Dated]]  # by partner
    reference: Reference

    @property
    def default_warehouse(self) -> Warehouse | None:
        rows = self.warehouses.values()
        return next((row for row in rows if row.is_default), next(iter(rows), None))


def read(company: Company, document_type: DocumentType, data: DraftInput, today: date) -> Catalogue:
    """Raises ``Refused`` naming what of the request is not (or no longer) there."""
    people = drafting.people(data.partner_id, data.bill_to_id)
    if people is None:
        raise Refused(Violation("partner-unknown", _("There is no such partner."), "partner"))
    reference = people.reference
    partner = people.partners[data.partner_id]
    _check_role(partner, document_type)
    bill_to = _bill_to(partner, people, data)
    ship_to = partner.ship_to or partner
    present = {partner.pk, bill_to.pk, ship_to.pk}
    articles, units = drafting.articles(
        {line.article_id for line in data.lines if line.article_id}, reference
    )
    _check_articles(data, articles)
    terms = _term(partner, bill_to, document_type, data, reference)
    addresses = {pk: row for pk, row in people.addresses.items() if row.partner_id in present}
    warehouses = _warehouses(data, reference)
    _check_places(data, addresses, warehouses)
    return Catalogue(
        company=company,
        type=document_type,
        today=today,
        partner=partner,
        bill_to=bill_to,
        ship_to=ship_to,
        addresses=addresses,
        contacts={pk: row for pk, row in people.contacts.items() if pk in present},
        articles=articles,
        units=units,
        warehouses=warehouses,
        tax_codes=_tax_codes(data, reference, document_type.side),
        term=terms.term if terms else None,
        term_parts=terms.parts if terms else [],
        tax_statuses=people.statuses,
        reference=reference,
    )


def _check_role(partner: Partner, document_type: DocumentType) -> None:
    fits = partner.is_customer if document_type.partner_role == "customer" else partner.is_supplier
    if not fits:
        text = (
            _("%(name)s is no customer.")
            if document_type.partner_role == "customer"
            else _("%(name)s is no supplier.")
        )
        raise Refused(Violation("partner-role", text % {"name": partner.name}, "partner"))


def _bill_to(partner: Partner, people: People, data: DraftInput) -> Partner:
    if data.bill_to_id == partner.pk:
        return partner
    if data.bill_to_id is None:
        usual: Partner | None = partner.bill_to
        return usual or partner
    found = people.partners.get(data.bill_to_id)
    if found is None:
        raise Refused(Violation("partner-unknown", _("There is no such partner."), "bill_to"))
    return found


def _warehouses(data: DraftInput, reference: Reference) -> dict[int, Warehouse]:
    """The active ones, and those that the draft names: a reversal goes back to a warehouse that was closed since."""
    named = {line.warehouse_id for line in data.lines if line.warehouse_id} | {data.warehouse_id or 0}
    return {row.pk: row for row in references.warehouses(reference) if row.active or row.pk in named}


def _check_places(
    data: DraftInput, addresses: dict[int, PartnerAddress], warehouses: dict[int, Warehouse]
) -> None:
    """A place of another company or partner is as unknown as none, never silently the usual one."""
    text = _("There is no such warehouse.")
    missing = [
        Violation("warehouse-unknown", text, "warehouse", position)
        for position, line in enumerate(data.lines, start=1)
        if line.warehouse_id and line.warehouse_id not in warehouses
    ]
    if data.warehouse_id and data.warehouse_id not in warehouses:
        missing.insert(0, Violation("warehouse-unknown", text, "warehouse"))
    if data.ship_to_address_id and data.ship_to_address_id not in addresses:
        missing.append(
            Violation("address-unknown", _("There is no such address of this partner."), "ship_to_address")
        )
    if missing:
        raise Refused(missing)


def _check_articles(data: DraftInput, found: dict[int, Article]) -> None:
    missing = [
        Violation("article-unknown", _("There is no such article."), "article", position)
        for position, line in enumerate(data.lines, start=1)
        if line.article_id and line.article_id not in found
    ]
    if missing:
        raise Refused(missing)


def _tax_codes(data: DraftInput, reference: Reference, side: str) -> dict[int, TaxCode]:
    """The chosen codes; those of the other side are none: input tax is nothing that we could charge."""
    wanted = {line.tax_code_id for line in data.lines if line.tax_code_id}
    wanted |= {row.tax_code_id for row in data.allowances if row.tax_code_id}
    if not wanted:
        return {}
    known = references.tax_codes(reference)
    found = {
        pk: known[pk] for pk in wanted if pk in known and known[pk].direction in (side, TaxDirection.BOTH)
    }
    if any(pk not in found for pk in wanted):
        text = _("There is no such tax code.")
        missing = [
            Violation("tax-code-unknown", text, "tax_code", position)
            for position, line in enumerate(data.lines, start=1)
            if line.tax_code_id and line.tax_code_id not in found
        ]
        raise Refused(missing or Violation("tax-code-unknown", text, "tax_code"))
    return found


def _term(
    partner: Partner, bill_to: Partner, document_type: DocumentType, data: DraftInput, reference: Reference
) -> references.Terms | None:
    output = document_type.side == "output"
    usual = bill_to.payment_term_id if output else partner.purchase_payment_term_id
    wanted = data.payment_term_id or usual
    if wanted is None:
        return None
    found = references.terms(reference).get(wanted)
    if found is None:
        raise Refused(Violation("term-unknown", _("There are no such payment terms."), "payment_term"))
    return found
