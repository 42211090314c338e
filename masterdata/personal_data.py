"""What the text fields of the master data hold (contract § 9)."""

from __future__ import annotations

from typing import Final

from masterdata.models import (
    Article,
    ArticleGroup,
    ArticleUnit,
    Carrier,
    ExchangeRate,
    Partner,
    PartnerAddress,
    PartnerBankAccount,
    PartnerContact,
    PartnerGroup,
    PaymentTerm,
    PriceList,
    TaxCode,
    Unit,
    Warehouse,
)  # fmt: skip
from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal

#: partners may be natural persons; their vouchers hold copies that the law keeps
_PARTNER: Final = personal(
    purpose="Whom we trade with",
    basis=Basis.CONTRACT,
    retention=Retention.RELATIONSHIP,
    erase=Erase.PSEUDONYM,
)
_REACH: Final = personal(
    purpose="How to reach a partner",
    basis=Basis.CONTRACT,
    retention=Retention.RELATIONSHIP,
    erase=Erase.CLEAR,
)
_TAX: Final = personal(
    purpose="VAT of supplies and the recapitulative statement",
    basis=Basis.LEGAL_DUTY,
    retention=Retention.BOOKS,
    erase=Erase.RESTRICT,
)
_BANK: Final = personal(
    purpose="Paying and being paid", basis=Basis.CONTRACT, retention=Retention.BOOKS, erase=Erase.RESTRICT
)
_CONTACT: Final = personal(
    purpose="Whom to speak to about an order",
    basis=Basis.LEGITIMATE_INTEREST,
    retention=Retention.RELATIONSHIP,
    erase=Erase.DELETE,
)
_ADDRESS: Final = ("street", "street2", "postal_code", "city", "region")

declare(
    Partner,
    {
        **dict.fromkeys(("name", "name_extra", *_ADDRESS), _PARTNER),
        **dict.fromkeys(("email", "phone", "website", "e_address", "notes", "search_text", "sort_name"), _REACH),
        **dict.fromkeys(("vat_id", "vat_id_check_reference", "tax_number"), _TAX),
        "blocked_reason": _REACH,
        **impersonal(
            "customer_number", "supplier_number", "country", "currency", "incoterm_place", "e_address_scheme",
            "buyer_reference", "own_number_there",
        ),
    },
    # named by its number in the audit; the name is added on screens only
    label_is_personal=False,
)  # fmt: skip
declare(PartnerAddress, {**dict.fromkeys(("name", *_ADDRESS), _PARTNER), **impersonal("country", "gln")})
declare(
    PartnerContact,
    dict.fromkeys(
        ("salutation", "first_name", "last_name", "position", "email", "phone", "mobile"), _CONTACT
    ),
)
declare(PartnerBankAccount, {**dict.fromkeys(("iban", "holder"), _BANK), **impersonal("bic", "bank_name")})
declare(PartnerGroup, impersonal("code", "name"))
declare(Carrier, impersonal("code", "name"))
declare(ExchangeRate, impersonal("currency", "source"))
declare(
    Article,
    impersonal(
        "number", "name_de", "name_en", "description_de", "description_en", "revenue_account", "expense_account",
        "gtin", "notes", "search_text", "sort_name",
    ),
)  # fmt: skip
declare(ArticleGroup, impersonal("code", "name_de", "name_en", "revenue_account", "expense_account"))
declare(ArticleUnit, impersonal("text_de", "text_en", "gtin"))
declare(Unit, impersonal("code", "name_de", "name_en", "symbol_de", "symbol_en"))
declare(PaymentTerm, impersonal("code", "name_de", "name_en", "note_de", "note_en"))
declare(PriceList, impersonal("code", "name", "currency"))
declare(
    TaxCode,
    impersonal(
        "code", "name_de", "name_en", "exemption_code", "exemption_text_de", "exemption_text_en", "return_box",
        "datev_key",
    ),
)  # fmt: skip
declare(Warehouse, impersonal("code", "name", *_ADDRESS, "country"))
