"""The units of articles, for many articles in one query each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from masterdata.models import Article, ArticleUnit, Unit
from masterdata.units import UnitFactor, Units


def units_of(articles: Iterable[Article]) -> dict[int, Units]:
    """The units per article id: its own with their factors, its stock unit, and those of the same physical kind.

    Two queries whatever the number of articles (a company has some dozens of units).
    """
    wanted = {article.pk: article for article in articles}
    own: dict[int, list[ArticleUnit]] = {}
    for row in ArticleUnit.objects.filter(article_id__in=wanted):
        own.setdefault(row.article_id, []).append(row)
    units = {unit.pk: unit for unit in Unit.objects.all()}
    return {pk: units_among(article.stock_unit_id, units, own.get(pk, ())) for pk, article in wanted.items()}


def units_among(stock_unit_id: int, units: dict[int, Unit], own: Iterable[ArticleUnit]) -> Units:
    """The units of one article with this stock unit, of all units of the company and its own ones."""
    stock = units[stock_unit_id]
    root = stock.base_id or stock.pk
    by_id = {
        unit.pk: _factor_of(unit, unit.factor / stock.factor)
        for unit in units.values()
        if (unit.base_id or unit.pk) == root
    }
    for row in own:  # what the article says goes before the physical factor
        by_id[row.unit_id] = _factor_of(
            units[row.unit_id], row.factor, text_de=row.text_de, text_en=row.text_en
        )
    return Units(stock_unit_id, by_id)


def _factor_of(unit: Unit, factor: Decimal, *, text_de: str = "", text_en: str = "") -> UnitFactor:
    return UnitFactor(
        unit_id=unit.pk, code=unit.code, symbol_de=unit.symbol_de, symbol_en=unit.symbol_en, decimals=unit.decimals,
        factor=factor, text_de=text_de, text_en=text_en,
    )  # fmt: skip
