"""Prices by their rules: the partner's list, then his group's, then the article's own (contract § 3)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from django.utils.translation import gettext as _

from masterdata.kinds import PriceMode, Side
from masterdata.rounding import NANO, round_to
from valeo.core.components import formats
from valeo.core.prepared import prepared
from valeo.tenancy.scope import current_company_id

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """A line that needs a price: ``stock_quantity`` (in the article's stock unit) decides the quantity break."""

    key: Hashable
    article_id: int
    stock_quantity: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class FoundPrice:
    """``price`` per ``price_base`` units, and where it comes from. ``source``: partner, group or article."""

    price: Decimal
    price_base: Decimal
    unit_id: int
    unit_symbol_de: str
    unit_symbol_en: str
    price_mode: str
    currency: str
    source: str
    list_code: str = ""
    list_name: str = ""
    for_article_group: bool = False
    from_quantity: Decimal = Decimal(0)
    valid_from: date | None = None
    valid_to: date | None = None
    without_vat: Decimal | None = None  # percent of our VAT that was taken out of a gross price

    def reason(self) -> str:
        """Why this price, in the active language."""
        if self.source == "article":
            return _("List price of the article")
        pattern = (
            _("Group's price list %(code)s %(name)s")
            if self.source == "group"
            else _("Price list %(code)s %(name)s")
        )
        pieces = [pattern % {"code": self.list_code, "name": self.list_name}]
        if self.for_article_group:
            pieces.append(_("price of the article group"))
        if self.from_quantity:
            symbol = (
                self.unit_symbol_en
                if formats.current().locale == formats.LOCALES["en"]
                else self.unit_symbol_de
            )
            pieces.append(
                _("from %(quantity)s %(unit)s on")
                % {"quantity": formats.quantity(self.from_quantity), "unit": symbol}
            )
        if self.valid_from:
            pieces.append(_("valid from %(day)s") % {"day": formats.day(self.valid_from)})
        if self.valid_to:
            pieces.append(_("valid to %(day)s") % {"day": formats.day(self.valid_to)})
        if self.without_vat:
            pieces.append(
                _("gross price without %(percent)s VAT") % {"percent": formats.percent(self.without_vat)}
            )
        return ", ".join(pieces)


# One statement for all lines: the article with its own price and all prices of the two lists that could apply.
# ``factor`` is stock units per price unit: the article's own, else the physical one; NULL where neither is known.
_SQL = """
SELECT a.id, a.list_price, a.price_base, a.price_unit_id, au.symbol_de, au.symbol_en, c.currency,
       p.price, p.price_base, p.unit_id, pu.symbol_de, pu.symbol_en, l.price_mode, l.currency, l.code, l.name,
       l.id = g.price_list_id AND l.id IS DISTINCT FROM
           CASE WHEN %(side)s = 'sales' THEN b.price_list_id ELSE b.purchase_price_list_id END,
       p.article_id IS NULL, p.from_quantity,
       greatest(p.valid_from, l.valid_from), least(p.valid_to, l.valid_to), p.id,
       CASE WHEN p.unit_id = a.stock_unit_id THEN 1
            WHEN f.factor IS NOT NULL THEN f.factor
            WHEN coalesce(pu.base_id, pu.id) = coalesce(su.base_id, su.id) THEN pu.factor / su.factor END
FROM masterdata_article a
JOIN tenancy_company c ON c.id = a.company_id
JOIN masterdata_unit au ON au.id = a.price_unit_id
JOIN masterdata_unit su ON su.id = a.stock_unit_id
LEFT JOIN masterdata_partner b ON b.company_id = a.company_id AND b.id = %(partner)s
LEFT JOIN masterdata_partnergroup g ON g.company_id = a.company_id AND g.id = b.group_id
LEFT JOIN masterdata_pricelist l ON l.company_id = a.company_id AND l.active AND l.side = %(side)s
     AND l.currency = %(currency)s
     AND l.id IN (g.price_list_id, CASE WHEN %(side)s = 'sales' THEN b.price_list_id ELSE b.purchase_price_list_id END)
LEFT JOIN masterdata_price p ON p.company_id = a.company_id AND p.price_list_id = l.id
     AND (p.article_id = a.id OR p.article_group_id = a.group_id)
LEFT JOIN masterdata_unit pu ON pu.id = p.unit_id
LEFT JOIN masterdata_articleunit f ON f.company_id = a.company_id AND f.article_id = a.id AND f.unit_id = p.unit_id
WHERE a.company_id = %(company)s AND a.id = ANY(%(articles)s)
"""


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: FoundPrice
    factor: Decimal
    price_id: int

    def applies(self, question: PriceQuestion) -> bool:
        found = self.found
        return (
            (found.valid_from is None or found.valid_from <= question.on)
            and (found.valid_to is None or found.valid_to >= question.on)
            and abs(question.stock_quantity) >= found.from_quantity * self.factor
        )

    def rank(self) -> tuple[bool, bool, Decimal, date, int]:
        """Partner before group, article before article group, higher break, later start, newer row."""
        found = self.found
        return (
            found.source == "partner",
            not found.for_article_group,
            found.from_quantity * self.factor,
            found.valid_from or date.min,
            self.price_id,
        )


def find_prices(
    *, side: str, partner_id: int | None, currency: str, questions: Iterable[PriceQuestion]
) -> dict[Hashable, FoundPrice | None]:
    """The price of each line, or None where no list and no article price applies. One query.

    A purchase has no article price: only the supplier's lists. A price in another currency is no price.
    """
    asked = list(questions)
    if not asked:
        return {}
    own, candidates = _read(side, partner_id, currency, {question.article_id for question in asked})
    answers: dict[Hashable, FoundPrice | None] = {}
    for question in asked:
        fitting = [row for row in candidates.get(question.article_id, ()) if row.applies(question)]
        best = max(fitting, key=_Candidate.rank, default=None)
        answers[question.key] = best.found if best else own.get(question.article_id)
    return answers


def _read(
    side: str, partner_id: int | None, currency: str, article_ids: set[int]
) -> tuple[Mapping[int, FoundPrice], Mapping[int, list[_Candidate]]]:
    own: dict[int, FoundPrice] = {}
    candidates: dict[int, list[_Candidate]] = {}
    parameters = {
        "side": side, "partner": partner_id, "currency": currency, "company": current_company_id(),
        "articles": sorted(article_ids),
    }  # fmt: skip
    with prepared() as cursor:
        cursor.execute(_SQL, parameters)
        for row in cursor.fetchall():
            article_id, list_price, home = row[0], row[1], row[6]
            if side == Side.SALES and list_price is not None and home == currency:
                own[article_id] = FoundPrice(
                    price=list_price, price_base=row[2], unit_id=row[3], unit_symbol_de=row[4], unit_symbol_en=row[5],
                    price_mode=PriceMode.NET, currency=home, source="article",
                )  # fmt: skip
            if row[7] is not None and row[22] is not None:
                candidates.setdefault(article_id, []).append(_candidate(row))
    return own, candidates


def _candidate(row: tuple[Any, ...]) -> _Candidate:
    found = FoundPrice(
        price=row[7], price_base=row[8], unit_id=row[9], unit_symbol_de=row[10], unit_symbol_en=row[11],
        price_mode=row[12], currency=row[13], source="group" if row[16] else "partner", list_code=row[14],
        list_name=row[15], for_article_group=row[17], from_quantity=row[18], valid_from=row[19], valid_to=row[20],
    )  # fmt: skip
    return _Candidate(found, Decimal(row[22]), row[21])


def in_mode(price: Decimal, *, found_mode: str, wanted_mode: str, percent: Decimal) -> Decimal:
    """A net price as gross or the other way round, at a tax rate in percent; 9 decimals."""
    if found_mode == wanted_mode:
        return price
    with localcontext() as context:
        context.prec = 60
        factor = 1 + percent / HUNDRED
        return round_to(price * factor if wanted_mode == PriceMode.GROSS else price / factor, NANO)
