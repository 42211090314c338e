"""The words of the papers. Apart from the screens' catalogues: a paper's words belong to its template version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("de", "en")

_DE: Final[dict[str, str]] = {
    "number": "Nummer", "date": "Datum", "invoice_number": "Rechnungsnummer", "invoice_date": "Rechnungsdatum",
    "correction_number": "Belegnummer", "correction_date": "Belegdatum",
    "draft_number": "noch ohne Nummer", "revision": "Fassung", "second_copy": "Zweitschrift",
    "customer_number": "Kundennummer", "supplier_number": "Lieferantennummer", "your_reference": "Ihr Zeichen",
    "your_order": "Ihre Bestellung", "contact": "Ansprechpartner", "phone": "Telefon", "email": "E-Mail",
    "your_vat_id": "Ihre USt-IdNr.", "supply_date": "Leistungsdatum", "supply_period": "Leistungszeitraum",
    "delivery_date": "Lieferdatum", "delivery_period": "Lieferzeitraum",
    "planned_date": "Liefertermin", "planned_period": "Lieferzeitraum", "valid_until": "Gültig bis",
    "carrier": "Versand durch", "incoterm": "Lieferbedingung", "terms_date": "Valuta",
    "exchange_rate": "Umrechnungskurs",
    "ship_to": "Lieferanschrift", "bill_to": "Rechnungsanschrift", "buyer": "Leistungsempfänger",
    "customer": "Kunde", "full_address": "Vollständige Anschrift",
    "position": "Pos.", "article": "Bezeichnung", "quantity": "Menge", "price": "Preis", "tax": "USt",
    "amount": "Betrag {currency}", "done": "Erledigt", "per": "je {base} {unit}",
    "article_number": "Art.-Nr.", "lot": "Charge {lot}: {quantity} {unit}",
    "line_supply": "Leistungsdatum {date}", "line_supply_period": "Leistungszeitraum {start} bis {end}",
    "line_gross": "Positionswert {amount}", "allowance": "Abzug", "charge": "Zuschlag",
    "allowance_percent": "{reason} {percent} auf {base}", "subtotal": "Zwischensumme",
    "origin": "aus {kind} {number} vom {date}", "origin_position": ", Pos. {position}",
    "free_sample": "Muster, ohne Berechnung", "free_replacement": "Ersatz, ohne Berechnung",
    "free_bonus": "Naturalrabatt, ohne Berechnung",
    "carry": "Übertrag", "page": "Seite", "of": "von",
    "sum_lines": "Summe Positionen", "sum_lines_gross": "Summe Positionen einschließlich USt",
    "at_rate": "({rate} USt)", "net_total": "Nettobetrag", "total": "Gesamtbetrag",
    "tax_total": "Umsatzsteuer", "prepaid": "bereits gezahlt", "rounding": "Rundung", "payable": "Zahlbetrag",
    "in_your_favour": "Betrag zu Ihren Gunsten",
    "vat": "Umsatzsteuer", "rate": "Steuersatz", "net": "Netto", "vat_amount": "USt", "gross": "Brutto",
    "vat_included": "Im Betrag enthaltene Umsatzsteuer", "vat_in_company": "Umsatzsteuer in {currency}: {amount}",
    "due_once": "Zahlbar bis {date} ohne Abzug.", "due_part": "{amount} zahlbar bis {date} ohne Abzug.",
    "skonto": "Bei Zahlung bis {date} gewähren wir {percent} Skonto auf {base}: {skonto}; zu zahlen sind dann {rest}.",
    "purpose": "Verwendungszweck: {number}", "terms": "Zahlungsbedingungen",
    "non_binding": "Dieses Angebot ist freibleibend.",
    "cancels": "Hebt {kind} {number} vom {date} vollständig auf.",
    "corrects": "Berichtigt {kind} {number} vom {date}.", "replaces": "Ersetzt {kind} {number} vom {date}.",
    "bank": "Bankverbindung", "tax_number": "Steuernummer {value}", "vat_id": "USt-IdNr. {value}",
    "phone_line": "Telefon {value}", "iban": "IBAN {value}", "bic": "BIC {value}", "managing": "Geschäftsführung: {value}",
    "verify": "Echtheit prüfen", "verify_how": "QR-Code scannen oder {host}/verify/ öffnen.", "verify_code": "Code: {code}",
    "draft": "ENTWURF", "received": "Ware vollständig und in ordnungsgemäßem Zustand erhalten",
    "place_date": "Ort, Datum", "signature": "Unterschrift, Name in Druckschrift",
    "picked": "Kommissioniert am / von", "logo": "Logo", "qr": "QR-Code zur Prüfung der Echtheit",
    "AE": "Steuerschuldnerschaft des Leistungsempfängers",
    "AE_law": "Steuerschuldnerschaft des Leistungsempfängers",  # § 14a (5) UStG asks for these very words
    "K": "Steuerfreie innergemeinschaftliche Lieferung (§ 4 Nr. 1 Buchst. b, § 6a UStG)",
    "G": "Steuerfreie Ausfuhrlieferung (§ 4 Nr. 1 Buchst. a, § 6 UStG)",
    "O": "Nicht steuerbar", "E": "Steuerfreier Umsatz", "Z": "",
}  # fmt: skip

_EN: Final[dict[str, str]] = {
    "number": "Number", "date": "Date", "invoice_number": "Invoice number", "invoice_date": "Invoice date",
    "correction_number": "Document number", "correction_date": "Document date",
    "draft_number": "no number yet", "revision": "Revision", "second_copy": "Second copy",
    "customer_number": "Customer number", "supplier_number": "Supplier number", "your_reference": "Your reference",
    "your_order": "Your order", "contact": "Contact", "phone": "Phone", "email": "E-mail",
    "your_vat_id": "Your VAT ID", "supply_date": "Date of supply", "supply_period": "Period of supply",
    "delivery_date": "Delivery date", "delivery_period": "Delivery period",
    "planned_date": "Delivery planned", "planned_period": "Delivery planned", "valid_until": "Valid until",
    "carrier": "Carrier", "incoterm": "Terms of delivery", "terms_date": "Value date",
    "exchange_rate": "Exchange rate",
    "ship_to": "Deliver to", "bill_to": "Invoice to", "buyer": "Recipient of the supply",
    "customer": "Customer", "full_address": "Full address",
    "position": "Item", "article": "Description", "quantity": "Quantity", "price": "Price", "tax": "VAT",
    "amount": "Amount {currency}", "done": "Done", "per": "per {base} {unit}",
    "article_number": "Article", "lot": "Lot {lot}: {quantity} {unit}",
    "line_supply": "Date of supply {date}", "line_supply_period": "Period of supply {start} to {end}",
    "line_gross": "Line value {amount}", "allowance": "Allowance", "charge": "Charge",
    "allowance_percent": "{reason} {percent} of {base}", "subtotal": "Subtotal",
    "origin": "from {kind} {number} of {date}", "origin_position": ", item {position}",
    "free_sample": "Sample, free of charge", "free_replacement": "Replacement, free of charge",
    "free_bonus": "Bonus goods, free of charge",
    "carry": "Carried forward", "page": "Page", "of": "of",
    "sum_lines": "Sum of items", "sum_lines_gross": "Sum of items including VAT",
    "at_rate": "({rate} VAT)", "net_total": "Net amount", "total": "Total amount",
    "tax_total": "VAT", "prepaid": "already paid", "rounding": "Rounding", "payable": "Amount due",
    "in_your_favour": "Amount in your favour",
    "vat": "VAT", "rate": "VAT rate", "net": "Net", "vat_amount": "VAT", "gross": "Gross",
    "vat_included": "VAT included in the amount", "vat_in_company": "VAT in {currency}: {amount}",
    "due_once": "Payable by {date} without deduction.", "due_part": "{amount} payable by {date} without deduction.",
    "skonto": "If paid by {date}, {percent} cash discount on {base}: {skonto}; {rest} is then to be paid.",
    "purpose": "Payment reference: {number}", "terms": "Terms of payment",
    "non_binding": "This quotation is non-binding.",
    "cancels": "Cancels {kind} {number} of {date} in full.",
    "corrects": "Corrects {kind} {number} of {date}.", "replaces": "Replaces {kind} {number} of {date}.",
    "bank": "Bank details", "tax_number": "Tax number {value}", "vat_id": "VAT ID {value}",
    "phone_line": "Phone {value}", "iban": "IBAN {value}", "bic": "BIC {value}", "managing": "Managing directors: {value}",
    "verify": "Check that it is genuine", "verify_how": "Scan the QR code or open {host}/verify/.",
    "verify_code": "Code: {code}",
    "draft": "DRAFT", "received": "Goods received complete and in good order",
    "place_date": "Place, date", "signature": "Signature, name in block letters",
    "picked": "Picked on / by", "logo": "Logo", "qr": "QR code to check that the document is genuine",
    "AE": "Reverse charge: VAT is due from the recipient of the supply",
    "AE_law": "Reverse charge",  # Art. 226 (11a) Directive 2006/112/EC
    "K": "VAT-exempt intra-community supply (Art. 138 Directive 2006/112/EC)",
    "G": "VAT-exempt export (Art. 146 Directive 2006/112/EC)",
    "O": "Outside the scope of VAT", "E": "Exempt from VAT", "Z": "",
}  # fmt: skip

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {"de": _DE, "en": _EN}

#: what another document is called in a line's origin or a reference
KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "quotation": "Angebot", "sales_order": "Auftrag", "delivery_note": "Lieferschein",
        "sales_invoice": "Rechnung", "credit_note": "Rechnungskorrektur", "purchase_request": "Bedarfsanforderung",
        "purchase_order": "Bestellung", "goods_receipt": "Wareneingang", "supplier_invoice": "Eingangsrechnung",
        "supplier_credit_note": "Rechnungskorrektur des Lieferanten", "self_billed_invoice": "Gutschrift",
    },
    "en": {
        "quotation": "quotation", "sales_order": "order", "delivery_note": "delivery note",
        "sales_invoice": "invoice", "credit_note": "credit note", "purchase_request": "purchase request",
        "purchase_order": "purchase order", "goods_receipt": "goods receipt", "supplier_invoice": "supplier invoice",
        "supplier_credit_note": "supplier credit note", "self_billed_invoice": "self-billed invoice",
    },
}  # fmt: skip

#: titles by reason kind; the word "Gutschrift" is kept for self-billing (UStAE 14.3(2), compliance A4)
REASON_TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "storno": {"de": "Stornorechnung", "en": "Cancellation invoice"},
    "quantity": {"de": "Rechnungskorrektur", "en": "Invoice correction"},
    "price": {"de": "Rechnungskorrektur", "en": "Invoice correction"},
    "bonus": {"de": "Rechnungskorrektur", "en": "Invoice correction"},
}

#: titles of papers whose quantities are all negative
RETURN_TITLES: Final[Mapping[str, str]] = {"de": "Rücklieferschein", "en": "Return delivery note"}


def language_of(code: str) -> str:
    """A language that papers exist in; what has none gets English."""
    short = code[:2].lower()
    return short if short in LANGUAGES else "en"


def kind_name(kind: str, language: str) -> str:
    return KINDS[language].get(kind, kind.replace("_", " "))
