"""What a company starts with: units, tax codes with their dated rates, tax rules, payment terms. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from masterdata.kinds import Place, Side, TaxCategory, TaxClass, TaxDirection, TaxStatus, VatIdNeed
from masterdata.terms import TermPart
from valeo.tenancy.kinds import VatScheme


@dataclass(frozen=True, slots=True)
class UnitRow:
    code: str
    name_de: str
    name_en: str
    symbol_de: str
    symbol_en: str
    decimals: int = 0
    base: str = ""
    factor: str = "1"


UNITS: Final = (
    UnitRow("KGM", "Kilogramm", "kilogram", "kg", "kg", 3),
    UnitRow("TNE", "Tonne", "tonne", "t", "t", 3, "KGM", "1000"),
    UnitRow("DTN", "Dezitonne", "decitonne", "dt", "dt", 2, "KGM", "100"),
    UnitRow("GRM", "Gramm", "gram", "g", "g", 0, "KGM", "0.001"),
    UnitRow("LTR", "Liter", "litre", "l", "l", 2),
    UnitRow("MTQ", "Kubikmeter", "cubic metre", "m³", "m³", 3, "LTR", "1000"),
    UnitRow("MTR", "Meter", "metre", "m", "m", 2),
    UnitRow("KMT", "Kilometer", "kilometre", "km", "km", 1, "MTR", "1000"),
    UnitRow("MTK", "Quadratmeter", "square metre", "m²", "m²", 2),
    UnitRow("HAR", "Hektar", "hectare", "ha", "ha", 4, "MTK", "10000"),
    UnitRow("HUR", "Stunde", "hour", "Std.", "h", 2),
    UnitRow("DAY", "Tag", "day", "Tag", "day", 1),
    UnitRow("H87", "Stück", "piece", "Stk.", "pc", 0),
    UnitRow("LS", "pauschal", "lump sum", "psch.", "l.s.", 0),
    UnitRow("XSA", "Sack", "sack", "Sack", "sack", 0),
    UnitRow("XBG", "Beutel", "bag", "Btl.", "bag", 0),
    UnitRow("XJB", "Big Bag", "jumbo bag", "Big Bag", "big bag", 0),
    UnitRow("XCT", "Karton", "carton", "Kart.", "carton", 0),
    UnitRow("XPX", "Palette", "pallet", "Pal.", "pallet", 0),
    UnitRow("XCA", "Kanister", "canister", "Kan.", "can", 0),
)


@dataclass(frozen=True, slots=True)
class RateRow:
    percent: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class CodeRow:
    code: str
    name_de: str
    name_en: str
    direction: TaxDirection
    category: TaxCategory
    rates: tuple[RateRow, ...]
    exemption_code: str = ""
    text_de: str = ""
    text_en: str = ""
    box: str = ""
    datev: str = ""


# § 12 UStG with the cut of the second half of 2020 (§ 28 (1), (2) UStG)
_STANDARD = (
    RateRow("19", date(2007, 1, 1), date(2020, 6, 30)),
    RateRow("16", date(2020, 7, 1), date(2020, 12, 31)),
    RateRow("19", date(2021, 1, 1)),
)
_REDUCED = (
    RateRow("7", date(2007, 1, 1), date(2020, 6, 30)),
    RateRow("5", date(2020, 7, 1), date(2020, 12, 31)),
    RateRow("7", date(2021, 1, 1)),
)
# § 24 (1) UStG: adjusted every year
_FARMER = (
    RateRow("9.0", date(2023, 1, 1), date(2024, 12, 5)),
    RateRow("8.4", date(2024, 12, 6), date(2024, 12, 31)),
    RateRow("7.8", date(2025, 1, 1)),
)
_NIL = (RateRow("0"),)
_OUT, _IN = TaxDirection.OUTPUT, TaxDirection.INPUT
_C = TaxCategory
_REVERSE_DE = "Steuerschuldnerschaft des Leistungsempfängers"
_REVERSE_EN = "Reverse charge: the recipient owes the tax"

TAX_CODES: Final = (
    CodeRow("U19", "Umsatzsteuer Regelsatz", "Output tax, standard rate", _OUT, _C.STANDARD, _STANDARD, box="81", datev="3"),
    CodeRow("U7", "Umsatzsteuer ermäßigt", "Output tax, reduced rate", _OUT, _C.STANDARD, _REDUCED, box="86", datev="2"),
    CodeRow("U24", "Durchschnittssatz § 24 UStG", "Flat rate, § 24 UStG", _OUT, _C.STANDARD, _FARMER),
    CodeRow("U0", "Nullsatz § 12 Abs. 3 UStG", "Zero rate, § 12 (3) UStG", _OUT, _C.ZERO, _NIL, box="87"),
    CodeRow(
        "UFREI", "Steuerfrei § 4 UStG", "Exempt, § 4 UStG", _OUT, _C.EXEMPT, _NIL,
        text_de="Steuerfrei nach § 4 UStG", text_en="Exempt under § 4 UStG", box="48",
    ),
    CodeRow(
        "UKU", "Kleinunternehmer § 19 UStG", "Small business, § 19 UStG", _OUT, _C.EXEMPT, _NIL,
        text_de="Kein Ausweis von Umsatzsteuer, da Kleinunternehmer gemäß § 19 UStG",
        text_en="No VAT shown: small business under § 19 UStG",
    ),
    CodeRow(
        "UIG", "Innergemeinschaftliche Lieferung", "Intra-Community supply", _OUT, _C.INTRA_COMMUNITY, _NIL,
        exemption_code="VATEX-EU-IC", text_de="Steuerfreie innergemeinschaftliche Lieferung",
        text_en="Exempt intra-Community supply", box="41", datev="11",
    ),
    CodeRow(
        "UEX", "Ausfuhrlieferung", "Export", _OUT, _C.EXPORT, _NIL,
        exemption_code="VATEX-EU-G", text_de="Steuerfreie Ausfuhrlieferung", text_en="Exempt export supply",
        box="43", datev="1",
    ),
    CodeRow(
        "U13B", "§ 13b UStG, Inland", "Reverse charge, domestic (§ 13b UStG)", _OUT, _C.REVERSE_CHARGE, _NIL,
        exemption_code="VATEX-EU-AE", text_de=_REVERSE_DE, text_en=_REVERSE_EN, box="60",
    ),
    CodeRow(
        "U13BEU", "Leistung an EU-Unternehmer", "Service to an EU business", _OUT, _C.REVERSE_CHARGE, _NIL,
        exemption_code="VATEX-EU-AE", text_de=_REVERSE_DE, text_en=_REVERSE_EN, box="21",
    ),
    CodeRow(
        "UNST", "Nicht steuerbar", "Not taxable", _OUT, _C.OUTSIDE, _NIL,
        exemption_code="VATEX-EU-O", text_de="Nicht steuerbar", text_en="Not subject to VAT", box="45",
    ),
    CodeRow("V19", "Vorsteuer Regelsatz", "Input tax, standard rate", _IN, _C.STANDARD, _STANDARD, box="66", datev="9"),
    CodeRow("V7", "Vorsteuer ermäßigt", "Input tax, reduced rate", _IN, _C.STANDARD, _REDUCED, box="66", datev="8"),
    CodeRow("V24", "Vorsteuer Durchschnittssatz § 24", "Input tax of flat-rate farmers", _IN, _C.STANDARD, _FARMER, box="66"),
    CodeRow("V0", "Nullsatz, Eingang", "Zero rate, input", _IN, _C.ZERO, _NIL),
    CodeRow(
        "VFREI", "Steuerfreier Eingang § 4 UStG", "Exempt input, § 4 UStG", _IN, _C.EXEMPT, _NIL,
        text_de="Steuerfrei nach § 4 UStG", text_en="Exempt under § 4 UStG",
    ),
    CodeRow(
        "VKU", "Eingang vom Kleinunternehmer", "Input from a small business", _IN, _C.EXEMPT, _NIL,
        text_de="Kein Ausweis von Umsatzsteuer, da Kleinunternehmer gemäß § 19 UStG",
        text_en="No VAT shown: small business under § 19 UStG",
    ),
    CodeRow(
        "VPRIV", "Eingang von Privat", "Input from a private person", _IN, _C.OUTSIDE, _NIL,
        exemption_code="VATEX-EU-O", text_de="Nicht steuerbar: Verkauf durch eine Privatperson",
        text_en="Not subject to VAT: sale by a private person",
    ),
    CodeRow(
        "VIG19", "Innergemeinschaftlicher Erwerb 19 %", "Intra-Community acquisition, standard", _IN, _C.INTRA_COMMUNITY,
        _NIL, exemption_code="VATEX-EU-IC", text_de="Innergemeinschaftlicher Erwerb",
        text_en="Intra-Community acquisition", box="89",
    ),
    CodeRow(
        "VIG7", "Innergemeinschaftlicher Erwerb 7 %", "Intra-Community acquisition, reduced", _IN, _C.INTRA_COMMUNITY,
        _NIL, exemption_code="VATEX-EU-IC", text_de="Innergemeinschaftlicher Erwerb",
        text_en="Intra-Community acquisition", box="93",
    ),
    CodeRow(
        "VEINF", "Einfuhr aus Drittland", "Import from a third country", _IN, _C.OUTSIDE, _NIL,
        exemption_code="VATEX-EU-O", text_de="Einfuhr: Einfuhrumsatzsteuer erhebt der Zoll",
        text_en="Import: import VAT is charged by customs",
    ),
    CodeRow(
        "V13B", "§ 13b UStG, Inland, Eingang", "Reverse charge input, domestic", _IN, _C.REVERSE_CHARGE, _NIL,
        exemption_code="VATEX-EU-AE", text_de=_REVERSE_DE, text_en=_REVERSE_EN, box="84",
    ),
    CodeRow(
        "V13BEU", "§ 13b UStG, Leistung aus dem Ausland", "Reverse charge input, service from abroad", _IN,
        _C.REVERSE_CHARGE, _NIL, exemption_code="VATEX-EU-AE", text_de=_REVERSE_DE, text_en=_REVERSE_EN, box="46",
    ),
    CodeRow(
        "VNST", "Nicht steuerbar, Eingang", "Not taxable, input", _IN, _C.OUTSIDE, _NIL,
        exemption_code="VATEX-EU-O", text_de="Nicht steuerbar", text_en="Not subject to VAT",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleRow:
    """Empty conditions match everything; the highest priority wins."""

    priority: int
    side: Side
    code: str
    tax_class: str = ""
    scheme: str = ""
    status: str = ""
    origin: Place = Place.ANY
    destination: Place = Place.ANY
    vat_id: VatIdNeed = VatIdNeed.ANY


_T, _S, _P = TaxClass, TaxStatus, Place
_HOME_CODES = (
    (_T.STANDARD, "19"), (_T.SERVICE, "19"), (_T.REVERSE_CHARGE, "19"), (_T.REDUCED, "7"), (_T.FARM_PRODUCE, "7"),
    (_T.ZERO, "0"),
)  # fmt: skip
_GOODS = tuple(one for one, _rate in _HOME_CODES if one != _T.SERVICE)
#: owe the tax on domestic § 13b supplies (§ 13b (5) UStG)
_ENTREPRENEURS = (_S.REGULAR, _S.SMALL_BUSINESS, _S.FLAT_RATE_FARMER)
#: are taxed here on services, wherever these are done (§ 3a (2) UStG)
_BUSINESSES_HERE = (*_ENTREPRENEURS, _S.PUBLIC_BODY)
#: buy with our tax even where the goods go to another EU country (below the distance-selling threshold)
_WITHOUT_ACQUISITION = (*_BUSINESSES_HERE, _S.CONSUMER)


def _sales_rules() -> list[RuleRow]:
    side = Side.SALES
    rules = [
        RuleRow(900, side, "UNST", _T.NOT_TAXABLE),
        # § 19 UStG: all that a small business sells
        RuleRow(800, side, "UKU", scheme=VatScheme.SMALL_BUSINESS_19),
        RuleRow(700, side, "UFREI", _T.EXEMPT),
    ]
    # § 24 (1) sentence 2 UStG: the flat rate holds for export and intra-Community supplies too
    rules += [RuleRow(650, side, "U24", one, VatScheme.FLAT_RATE_24) for one in (_T.FARM_PRODUCE, _T.REDUCED)]
    # § 3a (2) UStG: a service to a business is taxed where that business is
    rules += [
        RuleRow(600, side, "U13BEU", _T.SERVICE, status=_S.EU_BUSINESS, vat_id=VatIdNeed.VALID),
        RuleRow(600, side, "UNST", _T.SERVICE, status=_S.THIRD_COUNTRY),
        RuleRow(590, side, "U19", _T.SERVICE, origin=_P.DOMESTIC, status=_S.CONSUMER),
        *(RuleRow(590, side, "U19", _T.SERVICE, status=status) for status in _BUSINESSES_HERE),
    ]
    rules += [
        RuleRow(
            550, side, "U13B", _T.REVERSE_CHARGE, status=status, origin=_P.DOMESTIC, destination=_P.DOMESTIC
        )
        for status in _ENTREPRENEURS
    ]  # fmt: skip
    rules += [
        RuleRow(
            500, side, "UIG", status=_S.EU_BUSINESS, origin=_P.DOMESTIC, destination=_P.EU, vat_id=VatIdNeed.VALID
        ),
        # only goods are exported (§ 6 UStG)
        *(RuleRow(500, side, "UEX", one, origin=_P.DOMESTIC, destination=_P.THIRD) for one in _GOODS),
    ]  # fmt: skip
    for tax_class, rate in _HOME_CODES:
        rules.append(RuleRow(300, side, f"U{rate}", tax_class, origin=_P.DOMESTIC, destination=_P.DOMESTIC))
        rules += [
            RuleRow(200, side, f"U{rate}", tax_class, status=status, origin=_P.DOMESTIC, destination=_P.EU)
            for status in _WITHOUT_ACQUISITION
        ]
    return rules


def _purchase_rules() -> list[RuleRow]:
    side = Side.PURCHASE
    rules = [
        RuleRow(900, side, "VNST", _T.NOT_TAXABLE),
        RuleRow(800, side, "VKU", status=_S.SMALL_BUSINESS),
        RuleRow(800, side, "VPRIV", status=_S.CONSUMER),
        RuleRow(700, side, "VFREI", _T.EXEMPT),
        # 7.8 % on what a flat-rate farmer bills, or we for him (§ 24 (1) UStG)
        RuleRow(650, side, "V24", status=_S.FLAT_RATE_FARMER),
        RuleRow(600, side, "V13BEU", _T.SERVICE, status=_S.EU_BUSINESS),
        RuleRow(600, side, "V13BEU", _T.SERVICE, status=_S.THIRD_COUNTRY),
        RuleRow(500, side, "VEINF", origin=_P.THIRD, destination=_P.DOMESTIC),
    ]
    rules += [
        RuleRow(
            550, side, "V13B", _T.REVERSE_CHARGE, status=status, origin=_P.DOMESTIC, destination=_P.DOMESTIC
        )
        for status in (_S.REGULAR, _S.PUBLIC_BODY)
    ]
    rules += [
        RuleRow(
            500, side, "VIG19" if rate == "19" else "VIG7", tax_class, status=_S.EU_BUSINESS,
            origin=_P.EU, destination=_P.DOMESTIC,
        )
        for tax_class, rate in _HOME_CODES
        if rate != "0"
    ]  # fmt: skip
    rules += [
        RuleRow(300, side, f"V{rate}", tax_class, origin=_P.DOMESTIC, destination=_P.DOMESTIC)
        for tax_class, rate in _HOME_CODES
    ]
    return rules


TAX_RULES: Final = (*_sales_rules(), *_purchase_rules())


@dataclass(frozen=True, slots=True)
class TermRow:
    code: str
    name_de: str
    name_en: str
    parts: tuple[TermPart, ...]


PAYMENT_TERMS: Final = (
    TermRow(
        "S14N30", "14 Tage 2 % Skonto, 30 Tage netto", "14 days 2 %, 30 days net",
        (TermPart(days=30, skonto_days=14, skonto_percent=Decimal(2)),),
    ),
    TermRow("N30", "30 Tage netto", "30 days net", (TermPart(days=30),)),
    TermRow("N0", "Sofort ohne Abzug", "Immediately, net", (TermPart(),)),
    TermRow(
        "R2", "Hälfte sofort, Hälfte nach 30 Tagen", "Half at once, half after 30 days",
        (TermPart(1, Decimal(50)), TermPart(2, Decimal(50), days=30)),
    ),
)  # fmt: skip
