"""Copies the parties of a document from master data, in the shape that papers print."""

from __future__ import annotations

from documents.inputs import DraftInput
from documents.kinds import PartyRole
from documents.models import Party
from documents.services.compose.catalogue import Catalogue
from masterdata.models import Partner, PartnerAddress, Warehouse
from valeo.tenancy.models import Company

EDITABLE = (
    "name", "name_2", "contact", "phone", "email", "street", "street_2", "postal_code", "city", "region", "country",
    "vat_id",
)  # fmt: skip


def parties(
    catalogue: Catalogue, data: DraftInput, warehouse: Warehouse | None, kept: dict[str, Party]
) -> dict[str, Party]:
    """All parties by role; a party edited on the document keeps what was typed."""
    output = catalogue.type.side == "output"
    ours, theirs = (PartyRole.SELLER, PartyRole.BUYER) if output else (PartyRole.BUYER, PartyRole.SELLER)
    found = {
        ours: of_company(catalogue.company),
        theirs: _of_partner(catalogue, catalogue.partner),
        PartyRole.BILL_TO: _of_partner(catalogue, catalogue.bill_to)
        if output
        else of_company(catalogue.company),
    }
    if output:
        found[PartyRole.SHIP_TO] = _ship_to(catalogue, data)
        if warehouse is not None:
            found[PartyRole.SHIP_FROM] = of_warehouse(warehouse, catalogue.company)
    elif warehouse is not None:
        found[PartyRole.SHIP_TO] = of_warehouse(warehouse, catalogue.company)
    edited = {item.role: item.values for item in data.parties}
    result: dict[str, Party] = {}
    for role, party in found.items():
        party.role = role
        values = edited.get(role)
        if values:
            for name in EDITABLE:
                if name in values:
                    setattr(party, name, values[name])
            party.is_edited = True
        old = kept.get(role)
        if old is not None:
            party.pk = old.pk
        result[str(role)] = party
    return result


def _ship_to(catalogue: Catalogue, data: DraftInput) -> Party:
    address = catalogue.addresses.get(data.ship_to_address_id or 0) or _default_address(catalogue)
    party = _of_partner(catalogue, catalogue.ship_to)
    if address is not None:
        party.name = address.name or party.name
        party.name_2 = "" if address.name else party.name_2
        _copy_address(party, address)
    return party


def _default_address(catalogue: Catalogue) -> PartnerAddress | None:
    rows = catalogue.addresses.values()
    return next(
        (
            row
            for row in rows
            if row.partner_id == catalogue.ship_to.pk and row.kind == "delivery" and row.is_default
        ),
        None,
    )


def _of_partner(catalogue: Catalogue, partner: Partner) -> Party:
    contact = catalogue.contacts.get(partner.pk)
    output = catalogue.type.side == "output"
    party = Party(
        company_id=catalogue.company.pk,
        partner_id=partner.pk,
        name=partner.name,
        name_2=partner.name_extra,
        contact=str(contact) if contact else "",
        phone=(contact.phone if contact else "") or partner.phone,
        email=(contact.email if contact else "") or partner.email,
        vat_id=partner.vat_id,
        vat_checked_on=partner.vat_id_checked_on,
        vat_check_reference=partner.vat_id_check_reference,
        tax_number=partner.tax_number,
        number=partner.customer_number if output else partner.supplier_number,
        e_address=partner.e_address,
        e_scheme=partner.e_address_scheme,
    )
    _copy_address(party, partner)
    return party


def of_company(company: Company) -> Party:
    """Our own company as a party."""
    return Party(
        company_id=company.pk,
        name=company.legal_name or company.name,
        contact=company.contact_person,
        phone=company.phone,
        email=company.email,
        street=company.street,
        street_2=company.street2,
        postal_code=company.postal_code,
        city=company.city,
        country=company.country,
        vat_id=company.vat_id,
        tax_number=company.tax_number,
        e_address=company.e_address,
        e_scheme=company.e_address_scheme,
    )


def of_warehouse(warehouse: Warehouse, company: Company) -> Party:
    party = Party(company_id=company.pk, name=warehouse.name)
    _copy_address(party, warehouse)
    party.country = warehouse.country or company.country
    return party


def _copy_address(party: Party, source: Partner | PartnerAddress | Warehouse) -> None:
    party.street, party.street_2 = source.street, source.street2
    party.postal_code, party.city = source.postal_code, source.city
    party.region = getattr(source, "region", "")
    party.country = source.country
