"""What § 14 (4), § 14a UStG ask of an invoice (compliance A2): a missing field is a block."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.kinds import Relation
from documents.models import Party
from masterdata.countries import has_postal_codes, vat_prefix
from valeo.core.exceptions import Violation


def parties_are_complete(case: Case) -> Iterator[Violation]:
    """Name and address of both (No. 1), our tax number or VAT id (No. 2)."""
    seller, buyer = case.parties.get("seller"), case.parties.get("buyer")
    if seller is None or not (seller.vat_id or seller.tax_number):
        yield Violation("seller-tax-id", _("Our company has neither a tax number nor a VAT ID (§ 14 UStG)."))
    customer = _("the customer")
    lacking = [
        _lacks(seller, _("our company")),
        _lacks(case.parties.get("bill_to") or buyer, customer),
        _lacks(buyer, customer),
    ]
    for text in dict.fromkeys(filter(None, lacking)):
        yield Violation("party-incomplete", text, "partner")


def _lacks(party: Party | None, who: str) -> str:
    """What the address lacks; nothing where it is whole."""
    country = party.country if party else ""
    missing = [
        label
        for label, value in (
            (_("name"), party and party.name),
            (_("city"), party and party.city),
            (_("postal code"), (party and party.postal_code) or (country and not has_postal_codes(country))),
            (_("country"), country),
        )
        if not value
    ]
    if not missing:
        return ""
    return _("The address of %(who)s lacks: %(missing)s.") % {"who": who, "missing": ", ".join(missing)}


def categories_have_their_proof(case: Case) -> Iterator[Violation]:
    """AE and K need the buyer's VAT ID, K and G our own, AE that too across the border (§ 14a (1), BR-AE-02, BR-IC-02)."""
    categories = {group.category for group in case.tax_groups}
    buyer = case.parties.get("buyer")
    seller = case.parties.get("seller")
    if categories & {"AE", "K"} and not (buyer and buyer.vat_id):
        yield Violation("buyer-vat-id", _("This supply needs the customer's VAT ID (§ 14a UStG)."), "partner")
    abroad = buyer is not None and not buyer.vat_id.upper().startswith(vat_prefix(case.company.country))
    ours = {"K", "G", "AE"} if abroad else {"K", "G"}  # a reverse charge at home needs the tax number only
    if categories & ours and not (seller and seller.vat_id):
        yield Violation("seller-vat-id", _("This supply needs our own VAT ID."))
    if "O" in categories and len(categories) > 1:
        yield Violation(
            "category-mix", _("What is not taxable cannot stand on one invoice with taxed lines (BR-O-11).")
        )


def stocked_lines_come_from_deliveries(case: Case) -> Iterator[Violation]:
    """Goods that move stock are invoiced from deliveries only."""
    for line in case.amount_lines:
        if not line.is_stocked:
            continue
        links = case.links_of(line)
        if any(link.relation == Relation.CANCELS for link in links):
            continue  # it takes a credit note back
        if not any(
            registry.get(case.sources[link.source_document_id].kind).traits.moves_stock
            for link in links
            if link.source_document_id in case.sources
        ):
            yield Violation(
                "invoice-without-delivery",
                _("%(article)s is stock-managed: deliver it first, then invoice the delivery.")
                % {"article": line.article_number or line.description},
                "article",
                line.position,
            )


# The date of supply (No. 6) is set at posting where nobody gave one: documents/services/retotal.py.
INVOICE = (parties_are_complete, categories_have_their_proof)
