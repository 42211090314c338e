"""The two companies and their looks. Names, numbers and addresses are invented; check digits fit.

Mail addresses end with ``.example`` (RFC 2606), telephone numbers lie in the range that is kept for films.
"""

from __future__ import annotations

from typing import Any, Final

MAIN_CODE: Final = "MAR"
SECOND_CODE: Final = "MSAAT"

MAIN: Final[dict[str, Any]] = {
    "name": "Marschland Agrarhandel GmbH", "street": "Hafenstraße 2", "postal_code": "25813", "city": "Husum",
    "country": "DE", "vat_id": "DE812345673", "tax_number": "15/290/12345",
    "register_entry": "Amtsgericht Flensburg, HRB 99041 FL · Geschäftsführerin: Maren Lorenzen",
    "phone": "+49 40 66969 100", "email": "kontakt@marschland.example", "website": "https://marschland.example",
    "contact_person": "Anke Thomsen", "iban": "DE76217999900001234567", "bic": "MARHDE21XXX",
    "bank_name": "Küstenbank Marsch eG", "e_address": "rechnung@marschland.example", "e_address_scheme": "EM",
}  # fmt: skip
SECOND: Final[dict[str, Any]] = {
    "name": "Marschland Saaten GmbH", "street": "Am Deich 9", "postal_code": "25821", "city": "Bredstedt",
    "country": "DE", "vat_id": "DE812345681", "tax_number": "15/290/12353",
    "register_entry": "Amtsgericht Flensburg, HRB 99042 FL · Geschäftsführerin: Maren Lorenzen",
    "phone": "+49 40 66969 200", "email": "kontakt@marschland-saaten.example",
    "website": "https://marschland-saaten.example", "contact_person": "Malte Jensen",
    "iban": "DE92217999900007654321", "bic": "MARHDE21XXX", "bank_name": "Küstenbank Marsch eG",
    "e_address": "rechnung@marschland-saaten.example", "e_address_scheme": "EM",
}  # fmt: skip
BRANCHES: Final[tuple[dict[str, str], ...]] = (
    {
        "code": "BRE", "name": "Niederlassung Bredstedt", "street": "Am Deich 9", "postal_code": "25821",
        "city": "Bredstedt", "phone": "+49 40 66969 150", "email": "bredstedt@marschland.example",
    },
)  # fmt: skip
WAREHOUSES: Final[tuple[dict[str, Any], ...]] = (
    {
        "code": "HAFEN", "name": "Hafenlager Husum", "street": "Hafenstraße 2", "postal_code": "25813",
        "city": "Husum", "is_default": True,
    },
    {
        "code": "BRED", "name": "Lager Bredstedt", "street": "Am Deich 9", "postal_code": "25821",
        "city": "Bredstedt", "branch": "BRE",
    },
)  # fmt: skip
SECOND_WAREHOUSES: Final[tuple[dict[str, Any], ...]] = (
    {
        "code": "SAAT", "name": "Saatgutlager Bredstedt", "street": "Am Deich 9", "postal_code": "25821",
        "city": "Bredstedt", "is_default": True,
    },
)  # fmt: skip
CARRIERS: Final = (
    ("EIGEN", "Eigener Fuhrpark"), ("NFS", "Nordfriesische Spedition"), ("ABHOL", "Abholung durch den Kunden"),
)  # fmt: skip
BRANDING: Final[dict[str, str]] = {
    "accent": "#1f6f4a",
    "header_text_de": "Saatgut · Dünger · Futtermittel · Getreide",
    "header_text_en": "Seed · fertiliser · feed · grain",
    "footer_text_de": "Es gelten unsere Allgemeinen Lieferbedingungen. Die Ware bleibt bis zur Zahlung unser Eigentum.",
    "footer_text_en": "Our general terms of delivery apply. Goods remain our property until they are paid for.",
}
SECOND_BRANDING: Final[dict[str, str]] = {
    "accent": "#8a5a14",
    "header_text_de": "Saatgut für Marsch und Geest",
    "header_text_en": "Seed for marsh and geest",
}
#: sun and ear of corn above two waves of the marsh
LOGO: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 72" width="96" height="72">
<title>Marschland</title>
<circle cx="34" cy="24" r="14" fill="#e0a526"/>
<path d="M70 46V10" stroke="#1f6f4a" stroke-width="3" fill="none"/>
<path d="M70 18c-8 0-11-6-11-12 8 0 11 5 11 12zM70 18c8 0 11-6 11-12-8 0-11 5-11 12zM70 30c-8 0-11-6-11-12 8 0 11 5 11 12zM70 30c8 0 11-6 11-12-8 0-11 5-11 12z" fill="#e0a526"/>
<path d="M4 42c15-10 29-10 44 0s29 10 44 0v8c-15 10-29 10-44 0s-29-10-44 0z" fill="#1f6f4a"/>
<path d="M4 56c15-10 29-10 44 0s29 10 44 0v8c-15 10-29 10-44 0s-29-10-44 0z" fill="#4f9a74"/>
</svg>
"""
#: a grain that sprouts
SECOND_LOGO: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80" width="80" height="80">
<title>Marschland Saaten</title>
<ellipse cx="40" cy="56" rx="13" ry="18" fill="#8a5a14"/>
<path d="M40 40V10" stroke="#4f7a2b" stroke-width="4" fill="none"/>
<path d="M40 26c-14 0-18-8-18-16 12 0 18 6 18 16zM40 22c12 0 16-8 16-14-10 0-16 5-16 14z" fill="#4f7a2b"/>
</svg>
"""
