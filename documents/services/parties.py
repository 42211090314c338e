"""Parties are refreshed at submit, unless they were edited on the document (contract § 3)."""

from __future__ import annotations

from documents.case import Case
from documents.models import Party
from documents.services.compose.partying import of_company
from masterdata.models import Partner

_OWN = (
    "name",
    "contact",
    "phone",
    "email",
    "street",
    "street_2",
    "postal_code",
    "city",
    "country",
    "vat_id",
    "tax_number",
    "e_address",
    "e_scheme",
)
_THEIRS = {
    "name": "name", "name_2": "name_extra", "street": "street", "street_2": "street2", "postal_code": "postal_code",
    "city": "city", "region": "region", "country": "country", "vat_id": "vat_id",
    "vat_checked_on": "vat_id_checked_on", "vat_check_reference": "vat_id_check_reference",
    "tax_number": "tax_number", "e_address": "e_address", "e_scheme": "e_address_scheme",
}  # fmt: skip


def refresh(case: Case) -> None:
    """Copy what changed in master data since the draft was written; addresses chosen by hand stay."""
    ours = "seller" if case.type.side == "output" else "buyer"
    changed = []
    company = of_company(case.company)
    document = case.document
    for role, party in case.parties.items():
        if party.is_edited or role in ("ship_to", "ship_from"):
            continue
        if role == ours or (case.type.side == "input" and role == "bill_to"):
            found = {name: getattr(company, name) for name in _OWN}
        else:
            partner = document.bill_to if role == "bill_to" else document.partner
            found = _of(partner)
        if _apply(party, found):
            changed.append(party)
    if changed:
        Party.objects.bulk_update(changed, sorted({*_OWN, *_THEIRS}))


def _of(partner: Partner) -> dict[str, object]:
    return {name: getattr(partner, source) for name, source in _THEIRS.items()}


def _apply(party: Party, found: dict[str, object]) -> bool:
    different = {name: value for name, value in found.items() if getattr(party, name) != value}
    for name, value in different.items():
        setattr(party, name, value)
    return bool(different)
