"""However much a company says of itself, the foot of its papers stays under the text and inside its columns."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from documents.printing import render_html, render_pdf
from documents.printing.content import TEXT_WIDTH, content_of
from documents.printing.fonts import DIRECTORY
from documents.printing.footer import LEAST, foot_of
from tests.documents.printing import snapshots as s

MM = 72 / 25.4
LONG = [
    [
        "Landwirtschaftliche Warenvertriebsgenossenschaft Nordfriesland-Dithmarschen eG",
        "An der alten Genossenschaftsmühle am Westerkoogsdeich 1234a, Hinterhaus",
        "25836 Garding-Kirchspielslandgemeinde Eiderstedt",
    ],
    [
        "Telefon +49 4862 1234567890",
        "buchhaltung.forderungsmanagement@landwirtschaftliche-warengenossenschaft-nordfriesland.example.de",
        "https://www.landwirtschaftliche-warengenossenschaft-nordfriesland.example.de/kontakt/impressum",
    ],
    [
        "Raiffeisen-Volksbank Nordfriesland-Dithmarschen-Eiderstedt eingetragene Genossenschaft",
        "IBAN DE89 3704 0044 0532 0130 00", "BIC COBADEFFXXX",
        "Donaudampfschifffahrtsgesellschaftsbankhaus Hermannsburg & Söhne", "IBAN DE02 1203 0000 0000 2020 51",
    ],
    [
        "Steuernummer 15/123/45678", "USt-IdNr. DE136695976",
        "Genossenschaftsregister Amtsgericht Flensburg GnR 12345 FL",
        "Vorsitzender des Aufsichtsrats: Johann-Friedrich Wilhelmsen-Brodersen",
        "Geschäftsführung: Dr. Hans-Christian von Schleswig-Holstein-Sonderburg, Maria-Magdalena Petersen-Johannsen",
    ],
]  # fmt: skip


def long_invoice() -> dict[str, Any]:
    snapshot = s.long_invoice(20)
    name, street, place = LONG[0]
    seller = {"name": name, "street": street, "postal_code": place[:5], "city": place[6:]}
    snapshot["parties"] = {
        **snapshot["parties"], "seller": {**snapshot["parties"]["seller"], **seller},
    }  # fmt: skip
    snapshot["issuer"] |= {
        "name": name, "phone": "+49 4862 1234567890", "email": LONG[1][1], "website": LONG[1][2],
        "bank_lines": "\n".join(LONG[2]), "register": LONG[3][2], "legal_text": LONG[3][3],
        "managing": LONG[3][4].partition(": ")[2],
    }  # fmt: skip
    return snapshot


def places(page: Any) -> list[tuple[float, float, str]]:
    """(x, y, text) in points, y from the lower edge."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((x, y, text.strip()))

    page.extract_text(visitor_text=visit)
    return found


@cache
def advances() -> dict[int, float]:
    """Code point → points at 6.8 pt, of Inter's latin letters."""
    font = TTFont(DIRECTORY / "inter/inter-latin-400-normal.woff2")
    em, widths = font["head"].unitsPerEm, font["hmtx"]
    return {code: widths[name][0] * 6.8 / em for code, name in font.getBestCmap().items()}


def width(text: str) -> float:
    return sum(advances().get(ord(letter), 0) for letter in text)


def edges(page_size: Any) -> list[float]:
    """Where the columns end, in points from the left edge."""
    text_width = float(TEXT_WIDTH[page_size])
    found, at = [], 25.0
    for column in foot_of(shown(), "", text_width).columns:
        at += text_width * column.width / 100
        found.append(at * MM)
    return found


def shown() -> list[list[str]]:
    """The columns as the paper of ``long_invoice`` has them."""
    context = content_of(
        long_invoice(), paper=s.INVOICE, language="de", page_size="A4",
        has_logo=False, draft=False, second_copy=False,
    )  # fmt: skip
    return [[re.sub("<[^>]*>", "", line) for line in column.lines] for column in context["foot"].columns]


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
def test_the_foot_stays_under_the_text_and_on_the_paper(page_size: Any) -> None:
    pdf = render_pdf(long_invoice(), paper=s.INVOICE, language="de", page_size=page_size)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) > 1
    for page in pages:
        told = places(page)
        top = min(y for _x, y, text in told if text.startswith("Es gelten unsere"))
        foot = [(x, y, text) for x, y, text in told if y < top]
        for x, _y, text in foot:
            end = next(edge for edge in edges(page_size) if edge > x + 1)
            assert x + width(text) <= end + 1, f"{text!r} stays in its column"
        assert min(y for _x, y, _text in foot) > 4 * MM
        above = [y for _x, y, text in told if y > top]
        assert min(above) - top > 2 * MM, "what is carried forward and the page's number stand clear of it"
        assert any("Petersen-" in text for _x, _y, text in foot)


def test_a_short_foot_takes_no_more_room_than_before() -> None:
    foot = foot_of([["Marschland GmbH", "Hafen 2", "25813 Husum"], ["Telefon 1"]], "", 165)
    assert foot.margin == LEAST


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
def test_words_stay_whole_where_a_column_can_hold_them(page_size: Any) -> None:
    foot = foot_of(LONG, "", float(TEXT_WIDTH[page_size]))
    assert round(sum(column.width for column in foot.columns)) == 100
    html = render_html(long_invoice(), paper=s.INVOICE, language="de", page_size=page_size)
    assert '<span class="whole">IBAN DE89 3704 0044 0532 0130 00</span>' in html
    assert '<span class="whole">.forderungsmanagement@</span>' in html
    assert '<span class="cut">landwirtschaftliche-warengenossenschaft-nordfriesland</span>' in html


WORDS = st.text(alphabet="abcdefghij ABC-@.&<>", max_size=120)


@settings(max_examples=40, deadline=None)
@given(columns=st.lists(st.lists(WORDS, max_size=8), max_size=4), note=WORDS)
def test_any_texts_find_their_place(columns: list[list[str]], note: str) -> None:
    foot = foot_of(columns, note, 165)
    assert LEAST <= foot.margin <= 130
    assert not foot.columns or abs(sum(column.width for column in foot.columns) - 100) < 0.01
    assert [len(column.lines) for column in foot.columns] == [
        len([line for line in column if line]) for column in columns if any(column)
    ]
