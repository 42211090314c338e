"""Partners with their groups, addresses, contact persons and bank accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from masterdata.models import Carrier, Partner, PartnerGroup, PaymentTerm, PriceList
from masterdata.services.code_lists import create_row
from masterdata.services.partner_finance import save_bank_account
from masterdata.services.partner_parts import save_address, save_contact
from masterdata.services.partners import block_partner, create_partner, update_partner
from valeo.demo.data.partners import Contact, Row
from valeo.demo.data.prices import PARTNER_GROUPS
from valeo.demo.days import Days
from valeo.tenancy.actor import Actor


def make_groups(actor: Actor, lists: Mapping[str, PriceList]) -> dict[str, PartnerGroup]:
    return {
        code: create_row(
            PartnerGroup,
            actor=actor,
            values={"code": code, "name": name, "price_list": lists.get(price_list)},
        )
        for code, name, price_list in PARTNER_GROUPS
    }


class PartnerMaker:
    """Makes partners of rows; keeps what they all refer to."""

    def __init__(
        self, actor: Actor, *, days: Days, groups: Mapping[str, PartnerGroup], lists: Mapping[str, PriceList],
        carriers: Mapping[str, Carrier],
    ) -> None:  # fmt: skip
        self.actor, self.days = actor, days
        self.groups, self.lists, self.carriers = groups, lists, carriers
        self.terms = {term.code: term for term in PaymentTerm.objects.all()}
        self.made: dict[str, Partner] = {}
        self._phones = 300

    def make(self, rows: Iterable[Row]) -> dict[str, Partner]:
        """By key. Numbers come from the series in the order of the rows."""
        for row in rows:
            partner = create_partner(actor=self.actor, values=self._values(row), tax_status=row.status)
            self._parts(partner, row)
            self.made[row.key] = partner
        for row in rows:
            self._later(row)
        return self.made

    def _values(self, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {
            "name": row.name, "street": row.street, "postal_code": row.postal_code, "city": row.city,
            "country": row.country, "legal_form": row.legal_form, "is_customer": row.customer,
            "is_supplier": row.supplier, "group": self.groups[row.group], "vat_id": row.vat_id,
            "price_list": self.lists.get(row.price_list),
            "credit_limit": Decimal(row.limit) if row.limit is not None else None,
            "payment_term": self.terms[row.term] if row.customer else None,
            "purchase_payment_term": self.terms["N30"] if row.supplier else None,
            "email": f"info@{row.key}.example", "phone": self._phone(), **row.extra,
        }  # fmt: skip
        if values.get("vat_id_valid"):
            values["vat_id_checked_on"] = self.days.opening
        if "carrier" in values:
            values["carrier"] = self.carriers[values["carrier"]]
        return values

    def _phone(self) -> str:
        self._phones += 1
        return f"+49 40 66969 {self._phones}"

    def _parts(self, partner: Partner, row: Row) -> None:
        for position, contact in enumerate(row.contacts):
            values = self._contact(contact, row, is_default=position == 0)
            save_contact(actor=self.actor, partner_uuid=partner.uuid, values=values)
        for yard in row.yards:
            values = {
                "name": yard.name, "street": yard.street, "postal_code": yard.postal_code, "city": yard.city,
                "is_default": yard.is_default,
            }  # fmt: skip
            save_address(actor=self.actor, partner_uuid=partner.uuid, values=values)
        if row.iban:
            account = {
                "iban": row.iban,
                "bic": "MARHDE21XXX",
                "bank_name": "Küstenbank Marsch eG",
                "is_default": True,
            }
            save_bank_account(actor=self.actor, partner_uuid=partner.uuid, values=account)

    def _contact(self, contact: Contact, row: Row, *, is_default: bool) -> dict[str, Any]:
        return {
            "first_name": contact.first_name, "last_name": contact.last_name, "position": contact.position,
            "role": contact.role, "email": f"{contact.role}.{len(contact.last_name)}@{row.key}.example",
            "phone": self._phone(), "is_default": is_default,
        }  # fmt: skip

    def _later(self, row: Row) -> None:
        """What refers to another partner, and what closes one."""
        partner = self.made[row.key]
        if row.bill_to:
            values = {"bill_to": self.made[row.bill_to]}
            update_partner(actor=self.actor, uuid=partner.uuid, values=values)
        if row.blocked:
            block_partner(actor=self.actor, uuid=partner.uuid, reason=row.blocked)
