"""What the tax of a document is found from: the partner supplied (ADR 0015), the places, our scheme and the rules."""

from __future__ import annotations

from documents.case import Case
from documents.kinds import PartyRole
from documents.spec import DocumentType
from masterdata.models import Partner
from masterdata.selectors import reference as references
from masterdata.taxing import Dated, Facts, TaxSituation
from valeo.tenancy.models import Company
from valeo.tenancy.reference import Reference


def places(case: Case) -> tuple[str, str]:
    """The countries that goods leave and reach: those of the parties' addresses unless other places are named."""
    origin = case.parties.get(PartyRole.SHIP_FROM) or case.parties[PartyRole.SELLER]
    destination = case.parties.get(PartyRole.SHIP_TO) or case.parties[PartyRole.BUYER]
    return origin.country, destination.country


def situation_of(
    document_type: DocumentType, company: Company, partner: Partner, ship_from: str, ship_to: str
) -> TaxSituation:
    """Who contracts is supplied, whoever gets the invoice."""
    return TaxSituation(
        side=side_of(document_type), partner_id=partner.pk, home=company.country, ship_from=ship_from,
        ship_to=ship_to, vat_id=partner.vat_id, vat_id_valid=partner.vat_id_valid, country=partner.country,
    )  # fmt: skip


def facts_of(document_type: DocumentType, reference: Reference, statuses: list[Dated]) -> Facts:
    return Facts(
        statuses, references.vat_schemes(reference), references.tax_rules(reference, side_of(document_type))
    )


def side_of(document_type: DocumentType) -> str:
    return "sales" if document_type.side == "output" else "purchase"
