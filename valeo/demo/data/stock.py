"""Opening balances in the article's stock unit: article, warehouse, quantity, lot."""

from __future__ import annotations

from typing import Final

OPENING: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("weizen", "HAFEN", "420", ""), ("weizen", "BRED", "65", ""), ("gerste", "HAFEN", "310", ""),
    ("mais", "HAFEN", "140", ""), ("mais", "BRED", "30", ""), ("soja", "HAFEN", "95", ""),
    ("rapsschrot", "HAFEN", "120", ""), ("milch", "HAFEN", "160", ""), ("milchsack", "BRED", "4000", ""),
    ("milchsack", "HAFEN", "6000", ""), ("ferkel", "HAFEN", "3200", ""), ("legemehl", "HAFEN", "5500", ""),
    ("muesli", "HAFEN", "900", ""), ("muesli", "BRED", "1200", ""), ("mineral", "HAFEN", "2500", ""),
    ("leckstein", "HAFEN", "75", ""),
    ("weizensaat", "HAFEN", "14000", "WW-2601"), ("weizensaat", "HAFEN", "6000", "WW-2602"),
    ("weizensaat", "BRED", "5000", "WW-2602"), ("gerstensaat", "BRED", "4500", "WG-2604"),
    ("gerstensaat", "HAFEN", "3000", "WG-2605"), ("rapssaat", "HAFEN", "60", "WR-2611"),
    ("maissaat", "HAFEN", "140", "SM-2531"), ("weide", "HAFEN", "1600", "GM-2607"),
    ("weide", "BRED", "700", "GM-2608"), ("rasen", "HAFEN", "900", "RS-2603"), ("zwischen", "HAFEN", "425", "ZF-2604"),
    ("kas", "HAFEN", "260", ""), ("kasbb", "HAFEN", "48000", ""), ("kasbb", "BRED", "12000", ""),
    ("kassack", "HAFEN", "8000", ""), ("npk", "HAFEN", "24000", ""), ("harnstoff", "HAFEN", "75", ""),
    ("ahl", "HAFEN", "180", ""), ("kali", "HAFEN", "90", ""), ("rasenduenger", "HAFEN", "2000", ""),
    ("rasenduenger", "BRED", "500", ""), ("kalk", "HAFEN", "340", ""), ("kalksack", "HAFEN", "15000", ""),
    ("kalksack", "BRED", "5000", ""), ("kalkbb", "HAFEN", "30000", ""),
    ("herbizid", "HAFEN", "120", "H4-250817"), ("herbizid", "HAFEN", "200", "H4-260311"),
    ("fungizid", "HAFEN", "150", "F2-260120"), ("netzmittel", "HAFEN", "300", "NM-260402"),
    ("schnecken", "HAFEN", "320", "SK-260515"), ("garn", "HAFEN", "90", ""), ("netz", "HAFEN", "85", ""),
    ("netz", "BRED", "20", ""), ("folie", "HAFEN", "40", ""), ("stretch", "HAFEN", "130", ""),
    ("litze", "HAFEN", "25", ""), ("handschuhe", "HAFEN", "240", ""), ("palette", "HAFEN", "180", ""),
    ("ibc", "HAFEN", "24", ""),
)  # fmt: skip
SECOND_OPENING: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("weizensaat", "SAAT", "20000", "WW-2601"), ("gerstensaat", "SAAT", "9000", "WG-2604"),
    ("rapssaat", "SAAT", "80", "WR-2611"), ("maissaat", "SAAT", "120", "SM-2531"), ("weide", "SAAT", "1500", "GM-2607"),
    ("rasen", "SAAT", "600", "RS-2603"),
)  # fmt: skip
