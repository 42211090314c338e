"""A gross list says what a customer at home pays, our VAT included; who is charged none pays the price without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from documents.services.compose.catalogue import Catalogue
from masterdata.kinds import PriceMode, Side, TaxStatus
from masterdata.models import Article
from masterdata.selectors import reference as references
from masterdata.selectors.prices import FoundPrice, in_mode
from masterdata.selectors.taxes import Facts, TaxQuestion, TaxSituation, determine_taxes
from masterdata.taxing import Dated

ZERO: Final = Decimal(0)
#: whom a gross list is written for
_AT_HOME: Final = [Dated(TaxStatus.CONSUMER, None, None)]


def without_our_vat(catalogue: Catalogue, found: FoundPrice, article: Article, on: date) -> FoundPrice:
    """The price of a gross list as a net one, without the VAT of a sale at home on that day; the same where there is none."""
    if found.price_mode != PriceMode.GROSS or catalogue.type.side != "output":
        return found
    home = catalogue.company.country
    situation = TaxSituation(Side.SALES, catalogue.partner.pk, home, home, home)
    facts = Facts(
        _AT_HOME,
        references.vat_schemes(catalogue.reference),
        references.tax_rules(catalogue.reference, Side.SALES),
    )
    answer = determine_taxes(situation, [TaxQuestion(0, article.tax_class, on)], facts)[0].found
    if answer is None or answer.percent == ZERO:
        return found
    net = in_mode(found.price, found_mode=PriceMode.GROSS, wanted_mode=PriceMode.NET, percent=answer.percent)
    return replace(found, price=net, price_mode=PriceMode.NET, without_vat=answer.percent)
