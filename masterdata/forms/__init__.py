from __future__ import annotations

from masterdata.forms.articles import ArticleForm, ArticleUnitFormSet
from masterdata.forms.partners import (
    AddressForm,
    BankAccountForm,
    BlockForm,
    ContactForm,
    PartnerForm,
    TaxStatusFormSet,
)  # fmt: skip
from masterdata.forms.prices import PriceForm, PriceListForm
from masterdata.forms.terms import TermForm, TermPartFormSet

__all__ = [
    "AddressForm", "ArticleForm", "ArticleUnitFormSet", "BankAccountForm", "BlockForm", "ContactForm", "PartnerForm",
    "PriceForm", "PriceListForm", "TaxStatusFormSet", "TermForm", "TermPartFormSet",
]  # fmt: skip
