"""Addresses in the form of the country that delivers the letter (UPU S42, DIN 5008)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from babel import Locale

from documents.printing import clean
from valeo.core.components.formats import LOCALES

#: how the line with the city reads; the rest of the world writes postal code and city
_CITY: Final[Mapping[str, str]] = {
    **dict.fromkeys(("US", "CA", "AU", "NZ", "IN"), "{city} {region} {postal_code}"),
    **dict.fromkeys(("GB", "IE"), "{city}\n{postal_code}"),
    **dict.fromkeys(("IT", "ES"), "{postal_code} {city} {region}"),
    **dict.fromkeys(("BR", "JP", "SG", "TH"), "{city} {region} {postal_code}"),
}
_USUAL: Final = "{postal_code} {city}"


@lru_cache(maxsize=512)
def country_name(code: str, language: str) -> str:
    return str(Locale.parse(LOCALES[language]).territories.get(code, code))


def address_lines(party: Mapping[str, Any], *, home: str, language: str) -> list[str]:
    """Name to country, each line once."""
    return [line for _name, line in address_parts(party, home=home, language=language)]


def address_parts(party: Mapping[str, Any], *, home: str, language: str) -> list[tuple[str, str]]:
    """(part, line); the country in capitals, and only where the letter leaves ours (``home``)."""
    country = clean.text(party.get("country")).upper()
    parts = {key: clean.text(party.get(key)) for key in ("city", "region", "postal_code")}
    city = _CITY.get(country, _USUAL).format(**parts)
    wanted = [
        *((key, clean.text(party.get(key))) for key in ("name", "name_2", "contact", "street", "street_2")),
        *(("city", " ".join(line.split())) for line in city.split("\n")),
    ]
    if country and country != home:
        wanted.append(("country", country_name(country, language).upper()))
    found: dict[str, str] = {}
    for (
        part,
        line,
    ) in wanted:  # a line that stands there twice keeps its first place, and the part that weighs more
        if line and found.get(line) != "name":
            found[line] = part
    return [(part, line) for line, part in found.items()]


def sender_line(party: Mapping[str, Any]) -> str:
    """The small line above the window's address."""
    place = f"{clean.text(party.get('postal_code'))} {clean.text(party.get('city'))}".strip()
    return " · ".join(
        part for part in (clean.text(party.get("name")), clean.text(party.get("street")), place) if part
    )


def same_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    keys = ("name", "name_2", "street", "street_2", "postal_code", "city", "country")
    return all(clean.text(one.get(key)) == clean.text(other.get(key)) for key in keys)
