"""Price lists: article, price, unit of the price, from which quantity on (in that unit)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PriceRow:
    """``season``: "" always, ``past`` until the end of last year, ``coming`` from next year on."""

    article: str
    price: str
    unit: str
    from_quantity: str = "0"
    season: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    code: str
    name: str
    mode: str
    rows: tuple[PriceRow, ...]


_R = PriceRow
LISTS: Final = (
    ListRow(
        "GA", "Großabnehmer", "net",
        (
            _R("weizen", "240", "TNE"), _R("weizen", "230", "TNE", "20"), _R("weizen", "224", "TNE", "100"),
            _R("weizen", "246", "TNE", "0", "coming"), _R("weizen", "252", "TNE", "0", "past"),
            _R("gerste", "219", "TNE"), _R("gerste", "211", "TNE", "25"), _R("mais", "231", "TNE"),
            _R("soja", "396", "TNE"), _R("soja", "388", "TNE", "20"), _R("milch", "309", "TNE"),
            _R("kas", "331", "TNE"), _R("kas", "322", "TNE", "25"), _R("kasbb", "349", "TNE"),
            _R("kasbb", "339", "TNE", "12"), _R("kalksack", "375", "TNE"), _R("kalksack", "349", "TNE", "3"),
            _R("weizensaat", "548", "TNE"), _R("weizensaat", "529", "TNE", "5"), _R("garn", "29.90", "H87", "10"),
            _R("netz", "169", "H87", "10"), _R("herbizid", "30.90", "LTR", "50"),
        ),
    ),
    ListRow(
        "LW", "Landwirte", "net",
        (
            _R("milch", "312", "TNE"), _R("milchsack", "365", "TNE"), _R("ferkel", "486", "TNE"),
            _R("weizensaat", "552", "TNE"), _R("gerstensaat", "60.50", "DTN"), _R("kas", "334", "TNE"),
            _R("kas", "327", "TNE", "24"), _R("kalk", "36", "TNE"), _R("kalk", "33.50", "TNE", "50"),
            _R("streuen", "13.90", "HAR", "25"), _R("netz", "172", "H87"), _R("stretch", "79", "H87"),
            _R("stretch", "75.50", "H87", "24"),
        ),
    ),
    ListRow(
        "PRIV", "Privatkunden, brutto", "gross",
        (
            _R("rasen", "69.90", "XSA"), _R("rasenduenger", "44.90", "XSA"), _R("muesli", "16.95", "XSA"),
            _R("legemehl", "18.95", "XSA"), _R("kalksack", "12.95", "XSA"), _R("handschuhe", "8.95", "H87"),
            _R("handschuhe", "7.95", "H87", "5"), _R("leckstein", "10.95", "H87"), _R("litze", "34.90", "H87"),
        ),
    ),
    ListRow("EU", "Export und EU", "net", (_R("weizen", "233", "TNE"), _R("kasbb", "342", "TNE"), _R("weide", "4.55", "KGM", "200"))),
)  # fmt: skip
#: partner group: code, name, its list
PARTNER_GROUPS: Final = (
    ("LANDWIRT", "Landwirte", "LW"), ("HANDEL", "Handel und Genossenschaften", "GA"), ("PRIVAT", "Privatkunden", "PRIV"),
    ("AUSLAND", "Ausland", "EU"), ("LIEFER", "Lieferanten", ""), ("KOMMUNE", "Kommunen", ""),
)  # fmt: skip
