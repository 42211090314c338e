from __future__ import annotations

from masterdata.models.article import Article, ArticleGroup, ArticleUnit
from masterdata.models.code_lists import Carrier, PartnerGroup
from masterdata.models.exchange_rate import ExchangeRate
from masterdata.models.partner import Partner
from masterdata.models.partner_parts import (
    PartnerAddress,
    PartnerBankAccount,
    PartnerContact,
    PartnerTaxStatus,
)
from masterdata.models.price_list import Price, PriceList
from masterdata.models.tax import TaxCode, TaxRate, TaxRule
from masterdata.models.term import PaymentTerm, PaymentTermInstalment
from masterdata.models.unit import Unit
from masterdata.models.warehouse import Warehouse

__all__ = [
    "Article", "ArticleGroup", "ArticleUnit", "Carrier", "ExchangeRate", "Partner", "PartnerAddress",
    "PartnerBankAccount", "PartnerContact", "PartnerGroup", "PartnerTaxStatus", "PaymentTerm",
    "PaymentTermInstalment", "Price", "PriceList", "TaxCode", "TaxRate", "TaxRule", "Unit", "Warehouse",
]  # fmt: skip
