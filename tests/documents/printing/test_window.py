"""No row of the recipient's address lies outside of the window, and none of what matters is left out."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from documents.printing import render_pdf
from documents.printing.papers import PageSize
from documents.printing.window import window_of
from tests.documents.printing import scenes
from tests.documents.printing import snapshots as s
from tests.documents.printing.test_footer import MM, places

#: mm from the upper edge: the window's end (DIN 5008 form B), and room for the letters below their line
END, BELOW = 90.0, 0.6
COUNTRIES = {"de": "NIEDERLANDE", "en": "NETHERLANDS"}
SEVEN = {
    "name": "Van der Meulen Graanhandel B.V.", "name_2": "Afdeling Crediteuren", "contact": "Mevrouw J. de Vries",
    "street": "Haringvlietplein 14", "street_2": "Poort 3", "postal_code": "3251 LD", "city": "Stellendam",
    "country": "NL",
}  # fmt: skip
LONG = SEVEN | {
    "name": "Landwirtschaftliche Warenvertriebs- und Bezugsgenossenschaft Nordfriesland-Dithmarschen-Eiderstedt eG",
    "name_2": "Zentrale Rechnungsprüfung und Kreditorenbuchhaltung der Hauptverwaltung",
    "street": "An der alten Genossenschaftsmühle am Westerkoogsdeich 1234a, Hinterhaus links",
}
ENDLESS = SEVEN | {"name": "Genossenschaft " * 13, "street": "Deichweg " * 20, "street_2": "Hinterhaus " * 18}


def shown(address: dict[str, str], language: str, page_size: PageSize) -> tuple[str, str]:
    """What shows in the window, and what else the first page says."""
    snapshot = s.snapshot(
        parties={role: s.party(**address) for role in ("buyer", "bill_to", "ship_to")}, language=language
    )
    pdf = render_pdf(snapshot, paper=s.INVOICE, language=language, page_size=page_size)
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    height = float(page.mediabox.height)
    inside: list[str] = []
    rest: list[str] = []
    for x, y, text in places(page):
        down = (height - y) / MM
        shows = 62 < down < END - BELOW and x / MM < 100
        (inside if shows else rest).append(text)
    return " ".join(inside), " ".join(rest)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("page_size", ["A4", "Letter"])
@pytest.mark.parametrize("address", [SEVEN, LONG, ENDLESS], ids=["seven", "long", "endless"])
def test_street_city_and_country_show_in_the_window(
    address: dict[str, str], page_size: PageSize, language: str
) -> None:
    text, rest = shown(address, language, page_size)
    wanted = [address["name"][:14], address["street"][:8], "3251 LD Stellendam", COUNTRIES[language]]
    assert [each for each in wanted if each not in text] == []
    left_out = [each for each in (address["contact"], address["name_2"]) if each not in text]
    assert [each for each in left_out if each not in rest] == []
    title = {"de": "Vollständige Anschrift", "en": "Full address"}[language]
    assert (title in rest) is (address is not SEVEN)


def test_a_delivery_note_shows_the_city_of_a_long_address() -> None:
    snapshot: dict[str, Any] = scenes.delivery()
    snapshot["parties"]["ship_to"] = s.party(
        name="Raiffeisen Waren-Zentrale Rhein-Main Aktiengesellschaft", name_2="Lager Mannheim-Friedrichsfeld",
        contact="Warenannahme Tor 4, Herr Müller", street="Am Alten Güterbahnhof 112",
        street_2="Silo 4 / Zufahrt über Hafenstraße", postal_code="68229", city="Mannheim",
    )  # fmt: skip
    page = PdfReader(io.BytesIO(render_pdf(snapshot, paper=s.DELIVERY, language="de"))).pages[0]
    height = float(page.mediabox.height)
    rows = {text: (height - y) / MM for _x, y, text in places(page)}
    assert rows["68229 Mannheim"] < END - BELOW


def test_an_address_that_fits_keeps_its_size() -> None:
    window = window_of([("name", "Hof Brodersen GbR"), *(("street", f"Deichweg {n}") for n in range(5))])
    assert (window.size, window.leading, window.whole) == ("10", "1.3", True)


TEXT = st.text(alphabet="abcdefghijklm nopqrstuvwxyzABCWM-./Öß谷", min_size=1, max_size=200)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=7, max_size=7))
def test_whatever_is_written_fits(texts: list[str]) -> None:
    names = ("name", "name_2", "contact", "street", "street_2", "city", "country")
    texts[-1] = texts[-1][:20]
    window = window_of(list(zip(names, texts, strict=True)))
    assert window.excess <= 0
    assert {"name", "street", "city", "country"} <= {name for name, _text in window.parts}
