"""What an edit changed, as people read it: the audit record keeps names and plain values only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from valeo.core.components import formats

_LABELS: Final[dict[str, str | Promise]] = {
    "partner_id": gettext_lazy("Partner"),
    "bill_to_id": gettext_lazy("Invoice to"),
    "language": gettext_lazy("Language"),
    "currency": gettext_lazy("Currency"),
    "price_mode": gettext_lazy("Price mode"),
    "payment_term_id": gettext_lazy("Payment terms"),
    "buyer_reference": gettext_lazy("Buyer reference"),
    "partner_reference": gettext_lazy("Their reference"),
    "carrier": gettext_lazy("Carrier"),
    "incoterm": gettext_lazy("Incoterm"),
    "warehouse_id": gettext_lazy("Warehouse"),
    "header_text": gettext_lazy("Text above the lines"),
    "footer_text": gettext_lazy("Text below the lines"),
    "non_binding": gettext_lazy("Non-binding"),
    "document_date": gettext_lazy("Document date"),
    "supply_from": gettext_lazy("Date of supply"),
    "supply_to": gettext_lazy("Supplied to"),
    "valid_until": gettext_lazy("Valid until"),
    "terms_date": gettext_lazy("Terms count from"),
    "posting_date": gettext_lazy("Posting date"),
    "gross_total": gettext_lazy("Gross"),
    "description": gettext_lazy("Description"),
    "quantity": gettext_lazy("Quantity"),
    "unit": gettext_lazy("Unit"),
    "price": gettext_lazy("Price"),
    "discount_percent": gettext_lazy("Discount %"),
    "tax_code_id": gettext_lazy("Tax code"),
    "net_amount": gettext_lazy("Net"),
}
_FIGURES: Final[dict[str, Callable[[Decimal], str]]] = {
    "gross_total": formats.amount,
    "net_amount": formats.amount,
    "price": formats.price,
    "quantity": formats.quantity,
    "discount_percent": formats.percent,
}
_WORDS: Final[dict[str, str | Promise]] = {
    "net": gettext_lazy("net"),
    "gross": gettext_lazy("gross"),
    "de": gettext_lazy("German"),
    "en": gettext_lazy("English"),
}
_OF_A_LINE: Final = re.compile(r"line (\d+) (\w+)")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def described(name: str, old: Any, new: Any) -> tuple[str, str, str]:
    """Label, old and new value of one entry; rows that are only known by their key are named without values."""
    match = _OF_A_LINE.fullmatch(name)
    plain = match[2] if match else name
    label = str(_LABELS.get(plain, plain))
    if name.startswith("allowance "):
        label = _("Discount or charge %(number)s") % {"number": name.removeprefix("allowance ")}
    if match:
        label = _("Line %(number)s: %(what)s") % {"number": match[1], "what": label}
    if plain.endswith("_id"):
        return label, "", ""
    return label, _shown(plain, old), _shown(plain, new)


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    if name in _FIGURES:
        return _FIGURES[name](Decimal(text))
    if _DAY.fullmatch(text):
        return formats.day(date.fromisoformat(text))
    return str(_WORDS.get(text, text)) if name in ("price_mode", "language") else text
