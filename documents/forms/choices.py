"""What the selects of the editor offer, read once per page (never on a save that succeeds)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from documents.forms.header import CURRENCIES, PRICE_MODES
from documents.forms.shown import Choices
from documents.spec import DocumentType
from masterdata.models import Partner, PartnerAddress, PaymentTerm, TaxCode, Unit, Warehouse
from valeo.tenancy.kinds import Language
from valeo.tenancy.models import Branch


@dataclass(frozen=True, slots=True)
class Offer:
    """Options of head, lines and allowances by field name."""

    header: dict[str, Choices]
    lines: dict[str, Choices]
    allowances: dict[str, Choices]


def offer(document_type: DocumentType, addresses: Choices = ()) -> Offer:
    usual = _("as agreed with the partner")
    warehouses: Choices = [
        (str(row.pk), str(row))
        for row in Warehouse.objects.filter(active=True).order_by("-is_default", "code")
    ]
    codes: Choices = []
    header: dict[str, Choices] = {
        "ship_to_address": [("", _("usual address")), *addresses],
        "warehouse": [("", _("usual warehouse")), *warehouses],
        "branch": [
            ("", _("as the warehouse")),
            *((str(row.pk), str(row)) for row in Branch.objects.filter(is_active=True)),
        ],
        "language": [("", usual), *Language.choices],
    }
    if document_type.traits.has_prices:
        directions = [document_type.side, "both"]
        found = TaxCode.objects.filter(active=True, direction__in=directions).order_by("code")
        codes = [(str(row.pk), _code_label(row)) for row in found]
        header |= {
            "payment_term": [
                ("", usual),
                *(
                    (str(row.pk), row.name())
                    for row in PaymentTerm.objects.filter(active=True).order_by("code")
                ),
            ],
            "price_mode": [("", usual), *PRICE_MODES],
            "currency": [("", usual), *((code, code) for code in CURRENCIES)],
        }
    lines: dict[str, Choices] = {
        "warehouse": [("", _("as in the head")), *warehouses],
        "tax_code": [("", _("auto")), *codes],
    }
    return Offer(header, lines, {"tax_code": [("", _("as the lines")), *codes]})


def _code_label(code: TaxCode) -> str:
    return f"{code.code} {code.name()}"


def addresses(partner: Partner) -> list[PartnerAddress]:
    """Where goods for the partner may go."""
    people = {key for key in (partner.pk, partner.ship_to_id, partner.bill_to_id) if key}
    return list(
        PartnerAddress.objects.filter(partner__in=people, active=True, kind="delivery").order_by(
            "-is_default", "city", "pk"
        )
    )


def address_choices(rows: Iterable[PartnerAddress]) -> Choices:
    return [(str(row.pk), str(row)) for row in rows]


def symbols() -> dict[Any, str]:
    """UN/ECE code and key of every unit → its symbol in the user's language."""
    found: dict[Any, str] = {}
    for unit in Unit.objects.all():
        found[unit.code] = found[unit.pk] = unit.symbol()
    return found
