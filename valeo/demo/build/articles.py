"""Warehouses, articles, prices and opening balances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from stdnum import ean

from inventory.services.entries import StockEntry, record_opening
from masterdata.models import Article, ArticleGroup, Carrier, PriceList, Unit, Warehouse
from masterdata.services.articles import UnitRow, create_article
from masterdata.services.code_lists import create_row
from masterdata.services.price_lists import create_price_list, save_price
from valeo.demo.data import articles as goods
from valeo.demo.data.prices import ListRow, PriceRow
from valeo.demo.days import Days
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch

KILOGRAMS: Final = {"KGM": Decimal(1), "TNE": Decimal(1000)}
#: 20 to 29 are the prefixes of barcodes inside a house (GS1)
HOUSE_PREFIX: Final = "200001"


def make_warehouses(
    actor: Actor, rows: Iterable[Mapping[str, Any]], branches: Mapping[str, Branch]
) -> dict[str, Warehouse]:
    return {
        row["code"]: create_row(
            Warehouse, actor=actor, values={**row, "branch": branches.get(row.get("branch", ""))}
        )
        for row in rows
    }


def make_carriers(actor: Actor, rows: Iterable[tuple[str, str]]) -> dict[str, Carrier]:
    return {
        code: create_row(Carrier, actor=actor, values={"code": code, "name": name}) for code, name in rows
    }


def make_articles(actor: Actor, rows: Iterable[goods.Row]) -> dict[str, Article]:
    """By key; numbers come from the series in the order of the rows."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    groups = {
        code: create_row(
            ArticleGroup, actor=actor,
            values={"code": code, "name_de": german, "name_en": english, "revenue_account": account},
        )
        for code, german, english, account in goods.GROUPS
    }  # fmt: skip
    return {
        row.key: _article(actor, row, position, units, groups) for position, row in enumerate(rows, start=1)
    }


def _article(
    actor: Actor, row: goods.Row, position: int, units: Mapping[str, Unit], groups: Mapping[str, ArticleGroup]
) -> Article:
    values: dict[str, Any] = {
        "name_de": row.name_de, "name_en": row.name_en, "description_de": row.text_de, "description_en": row.text_en,
        "group": groups[row.group], "revenue_account": groups[row.group].revenue_account, "kind": row.kind,
        "stock_unit": units[row.stock], "sales_unit": units[row.sales or row.stock],
        "price_unit": units[row.per or row.sales or row.stock], "list_price": Decimal(row.price),
        "standard_cost": Decimal(row.cost), "net_weight": KILOGRAMS.get(row.stock), "tax_class": row.tax,
        "stock_managed": row.stocked, "lot_duty": row.lots, "weighed": row.weighed,
        "tolerance": Decimal(row.tolerance) if row.tolerance else None, "minimum_stock": Decimal(row.minimum),
        "gtin": "" if row.packs or not row.stocked or row.stock == "TNE" else _barcode(position),
    }  # fmt: skip
    packs = [
        UnitRow(units[unit], Decimal(factor), german, english, _barcode(position))
        for unit, factor, german, english in row.packs
    ]
    return create_article(actor=actor, values=values, units=packs)


def _barcode(position: int) -> str:
    digits = f"{HOUSE_PREFIX}{position:06d}"
    return digits + str(ean.calc_check_digit(digits))


def make_price_lists(
    actor: Actor, rows: Iterable[ListRow], articles: Mapping[str, Article], days: Days
) -> dict[str, PriceList]:
    units = {unit.code: unit for unit in Unit.objects.all()}
    found = {}
    for row in rows:
        made = create_price_list(
            actor=actor,
            values={
                "code": row.code, "name": row.name, "price_mode": row.mode,
                "valid_from": dt.date(days.today.year - 1, 1, 1),
            },
        )  # fmt: skip
        found[row.code] = made
        for price in row.rows:
            values = {
                "article": articles[price.article], "unit": units[price.unit], "price": Decimal(price.price),
                "from_quantity": Decimal(price.from_quantity), **_season(price, days),
            }  # fmt: skip
            save_price(actor=actor, list_uuid=made.uuid, values=values)
    return found


def _season(price: PriceRow, days: Days) -> dict[str, dt.date]:
    """The past ends long before the demo's first document, even at the turn of a year."""
    if price.season == "past":
        return {
            "valid_from": dt.date(days.today.year - 1, 1, 1),
            "valid_to": dt.date(days.today.year - 1, 6, 30),
        }
    if price.season == "coming":
        return {"valid_from": dt.date(days.today.year + 1, 1, 1)}
    return {}


def record_stock(
    actor: Actor, rows: Iterable[tuple[str, str, str, str]], articles: Mapping[str, Article],
    warehouses: Mapping[str, Warehouse], days: Days,
) -> None:  # fmt: skip
    """Opening balances at standard cost."""
    for key, warehouse, quantity, lot in rows:
        entry = StockEntry(
            article=articles[key].uuid, warehouse=warehouses[warehouse].uuid, quantity=Decimal(quantity), lot=lot,
            reason="Anfangsbestand aus der Inventur", effective_on=days.opening,
        )  # fmt: skip
        record_opening(actor=actor, entry=entry)
