"""Countries as VAT sees them."""

from __future__ import annotations

from typing import Final

from masterdata.kinds import Place

#: VAT territory of the EU by ISO 3166-1 code; Monaco counts as France (Art. 7 of Directive 2006/112/EC),
#: XI is Northern Ireland for goods
EU: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK MC XI".split()  # noqa: SIM905
)
#: where the prefix of a VAT ID differs from the country
VAT_PREFIX: Final = {"GR": "EL", "MC": "FR"}
#: where letters need no postal code: there are none, or hardly anybody uses them (UPU, addressing systems)
_WITHOUT_POSTAL_CODE: Final = frozenset(
    "AE AG AN AO AW BF BI BJ BO BQ BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GN GQ GY HK JM KI KM "  # noqa: SIM905
    "KN KP LC LY ML MO MR MW NA NR NU PA QA RW SB SC SL SO SR ST SX SY TD TF TG TK TL TO TT TV UG VU WS YE ZW".split()
)


def has_postal_codes(country: str) -> bool:
    """Whether an address there is incomplete without one."""
    return country not in _WITHOUT_POSTAL_CODE


def place_of(country: str, home: str) -> Place:
    """Our country, another EU country or outside the EU."""
    if country == home:
        return Place.DOMESTIC
    return Place.EU if country in EU else Place.THIRD


def vat_prefix(country: str) -> str:
    return VAT_PREFIX.get(country, country)
