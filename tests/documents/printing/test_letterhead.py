"""However long the letterhead is, number and dates stand below it, and the document begins on the first page."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from documents.printing import render_pdf
from documents.printing.letterhead import MOST
from documents.printing.papers import PageSize
from tests.documents.printing import snapshots as s
from tests.documents.printing.test_footer import MM, long_invoice, places

MANY = "\n".join(f"Zeile {n} des Briefkopfs: Telefon 04841 8800-{n}" for n in range(13))
WRAPPING = "Ein sehr langer Satz über unser Haus. " * 14
ENDLESS = "Noch eine Zeile\n"
NUMBER = {"de": "Rechnungsnummer", "en": "Invoice number"}


def paper(header: str, language: str, page_size: PageSize) -> bytes:
    snapshot = long_invoice()
    snapshot["branding"]["header"] = {"de": header, "en": header}
    return render_pdf(snapshot, paper=s.INVOICE, language=language, page_size=page_size)


def heights(header: str, language: str, page_size: PageSize) -> tuple[float, float, float]:
    """mm from the upper edge: the lowest visible row of the letterhead, the row of the number, the first item's."""
    page = PdfReader(io.BytesIO(paper(header, language, page_size))).pages[0]
    top = float(page.mediabox.height)
    rows = [((top - y) / MM, x / MM, text) for x, y, text in places(page)]
    number = next(down for down, _x, text in rows if text.startswith(NUMBER[language]))
    first = next(down for down, _x, text in rows if text.startswith("Sommergerste"))
    head = max(down for down, x, text in rows if x > 110 and any(w in text for w in ("Zeile", "Haus")))
    return head, number, first


@pytest.mark.parametrize(("page_size", "language"), [("A4", "de"), ("Letter", "en")])
@pytest.mark.parametrize("header", [MANY, WRAPPING], ids=["many", "wrapping"])
def test_number_and_dates_stand_below_the_letterhead(header: str, page_size: PageSize, language: str) -> None:
    head, number, first = heights(header, language, page_size)
    assert head + 3 < number < first


def test_a_letterhead_without_end_leaves_room_for_the_document(tmp_path: Path) -> None:
    """What has no room is clipped: the page looks as if there were no more of it."""
    _head, number, first = heights(ENDLESS * 80, "en", "Letter")
    assert number < first < 150
    pages = []
    for count in (MOST, 80):
        file, picture = tmp_path / f"{count}.pdf", tmp_path / str(count)
        file.write_bytes(paper(ENDLESS * count, "en", "Letter"))
        subprocess.run(["pdftoppm", "-r", "40", "-l", "1", "-gray", "-singlefile", file, picture], check=True)
        pages.append(Image.open(f"{picture}.pgm"))
    other = ImageChops.difference(*pages).point(lambda value: 255 if value > 100 else 0)
    assert other.getbbox() is None


def test_a_short_letterhead_moves_nothing() -> None:
    short, long = (heights(header, "de", "A4") for header in ("Unser Haus", "Unser Haus\n" * 9))
    assert short[1:] == long[1:]
