"""What the demo company sells. Prices are net in EUR, costs per stock unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """``packs``: unit, stock units in one, text in German and in English."""

    key: str
    name_de: str
    name_en: str
    group: str
    stock: str
    price: str
    cost: str
    tax: str = "standard"
    sales: str = ""
    per: str = ""  # the unit of the price
    packs: tuple[tuple[str, str, str, str], ...] = ()
    kind: str = "item"
    lots: bool = False
    weighed: bool = False
    tolerance: str = ""
    minimum: str = "0"
    text_de: str = ""
    text_en: str = ""

    @property
    def stocked(self) -> bool:
        return self.kind in ("item", "deposit")


#: code, name in German and in English, revenue account (SKR 03)
GROUPS: Final = (
    ("GETREIDE", "Getreide und Einzelfutter", "Grain and straights", "8300"),
    ("FUTTER", "Mischfutter", "Compound feed", "8300"),
    ("SAAT", "Saatgut", "Seed", "8300"),
    ("DUENGER", "Düngemittel", "Fertiliser", "8400"),
    ("KALK", "Kalk", "Lime", "8400"),
    ("PSM", "Pflanzenschutz", "Plant protection", "8400"),
    ("BEDARF", "Betriebsbedarf", "Farm supplies", "8400"),
    ("PFAND", "Pfand", "Deposits", "8540"),
    ("LEIST", "Dienstleistungen", "Services", "8400"),
)


def _sack(weight: str) -> tuple[tuple[str, str, str, str], ...]:
    return (("XSA", weight, f"Sack {weight} kg", f"{weight} kg bag"),)


def _big_bag(weight: str) -> tuple[tuple[str, str, str, str], ...]:
    return (("XJB", weight, f"Big Bag {weight} kg", f"{weight} kg big bag"),)


def _canister(litres: str) -> tuple[tuple[str, str, str, str], ...]:
    return (("XCA", litres, f"Kanister {litres} l", f"{litres} l canister"),)


_GRAIN: Final = (
    Row("weizen", "Futterweizen, lose", "Feed wheat, bulk", "GETREIDE", "TNE", "248", "192", "reduced", weighed=True, tolerance="5", minimum="80"),
    Row("gerste", "Futtergerste, lose", "Feed barley, bulk", "GETREIDE", "TNE", "226", "176", "reduced", weighed=True, tolerance="5", minimum="60"),
    Row("mais", "Körnermais, lose", "Grain maize, bulk", "GETREIDE", "TNE", "238", "189", "reduced", weighed=True, minimum="40"),
    Row("soja", "Sojaextraktionsschrot 44, lose", "Soybean meal 44, bulk", "GETREIDE", "TNE", "402", "335", "reduced", weighed=True),
    Row("rapsschrot", "Rapsextraktionsschrot, lose", "Rapeseed meal, bulk", "GETREIDE", "TNE", "289", "238", "reduced", weighed=True),
)  # fmt: skip
_FEED: Final = (
    Row("milch", "Milchleistungsfutter 18/4, lose", "Dairy feed 18/4, bulk", "FUTTER", "TNE", "318", "256", "reduced", weighed=True),
    Row("milchsack", "Milchleistungsfutter 20/4, Sack", "Dairy feed 20/4, bagged", "FUTTER", "KGM", "372", "0.285", "reduced", "XSA", "TNE", _sack("25")),
    Row("ferkel", "Ferkelaufzuchtfutter, Sack", "Piglet rearing feed, bagged", "FUTTER", "KGM", "495", "0.38", "reduced", "XSA", "TNE", _sack("25"), minimum="1500"),
    Row("legemehl", "Legehennenmehl, Sack", "Layer mash, bagged", "FUTTER", "KGM", "14.90", "0.42", "reduced", "XSA", "XSA", _sack("25")),
    Row("muesli", "Pferdemüsli, Sack", "Horse muesli, bagged", "FUTTER", "KGM", "13.50", "0.46", "reduced", "XSA", "XSA", _sack("20")),
    Row("mineral", "Mineralfutter Rind 22/4, Sack", "Cattle mineral feed 22/4, bagged", "FUTTER", "KGM", "24.80", "0.68", "reduced", "XSA", "XSA", _sack("25")),
    Row("leckstein", "Salzleckstein 10 kg", "Salt lick 10 kg", "FUTTER", "H87", "8.40", "5.10", "reduced", minimum="60"),
)  # fmt: skip
_SEED: Final = (
    Row("weizensaat", "Winterweizen Saatgut Z, Big Bag", "Winter wheat seed, certified, big bag", "SAAT", "KGM", "560", "0.43", "reduced", "XJB", "TNE", _big_bag("500"), lots=True),
    Row("gerstensaat", "Wintergerste Saatgut Z, Sack", "Winter barley seed, certified, bagged", "SAAT", "KGM", "62", "0.47", "reduced", "XSA", "DTN", _sack("50"), lots=True),
    Row("rapssaat", "Winterraps Hybridsaatgut, Einheit", "Hybrid winter rapeseed, unit", "SAAT", "H87", "189", "141", "reduced", lots=True, text_de="1,5 Mio. keimfähige Körner", text_en="1.5 million viable seeds"),
    Row("maissaat", "Silomais Saatgut, Einheit", "Silage maize seed, unit", "SAAT", "H87", "98", "72", "reduced", lots=True, text_de="50.000 Körner", text_en="50,000 seeds"),
    Row("weide", "Weidemischung, Sack", "Pasture mixture, bagged", "SAAT", "KGM", "4.85", "3.40", "reduced", "XSA", "KGM", _sack("10"), lots=True),
    Row("rasen", "Rasensaat Spiel und Sport, Sack", "Lawn seed, bagged", "SAAT", "KGM", "5.20", "3.55", "reduced", "XSA", "KGM", _sack("10"), lots=True),
    Row("zwischen", "Zwischenfruchtmischung, Sack", "Catch crop mixture, bagged", "SAAT", "KGM", "2.95", "2.05", "reduced", "XSA", "KGM", _sack("25"), lots=True, minimum="500"),
)  # fmt: skip
_FERTILISER: Final = (
    Row("kas", "Kalkammonsalpeter 27 N, lose", "Calcium ammonium nitrate 27 N, bulk", "DUENGER", "TNE", "338", "279", weighed=True, minimum="50"),
    Row("kasbb", "Kalkammonsalpeter 27 N, Big Bag", "Calcium ammonium nitrate 27 N, big bag", "DUENGER", "KGM", "356", "0.292", sales="XJB", per="TNE", packs=_big_bag("600")),
    Row("kassack", "Kalkammonsalpeter 27 N, Sack", "Calcium ammonium nitrate 27 N, bagged", "DUENGER", "KGM", "412", "0.325", sales="XSA", per="TNE", packs=_sack("25")),
    Row("npk", "NPK-Dünger 15-15-15, Big Bag", "NPK fertiliser 15-15-15, big bag", "DUENGER", "KGM", "492", "0.405", sales="XJB", per="TNE", packs=_big_bag("600")),
    Row("harnstoff", "Harnstoff 46 N, lose", "Urea 46 N, bulk", "DUENGER", "TNE", "468", "392", weighed=True),
    Row("ahl", "AHL 28 N, lose", "Urea ammonium nitrate solution 28 N, bulk", "DUENGER", "TNE", "289", "241"),
    Row("kali", "Kalidünger 40, lose", "Potash 40, bulk", "DUENGER", "TNE", "322", "262", weighed=True),
    Row("rasenduenger", "Rasendünger mit Langzeitwirkung, Sack", "Slow-release lawn fertiliser, bagged", "DUENGER", "KGM", "34.90", "0.78", sales="XSA", per="XSA", packs=_sack("25")),
)  # fmt: skip
_LIME: Final = (
    Row("kalk", "Kohlensaurer Kalk 85, lose", "Carbonate of lime 85, bulk", "KALK", "TNE", "38", "24", weighed=True),
    Row("kalksack", "Granulierter Kalk, Sack", "Granulated lime, bagged", "KALK", "KGM", "375", "0.20", sales="XSA", per="TNE", packs=_sack("25"), minimum="2000"),
    Row("kalkbb", "Granulierter Kalk, Big Bag", "Granulated lime, big bag", "KALK", "KGM", "298", "0.19", sales="XJB", per="TNE", packs=_big_bag("1000")),
)  # fmt: skip
_PROTECTION: Final = (
    Row("herbizid", "Getreideherbizid Muster 400, Kanister", "Cereal herbicide Muster 400, canister", "PSM", "LTR", "32.50", "25.10", sales="XCA", per="LTR", packs=_canister("5"), lots=True, text_de="Abgabe nur an Sachkundige. Vor Verwendung stets Etikett und Produktinformation lesen.", text_en="For certified users only. Always read the label before use."),
    Row("fungizid", "Fungizid Muster 250, Kanister", "Fungicide Muster 250, canister", "PSM", "LTR", "41.80", "32.90", sales="XCA", per="LTR", packs=_canister("5"), lots=True, text_de="Abgabe nur an Sachkundige. Vor Verwendung stets Etikett und Produktinformation lesen.", text_en="For certified users only. Always read the label before use."),
    Row("netzmittel", "Netzmittel Muster, Kanister", "Wetting agent Muster, canister", "PSM", "LTR", "9.90", "6.80", sales="XCA", per="LTR", packs=_canister("10"), lots=True),
    Row("schnecken", "Schneckenkorn Muster 3, Sack", "Slug pellets Muster 3, bagged", "PSM", "KGM", "4.35", "3.10", sales="XSA", per="KGM", packs=_sack("20"), lots=True, minimum="400"),
)  # fmt: skip
_SUPPLIES: Final = (
    Row("garn", "Pressengarn 130, Packung", "Baler twine 130, pack", "BEDARF", "H87", "31.90", "23.40", minimum="40"),
    Row("netz", "Rundballennetz 3.000 m", "Round bale net 3,000 m", "BEDARF", "H87", "178", "139", minimum="30"),
    Row("folie", "Silofolie 12 × 50 m, Rolle", "Silage film 12 × 50 m, roll", "BEDARF", "H87", "129", "94"),
    Row("stretch", "Stretchfolie 750 mm, Rolle", "Stretch film 750 mm, roll", "BEDARF", "H87", "82", "61"),
    Row("litze", "Weidezaunlitze 500 m", "Electric fence wire 500 m", "BEDARF", "H87", "24.90", "16.20", minimum="40"),
    Row("handschuhe", "Arbeitshandschuhe, Paar", "Work gloves, pair", "BEDARF", "H87", "6.90", "3.40"),
)  # fmt: skip
_OTHER: Final = (
    Row("palette", "Europalette, Pfand", "Euro pallet, deposit", "PFAND", "H87", "12.50", "9.00", kind="deposit"),
    Row("ibc", "IBC-Container, Pfand", "IBC container, deposit", "PFAND", "H87", "95", "70", kind="deposit"),
    Row("streuen", "Düngerstreuen, je Hektar", "Fertiliser spreading, per hectare", "LEIST", "HAR", "14.50", "8.20", "service", kind="service"),
    Row("transport", "Transport loser Ware, je Kilometer", "Bulk haulage, per kilometre", "LEIST", "KMT", "2.40", "1.50", "service", kind="service"),
    Row("wiegen", "Fahrzeugwaage, je Wiegung", "Weighbridge, per weighing", "LEIST", "H87", "12", "4", "service", kind="service"),
    Row("probe", "Bodenprobe mit Analyse", "Soil sample with analysis", "LEIST", "H87", "36", "22", "service", kind="service"),
    Row("reinigen", "Getreidereinigung, je Tonne", "Grain cleaning, per tonne", "LEIST", "TNE", "7.80", "4.10", "service", kind="service"),
    Row("verpackung", "Verpackungspauschale", "Packing charge", "LEIST", "LS", "15", "6", kind="charge"),
)  # fmt: skip

ARTICLES: Final = (*_GRAIN, *_FEED, *_SEED, *_FERTILISER, *_LIME, *_PROTECTION, *_SUPPLIES, *_OTHER)

#: what the second company sells of it
SECOND_ARTICLES: Final = tuple(
    row for row in ARTICLES if row.key in {"weizensaat", "gerstensaat", "rapssaat", "maissaat", "weide", "rasen", "probe"}
)  # fmt: skip
