"""Snapshots by hand: what the kernel freezes at posting, small enough to be read."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from documents.spec import Paper

INVOICE = Paper("invoice", {"de": "Rechnung", "en": "Invoice"})
CREDIT = Paper("credit", {"de": "Rechnungskorrektur", "en": "Invoice correction"})
QUOTATION = Paper("quotation", {"de": "Angebot", "en": "Quotation"})
CONFIRMATION = Paper("confirmation", {"de": "Auftragsbestätigung", "en": "Order confirmation"})
DELIVERY = Paper(
    "delivery",
    {"de": "Lieferschein", "en": "Delivery note"},
    "documents/paper/delivery.html",
    with_prices=False,
)
DELIVERY_PRICED = Paper(
    "delivery_priced", {"de": "Lieferschein", "en": "Delivery note"}, "documents/paper/delivery.html"
)
PICKING = Paper(
    "picking",
    {"de": "Packliste", "en": "Picking list"},
    "documents/paper/picking.html",
    with_qr=False,
    leaves=False,
)
CODE = "Qm9dK2vX4s8TzL1yWc7RbA"


def round2(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def party(**given: str) -> dict[str, str]:
    names = (
        "name", "name_2", "contact", "phone", "email", "street", "street_2", "postal_code", "city", "region",
        "country", "vat_id", "tax_number", "number", "e_address", "e_scheme",
    )  # fmt: skip
    return {**dict.fromkeys(names, ""), "country": "DE", **given}


SELLER = party(
    name="Marschland Agrarhandel GmbH", street="Hafenstraße 2", postal_code="25813", city="Husum",
    contact="Anke Petersen", phone="+49 4841 8800-12", email="petersen@marschland.example",
    vat_id="DE136695976", tax_number="15/293/01234",
)  # fmt: skip
BUYER = party(
    name="Hof Brodersen GbR", name_2="Jens und Maike Brodersen", street="Deichweg 17", postal_code="25836",
    city="Garding", vat_id="DE811569869", number="10042",
)  # fmt: skip


def line(
    position: int,
    price: str = "375",
    quantity: str = "2.5",
    *,
    rate: str = "7",
    category: str = "S",
    **given: Any,
) -> dict[str, Any]:
    """An item priced per tonne; its amounts follow from quantity and price unless given."""
    amount = round2(
        Decimal(given.get("price_quantity", quantity))
        * Decimal(price)
        / Decimal(given.get("price_base", "1"))
    )
    return {
        "position": position, "line_kind": "item", "article_number": f"A-{position:04d}",
        "description": f"Sommergerste {position}", "detail": "", "quantity": quantity, "unit": "TNE",
        "unit_symbol": "t", "price_quantity": quantity, "price_unit": "TNE", "price_unit_symbol": "t",
        "price_base": "1", "price": price, "gross_amount": str(amount), "net_amount": str(amount),
        "discount_percent": "0", "tax_category": category, "tax_rate": rate, "supply_from": None, "supply_to": None,
        "free_reason": "", "allowances": [], "lots": [], "origin": [], **given,
    }  # fmt: skip


def text_line(position: int, kind: str, description: str) -> dict[str, Any]:
    return {
        **line(position, "0", "0"), "line_kind": kind, "description": description, "article_number": "",
        "net_amount": "0.00", "gross_amount": "0.00", "tax_category": "", "tax_rate": "0",
    }  # fmt: skip


def groups_of(
    lines: list[dict[str, Any]], allowances: list[dict[str, Any]], exemptions: dict[str, str]
) -> list[dict[str, Any]]:
    nets: dict[tuple[str, str], Decimal] = {}
    for row in lines:
        if row["line_kind"] not in ("text", "heading", "subtotal"):
            key = row["tax_category"], row["tax_rate"]
            nets[key] = nets.get(key, Decimal(0)) + Decimal(row["net_amount"])
    for row in allowances:
        sign = 1 if row["is_charge"] else -1
        nets[row["tax_category"], row["tax_rate"]] += sign * Decimal(row["amount"])
    found = []
    for (category, rate), net in sorted(nets.items(), key=lambda item: -Decimal(item[0][1])):
        tax = round2(net * Decimal(rate) / 100)
        found.append({
            "category": category, "rate": rate, "net": str(net), "tax": str(tax), "gross": str(net + tax),
            "exemption_code": "", "exemption_text": exemptions.get(category, ""),
        })  # fmt: skip
    return found


def snapshot(
    lines: list[dict[str, Any]] | None = None,
    *,
    kind: str = "sales_invoice",
    number: str = "INV-2026-00530",
    allowances: list[dict[str, Any]] | None = None,
    parties: dict[str, dict[str, str]] | None = None,
    exemptions: dict[str, str] | None = None,
    instalments: list[dict[str, Any]] | None = None,
    references: list[dict[str, Any]] | None = None,
    **document: Any,
) -> dict[str, Any]:
    rows = lines if lines is not None else [line(1), line(2, "12.5", "40", rate="19")]
    extra = allowances or []
    groups = groups_of(rows, extra, exemptions or {})
    line_total = sum((Decimal(row["net_amount"]) for row in rows), Decimal("0.00"))
    taken = sum((Decimal(row["amount"]) for row in extra if not row["is_charge"]), Decimal("0.00"))
    added = sum((Decimal(row["amount"]) for row in extra if row["is_charge"]), Decimal("0.00"))
    net = line_total - taken + added
    tax = sum((Decimal(group["tax"]) for group in groups), Decimal("0.00"))
    voucher = kind in ("sales_invoice", "credit_note", "delivery_note")
    invoice = kind in ("sales_invoice", "credit_note")
    return {
        "schema": 1, "domain": "sales", "family": "voucher" if voucher else "commitment",
        "document": {
            "uuid": "3f0e5b1c-0a7d-4c1e-9f0a-6a2f1f2e9d11", "kind": kind, "type_code": "380" if invoice else "",
            "number": number, "revision": 1, "reason_kind": "", "outcome": "", "language": "de", "currency": "EUR",
            "exchange_rate": "1", "price_mode": "net", "document_date": "2026-11-24", "supply_from": "2026-11-12",
            "supply_to": "2026-11-12", "valid_until": None, "terms_date": "2026-11-24", "posting_date": "2026-11-24",
            "non_binding": False, "buyer_reference": "", "partner_reference": "B-4711", "carrier": "",
            "incoterm": "", "header_text": "", "footer_text": "",
            "terms_text": "14 Tage 2 % Skonto, 30 Tage netto" if invoice else "", **document,
        },
        "parties": {"seller": SELLER, "buyer": BUYER, "bill_to": BUYER, "ship_to": BUYER, **(parties or {})},
        "lines": rows, "allowances": extra, "tax_groups": groups,
        "instalments": instalments if instalments is not None else [instalment(net + tax)] if invoice else [],
        "totals": {
            "lines": str(line_total), "allowances": str(taken), "charges": str(added), "net": str(net),
            "tax": str(tax), "gross": str(net + tax), "prepaid": "0.00", "rounding": "0.00",
            "payable": str(net + tax),
        },
        "references": references or [],
        "issuer": {
            "company_uuid": "0b6f1c9a-6d6e-4d68-8b53-6a1f7d1c0001", "name": "Marschland Agrarhandel GmbH",
            "legal_text": "", "bank": [{"bank": "Nordseebank Husum", "iban": "DE02120300000000202051", "bic": "BYLADEM1001"}],
            "tax_number": "15/293/01234", "vat_id": "DE136695976", "register": "HRB 4711 FL, Amtsgericht Flensburg",
            "managing": "Inken Thomsen", "phone": "+49 4841 8800-0", "email": "info@marschland.example",
            "website": "www.marschland.example",
        },
        "branding": {
            "accent": "#0f766e", "logo": None, "header": "Getreide · Saatgut · Düngemittel\nHafenstraße 2, 25813 Husum",
            "footer": "Es gelten unsere Allgemeinen Geschäftsbedingungen.",
        },
        "verify": {"url": f"https://erp.marschland.example/verify/sales/{number}/{CODE}", "code": CODE},
        "papers": ["invoice"], "template_version": "1",
    }  # fmt: skip


def instalment(amount: Decimal, position: int = 1) -> dict[str, Any]:
    return {
        "position": position, "due": "2026-12-24", "share": "100", "amount": str(amount), "skonto_days": 14,
        "skonto_until": "2026-12-08", "skonto_percent": "2", "skonto_base": str(amount),
    }  # fmt: skip


def allowance(
    amount: str, reason: str, *, rate: str = "7", charge: bool = False, **given: Any
) -> dict[str, Any]:
    return {
        "entry": 1, "is_charge": charge, "percent": None, "base": None, "amount": amount, "reason": reason,
        "tax_category": "S", "tax_rate": rate, **given,
    }  # fmt: skip


def full_invoice() -> dict[str, Any]:
    """Everything at once: sacks priced per tonne, origins, lots, discounts, freight, text lines, two rates."""
    origin = {"kind": "delivery_note", "number": "DL-2026-00311", "date": "2026-11-12", "position": 2}
    lines = [
        text_line(1, "heading", "Saatgut"),
        line(2, "375", "40", price_quantity="1.000", unit_symbol="Sack", unit="SA", description="Winterweizen Asory Z",
             detail="gebeizt, Keimfähigkeit 96 %", origin=[origin],
             lots=[{"lot": "L-2026-07", "stock_quantity": "1", "unit_symbol": "t"}]),
        line(3, "28.5", "12", rate="19", unit_symbol="Kanister", price_unit_symbol="Kanister",
             description="Beize Rubin Plus 10 l", gross_amount="342.00", net_amount="331.74",
             allowances=[{"is_charge": False, "percent": "3", "base": "342.00", "amount": "10.26", "reason": "Rabatt"}],
             origin=[{**origin, "number": "DL-2026-00318", "date": "2026-11-19", "position": 1}],
             supply_from="2026-11-19", supply_to="2026-11-19"),
        text_line(4, "subtotal", ""),
        text_line(5, "heading", "Leistungen"),
        line(6, "85", "3.5", rate="19", line_kind="service", unit_symbol="h", price_unit_symbol="h",
             description="Reinigung und Trocknung", article_number="S-0007"),
        line(7, "0", "1", rate="19", unit_symbol="Stk", price_unit_symbol="Stk", description="Probesack Senf",
             free_reason="sample"),
        text_line(8, "text", "Rücknahme leerer Kanister jeden Mittwoch."),
    ]  # fmt: skip
    return snapshot(
        lines,
        allowances=[
            allowance("11.25", "Treuerabatt", percent="3", base="375.00"),
            allowance("18.88", "Treuerabatt", percent="3", base="629.24", rate="19"),
            allowance("14.92", "Fracht", charge=True), allowance("25.08", "Fracht", charge=True, rate="19"),
        ],
        parties={"ship_to": party(name="Hof Brodersen GbR", street="Lager Tating, Dorfstraße 3", postal_code="25881", city="Tating")},
        header_text="Guten Tag Frau Brodersen,\nwir berechnen Ihnen wie folgt:",
        footer_text="Vielen Dank für Ihren Auftrag.",
        buyer_reference="Az. 12-B",
    )  # fmt: skip


def long_invoice(count: int = 60) -> dict[str, Any]:
    return snapshot(
        [line(n, f"{300 + n}.{n % 10}7", "1.25", rate="7" if n % 3 else "19") for n in range(1, count + 1)]
    )
