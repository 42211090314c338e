"""The papers that a person should have looked at: name -> snapshot, paper, arguments."""

from __future__ import annotations

from typing import Any

from tests.documents.printing import snapshots as s

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60" viewBox="0 0 240 60">'
    b'<rect width="60" height="60" rx="8" fill="#0f766e"/><path d="M15 45 30 12l15 33z" fill="#fff"/>'
    b'<rect x="72" y="20" width="160" height="20" fill="#0f766e"/></svg>'
)


def storno() -> dict[str, Any]:
    return s.snapshot(
        kind="credit_note", number="CN-2026-00014", type_code="384", reason_kind="storno",
        references=[{"relation": "cancels", "kind": "sales_invoice", "number": "INV-2026-00471", "date": "2026-10-19"}],
    )  # fmt: skip


def reverse_charge() -> dict[str, Any]:
    return s.snapshot(
        [s.line(1, rate="0", category="AE"), s.line(2, rate="0", category="AE")],
        parties={
            role: s.party(
                name="Getreidehandel Alpenblick GmbH", street="Salzstraße 4", postal_code="5020", city="Salzburg",
                country="AT", vat_id="ATU37675002", number="10077",
            )
            for role in ("buyer", "bill_to", "ship_to")
        },
        exemptions={"AE": "Steuerschuldnerschaft des Leistungsempfängers"},
    )  # fmt: skip


def order() -> dict[str, Any]:
    return s.snapshot(
        [s.line(1, "372.5", "25"), s.line(2, "410", "12")], kind="sales_order", number="SO-2026-00412", revision=2,
        supply_from="2026-12-01", supply_to="2026-12-05", incoterm="CPT Garding", carrier="Spedition Nordfriesland",
        terms_text="30 Tage netto",
    )  # fmt: skip


def quotation() -> dict[str, Any]:
    return s.snapshot(
        kind="quotation", number="QUO-2026-00088", valid_until="2026-12-15", non_binding=True,
        allowances=[s.allowance("28.13", "Rabatt", percent="3", base="937.50")],
        header_text="Sehr geehrter Herr Brodersen,\n\nvielen Dank für Ihre Anfrage. Wir bieten Ihnen an:",
    )  # fmt: skip


def delivery() -> dict[str, Any]:
    origin = {"kind": "sales_order", "number": "SO-2026-00412", "date": "2026-11-02", "position": 1}
    lots = [
        {"lot": "L-26-07", "stock_quantity": "20", "unit_symbol": "t"},
        {"lot": "L-26-09", "stock_quantity": "6", "unit_symbol": "t"},
    ]
    return s.snapshot(
        [s.line(1, quantity="26", origin=[origin], lots=lots), s.line(2, quantity="6", origin=[{**origin, "position": 2}])],
        kind="delivery_note", number="DL-2026-00311",
        parties={"ship_to": s.party(name="Hof Brodersen GbR", street="Dorfstraße 3", postal_code="25881", city="Tating")},
    )  # fmt: skip


def american() -> dict[str, Any]:
    buyer = s.party(
        name="Prairie Seed Co.", street="1200 Elevator Rd", city="Fargo", region="ND", postal_code="58102",
        country="US", number="10099",
    )  # fmt: skip
    return s.snapshot(
        [s.line(1, "1375.5", rate="0", category="G", description="Spring barley seed")], currency="USD", language="en",
        parties=dict.fromkeys(("buyer", "bill_to", "ship_to"), buyer), company_currency="EUR",
        terms_text="30 days net",
    )  # fmt: skip


def consumer() -> dict[str, Any]:
    """Gross price mode: 40.00 with 19 % inside."""
    made = s.snapshot(
        [s.line(1, "40", "1", rate="19", gross_amount="40.00", net_amount="33.61")], price_mode="gross"
    )
    made["tax_groups"] = [{**made["tax_groups"][0], "net": "33.61", "tax": "6.39", "gross": "40.00"}]
    made["totals"].update(net="33.61", tax="6.39", gross="40.00", payable="40.00")
    made["instalments"] = []
    return made


def hostile() -> dict[str, Any]:
    return s.snapshot(
        [
            s.line(
                1, description="<script>alert(1)</script><img src=file:///etc/passwd> {{ 7|add:7 }} &amp;"
            ),
            s.line(2, description="x" * 400, detail="Wort" * 200),
            s.line(
                3,
                description="שלום עולם · مرحبا بالعالم · 🌾🚜 · Жито · Ρύζι · 小麦 \u202e321\u202c \x00\x07",
            ),
            s.line(
                4, description="a\r\nb", detail="1\n2\n3", quantity="123456789.123456", price="0.000000001"
            ),
        ]
    )


def scenes() -> dict[str, tuple[dict[str, Any], Any, dict[str, Any]]]:
    logo = s.full_invoice()
    logo["branding"]["logo"] = {"sha256": "0" * 64, "mime": "image/svg+xml"}
    english = s.full_invoice()
    return {
        "full": (logo, s.INVOICE, {"logo": LOGO}),
        "full_en_copy": (english, s.INVOICE, {"lang": "en", "second_copy": True}),
        "long": (s.long_invoice(60), s.INVOICE, {}),
        "delivery": (delivery(), s.DELIVERY, {}),
        "delivery_priced": (delivery(), s.DELIVERY_PRICED, {}),
        "picking": (delivery(), s.PICKING, {}),
        "order": (order(), s.CONFIRMATION, {}),
        "quotation": (quotation(), s.QUOTATION, {}),
        "draft": (quotation(), s.QUOTATION, {"draft": True}),
        "storno": (storno(), s.CREDIT, {}),
        "reverse": (reverse_charge(), s.INVOICE, {}),
        "letter": (american(), s.INVOICE, {"lang": "en", "size": "Letter"}),
        "consumer": (consumer(), s.INVOICE, {}),
        "hostile": (hostile(), s.INVOICE, {}),
        "many": (s.long_invoice(200), s.INVOICE, {}),
    }
