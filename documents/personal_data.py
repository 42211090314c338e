"""What documents hold about people (contract § 9): vouchers are kept by law, so an erasure restricts."""

from __future__ import annotations

from documents.models import AllowanceCharge, Document, Line, LineLot, Party, Remark, Revision, TaxGroup
from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal

_ON_VOUCHER = personal(
    purpose="Party, contact or words of a voucher that the law asks for and asks to keep (§ 14 UStG, § 147 AO)",
    basis=Basis.LEGAL_DUTY,
    retention=Retention.VOUCHERS,
    erase=Erase.RESTRICT,
)
_REMARK = personal(
    purpose="What colleagues noted about a document",
    basis=Basis.LEGITIMATE_INTEREST,
    retention=Retention.LETTERS,
    erase=Erase.CLEAR,
)

declare(
    Document,
    {
        **dict.fromkeys(
            (
                "buyer_reference", "partner_reference", "carrier", "header_text", "footer_text", "outcome_reason",
                "search_text",
            ),
            _ON_VOUCHER,
        ),
        **impersonal(
            "number", "type_code", "currency", "language", "rate_source", "terms_text", "incoterm", "content_hash"
        ),
    },
    label_is_personal=False,
)  # fmt: skip
declare(
    Line,
    {
        **dict.fromkeys(("description", "detail", "closed_reason"), _ON_VOUCHER),
        **impersonal(
            "account", "article_number", "cost_center", "price_source", "price_unit", "stock_unit", "tax_category",
            "tax_source", "unit",
        ),
    },
    label_is_personal=False,
)  # fmt: skip
declare(LineLot, impersonal("lot"))
declare(
    AllowanceCharge,
    {"reason": _ON_VOUCHER, **impersonal("reason_code", "tax_category")},
    label_is_personal=False,
)
declare(TaxGroup, impersonal("category", "exemption_code", "exemption_text"))
declare(
    Party,
    {
        **dict.fromkeys(
            (
                "name", "name_2", "contact", "phone", "email", "street", "street_2", "postal_code", "city", "region",
                "vat_id", "vat_check_reference", "tax_number", "number", "e_address",
            ),
            _ON_VOUCHER,
        ),
        **impersonal("country", "e_scheme"),
    },
)  # fmt: skip
declare(
    Revision,
    {
        **dict.fromkeys(("content", "proposal", "reason"), _ON_VOUCHER),
        **impersonal("content_hash", "verify_code"),
    },
    label_is_personal=False,
)
declare(Remark, {"text": _REMARK})
