"""The head of a document: who, where to, when, on which terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.forms import resolve
from documents.forms.reader import ZERO, Reader
from documents.forms.shown import ShownForm, day, figure, flag, hidden, select, text
from documents.kinds import ReasonKind
from documents.spec import DocumentType
from valeo.tenancy.kinds import Language
from valeo.tenancy.models import Branch

CURRENCIES: Final = ("EUR", "CHF", "CZK", "DKK", "GBP", "HUF", "NOK", "PLN", "RON", "SEK", "USD")
PRICE_MODES: Final = (("net", gettext_lazy("Net prices")), ("gross", gettext_lazy("Gross prices")))
TEXTS: Final = {  # name → (length, several lines)
    "buyer_reference": (100, False), "partner_reference": (100, False), "carrier": (60, False), "incoterm": (60, False),
    "rate_source": (60, False), "header_text": (4000, True), "footer_text": (4000, True), "remark": (4000, True),
}  # fmt: skip
DAYS: Final = (
    "document_date",
    "supply_from",
    "supply_to",
    "valid_until",
    "terms_date",
    "posting_date",
    "rate_date",
)


class HeaderForm(ShownForm):
    partner = text(gettext_lazy("Partner"))
    bill_to = text(gettext_lazy("Invoice to"))
    ship_to_address = select(gettext_lazy("Deliver to"))
    document_date = day(gettext_lazy("Document date"))
    supply_from = day(gettext_lazy("Date of supply"))
    supply_to = day(gettext_lazy("Supplied to"))
    valid_until = day(gettext_lazy("Valid until"))
    terms_date = day(gettext_lazy("Terms count from"))
    posting_date = day(gettext_lazy("Posting date"))
    partner_reference = text(gettext_lazy("Their reference"))
    buyer_reference = text(gettext_lazy("Buyer reference"))
    payment_term = select(gettext_lazy("Payment terms"))
    warehouse = select(gettext_lazy("Warehouse"))
    branch = select(gettext_lazy("Branch"))
    carrier = text(gettext_lazy("Carrier"))
    incoterm = text(gettext_lazy("Incoterm"))
    language = select(gettext_lazy("Language"))
    price_mode = select(gettext_lazy("Prices"))
    currency = select(gettext_lazy("Currency"))
    exchange_rate = figure(gettext_lazy("Exchange rate"))
    rate_date = day(gettext_lazy("Rate of"))
    rate_source = text(gettext_lazy("Source of the rate"))
    reason_kind = select(gettext_lazy("Reason for the credit"), ReasonKind.choices)
    non_binding = flag(gettext_lazy("Non-binding"))
    header_text = text(gettext_lazy("Text above the lines"), multi=2)
    footer_text = text(gettext_lazy("Text below the lines"), multi=2)
    remark = text(gettext_lazy("Internal note, not printed"), multi=2)
    reason = text(gettext_lazy("Reason for the amendment"))
    partner_id = hidden()
    bill_to_id = hidden()
    version = hidden()

    def __init__(self, *args: Any, document_type: DocumentType, amends: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _absent(document_type, amends=amends):
            del self.fields[name]
        if document_type.traits.has_planned_supply:
            self.fields["supply_from"].label = _("Delivery date")
            self.fields["supply_to"].label = _("Delivery until")
        if "branch" in self.fields and len(self.fields["branch"].choices) < 2:  # type: ignore[attr-defined]
            del self.fields["branch"]


def _absent(document_type: DocumentType, *, amends: bool) -> list[str]:
    """What the kind has not, by its traits."""
    traits = document_type.traits
    gone = [] if amends else ["reason"]
    if amends:
        gone += ["remark", "document_date", "partner"]
    if not traits.has_validity:
        gone += ["valid_until", "non_binding"]
    if not traits.opens_items:
        gone += ["terms_date"]
    if document_type.family == "commitment":
        gone += ["posting_date"]
    if document_type.ledger_sign >= 0 or not traits.is_invoice:
        gone.append("reason_kind")
    if not traits.has_prices:
        gone += ["price_mode", "currency", "exchange_rate", "rate_date", "rate_source", "payment_term"]
    if document_type.side != "output":
        gone += ["ship_to_address", "bill_to"]
    return gone


@dataclass(slots=True)
class HeaderRead:
    """What the head says, by the names of ``DraftInput``; ``partner_id`` is None where nobody was named."""

    values: dict[str, Any] = field(default_factory=dict)
    partner_id: int | None = None


def read(reader: Reader, document_type: DocumentType, *, partner_id: int | None = None) -> HeaderRead:
    """Reads the head; ``partner_id`` given: the partner stands (an amendment)."""
    side = document_type.side
    found = HeaderRead(partner_id=partner_id or resolve.partner(reader, "partner", side))
    if found.partner_id is None and not any(problem.field == "partner" for problem in reader.problems):
        reader.say("partner-missing", _("Choose a partner: number, name or town."), "partner")
    values: dict[str, Any] = {name: reader.day(name) for name in DAYS}
    values |= {name: reader.text(name, limit, lines=lines) for name, (limit, lines) in TEXTS.items()}
    values |= {
        "bill_to_id": resolve.partner(reader, "bill_to", side),
        "ship_to_address_id": reader.key("ship_to_address", lambda: _("There is no such address.")),
        "payment_term_id": reader.key("payment_term", lambda: _("There are no such payment terms.")),
        "warehouse_id": reader.key("warehouse", lambda: _("There is no such warehouse.")),
        "branch_id": _branch(reader),
        "language": reader.choice("language", Language.values),
        "price_mode": reader.choice("price_mode", [code for code, _label in PRICE_MODES]),
        "currency": reader.choice("currency", CURRENCIES),
        "exchange_rate": _rate(reader),
        "non_binding": reader.flag("non_binding"),
        "reason_kind": reader.choice("reason_kind", ReasonKind.values),
    }
    found.values = values
    return found


def _rate(reader: Reader) -> Any:
    rate = reader.number("exchange_rate", decimals=9, digits=6)
    if rate is not None and rate == ZERO:
        reader.say("too-small", _("The exchange rate must be greater than 0."), "exchange_rate")
        return None
    return rate


def _branch(reader: Reader) -> int | None:
    key = reader.key("branch", lambda: _("There is no such branch."))
    if key is not None and not Branch.objects.filter(pk=key).exists():
        reader.say("branch-unknown", _("There is no such branch."), "branch")
        return None
    return key


def typed_again(reader: Reader) -> dict[str, Any]:
    """The raw texts, for showing them again."""
    flags = {"non_binding"}
    return {name: reader.flag(name) if name in flags else reader.raw(name) for name in HeaderForm.base_fields}
