"""Identifiers by their check digits, and what makes sense together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from stdnum import bic as bic_number
from stdnum import ean
from stdnum import iban as iban_number
from stdnum.de import leitweg, stnr
from stdnum.eu import vat as eu_vat

from masterdata.countries import EU, vat_prefix
from masterdata.kinds import InvoiceFormat, LegalForm
from masterdata.models import Article, Partner, PartnerAddress, PartnerBankAccount
from valeo.core.exceptions import Violation

#: prefixes of VAT IDs whose form is known (Directive 2006/112/EC, Art. 215)
_EU_PREFIXES = frozenset(vat_prefix(country) for country in EU)
_OTHER_VAT_ID = re.compile(r"[A-Z]{2,3}[A-Z0-9]{2,13}")
_SCHEME = re.compile(r"\d{4}|EM|A[NQSU]")


def tidy_partner(partner: Partner) -> None:
    """Identifiers in the form in which they are compared."""
    partner.vat_id = re.sub(r"[\s.\-/]", "", partner.vat_id).upper()
    partner.country = partner.country.upper()
    partner.currency = partner.currency.upper()
    partner.e_address_scheme = partner.e_address_scheme.upper()


def partner_violations(partner: Partner) -> Iterator[Violation]:
    """VAT ID, tax number, Leitweg-ID and electronic address of a partner."""
    if partner.vat_id and not vat_id_is_well_formed(partner.vat_id):
        yield Violation("vat-id-invalid", _("The VAT ID is wrong: form or check digits don't fit."), "vat_id")
    if partner.tax_number and partner.country == "DE" and not stnr.is_valid(partner.tax_number):
        yield Violation(
            "tax-number-invalid", _("This is no German tax number, as in 12/345/67890."), "tax_number"
        )
    public = partner.legal_form == LegalForm.PUBLIC and partner.country == "DE"
    if partner.buyer_reference and public and not leitweg.is_valid(partner.buyer_reference):
        yield Violation(
            "leitweg-id-invalid", _("The Leitweg-ID is wrong: its check digits don't fit."), "buyer_reference"
        )
    yield from _e_address_violations(partner)
    if partner.incoterm_place and not partner.incoterm:
        yield Violation("incoterm-missing", _("A place without an Incoterm."), "incoterm")


def _e_address_violations(partner: Partner) -> Iterator[Violation]:
    if bool(partner.e_address) != bool(partner.e_address_scheme):
        field = "e_address_scheme" if partner.e_address else "e_address"
        yield Violation("e-address-incomplete", _("Address and scheme belong together."), field)
    elif partner.e_address_scheme and not _SCHEME.fullmatch(partner.e_address_scheme):
        yield Violation(
            "e-address-scheme", _("A code of the EAS list, as in EM or 9930."), "e_address_scheme"
        )
    elif partner.e_address_scheme == "EM" and "@" not in partner.e_address:
        yield Violation("e-address-invalid", _("With the scheme EM this is an e-mail address."), "e_address")
    if partner.invoice_format == InvoiceFormat.PEPPOL and not partner.e_address:
        yield Violation("e-address-missing", _("Peppol needs an electronic address."), "e_address")


def vat_id_is_well_formed(vat_id: str) -> bool:
    """Check digits for the EU, the mere form for other countries."""
    if vat_id[:2] in _EU_PREFIXES:
        return bool(eu_vat.is_valid(vat_id))
    return _OTHER_VAT_ID.fullmatch(vat_id) is not None


def tidy_bank_account(account: PartnerBankAccount) -> None:
    account.iban = re.sub(r"\s", "", account.iban).upper()
    account.bic = re.sub(r"\s", "", account.bic).upper()


def bank_account_violations(account: PartnerBankAccount) -> Iterator[Violation]:
    """IBAN (ISO 13616) and BIC (ISO 9362)."""
    if account.iban and not iban_number.is_valid(account.iban):
        yield Violation("iban-invalid", _("The IBAN is wrong: its check digits don't fit."), "iban")
    if account.bic and not bic_number.is_valid(account.bic):
        yield Violation("bic-invalid", _("The BIC is wrong: 8 or 11 letters and digits."), "bic")


def address_violations(address: PartnerAddress) -> Iterator[Violation]:
    if address.gln and not (len(address.gln) == 13 and ean.is_valid(address.gln)):
        yield Violation("gln-invalid", _("The GLN is wrong: 13 digits whose check digit fits."), "gln")
    if not address.street and not address.city:
        yield Violation("address-empty", _("An address needs a street or a city."), "street")


def gtin_violations(gtin: str, field: str = "gtin") -> Iterator[Violation]:
    """GTIN-8, -12, -13 or -14."""
    if gtin and not ean.is_valid(gtin):
        yield Violation("gtin-invalid", _("The barcode is wrong: its check digit doesn't fit."), field)


def article_violations(article: Article) -> Iterator[Violation]:
    yield from gtin_violations(article.gtin)
