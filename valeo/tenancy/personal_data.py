"""What the tenancy models hold about people (contract § 9)."""

from __future__ import annotations

from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal
from valeo.tenancy.models import (
    Branch,
    Branding,
    Company,
    CompanyVatScheme,
    FiscalYear,
    Logo,
    Membership,
    Period,
    RoleGroup,
    User,
)

_ACCOUNT = personal(
    purpose="Signing in and telling who did what",
    basis=Basis.CONTRACT,
    retention=Retention.RELATIONSHIP,
    erase=Erase.PSEUDONYM,
)
_ACCOUNT_ONLY = personal(
    purpose="Reaching the user", basis=Basis.CONTRACT, retention=Retention.RELATIONSHIP, erase=Erase.CLEAR
)
_CONTACT = personal(
    purpose="Contact person printed on documents",
    basis=Basis.LEGITIMATE_INTEREST,
    retention=Retention.RELATIONSHIP,
    erase=Erase.CLEAR,
)

declare(
    User,
    {
        "username": _ACCOUNT,
        "full_name": _ACCOUNT,
        "email": _ACCOUNT_ONLY,
        "password": _ACCOUNT_ONLY,
        **impersonal("language", "theme", "is_active"),
    },
)
declare(
    Company,
    {
        "contact_person": _CONTACT,
        "phone": _CONTACT,
        "email": _CONTACT,
        # a sole trader's company is a person too, but what stands here is printed on every invoice by law
        **impersonal(
            "code", "name", "legal_name", "street", "street2", "postal_code", "city", "country", "vat_id", "tax_number",
            "register_entry", "website", "iban", "bic", "bank_name", "e_address", "e_address_scheme", "currency",
            "time_zone", "public_base_url", "language", "four_eyes",
        ),
    },
    label_is_personal=False,
)  # fmt: skip
declare(
    Branch,
    {
        "phone": _CONTACT,
        "email": _CONTACT,
        **impersonal("code", "name", "street", "street2", "postal_code", "city", "country"),
    },
    label_is_personal=False,
)
declare(CompanyVatScheme, impersonal("scheme"))
declare(FiscalYear, impersonal("label"))
declare(Period, impersonal("state"))
declare(Logo, impersonal("content", "mime_type", "sha256"))
declare(
    Branding,
    impersonal(
        "accent",
        "logo",
        "header_text_de",
        "header_text_en",
        "footer_text_de",
        "footer_text_en",
        "bank_lines",
        "tax_lines",
    ),
)
declare(RoleGroup, impersonal("code", "name"))
declare(Membership, impersonal("roles", "scopes", "role_codes"), label_is_personal=True)
