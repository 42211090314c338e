"""The same snapshot gives the same bytes, from our own fonts, with nothing from outside."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from documents.printing import engine, render_pdf
from documents.printing.fonts import DIRECTORY, FACES, FILES
from tests.documents.printing import scenes
from tests.documents.printing import snapshots as s

OTHER_PROCESS = """
import django, hashlib
django.setup()
from documents.printing import render_pdf
from tests.documents.printing import scenes, snapshots as s
render_pdf(scenes.american(), paper=s.INVOICE, language="en", page_size="Letter")
print(hashlib.sha256(render_pdf(s.full_invoice(), paper=s.INVOICE, language="de")).hexdigest())
"""


def made(**given: object) -> bytes:
    return render_pdf(s.full_invoice(), paper=s.INVOICE, language="de", **given)  # type: ignore[arg-type]


def test_the_same_bytes_twice_with_others_between() -> None:
    first = made()
    render_pdf(scenes.hostile(), paper=s.INVOICE, language="en", page_size="Letter")
    assert made() == first


def test_the_same_bytes_in_another_process() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS], check=True, capture_output=True, text=True,
        cwd=Path(__file__).resolve().parents[3],
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin", "DATABASE_URL": "postgresql://x@localhost/x",
             "PYTHONHASHSEED": "7", "TZ": "America/Lima"},
    )  # fmt: skip
    assert answer.stdout.strip() == hashlib.sha256(made()).hexdigest()


def test_other_content_gives_another_identifier() -> None:
    def identifier(pdf: bytes) -> object:
        return PdfReader(io.BytesIO(pdf)).trailer["/ID"]

    assert identifier(made()) != identifier(made(second_copy=True))


def test_it_is_a_tagged_archive_file_with_title_language_and_dates() -> None:
    reader = PdfReader(io.BytesIO(made()))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/OutputIntents"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Rechnung INV-2026-00530"
    assert str(reader.metadata["/CreationDate"]) == "D:20261124000000Z"
    assert b'pdfaid:part="3"' in root["/Metadata"].get_data()
    assert b'conformance="U"' in root["/Metadata"].get_data()


def test_every_font_is_ours_and_embedded() -> None:
    families = {family for family, _weight, _file in FACES}
    pdf = render_pdf(scenes.hostile(), paper=s.INVOICE, language="de")
    found = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            kept = font.get_object()
            found.add(kept["/BaseFont"])
            descendant = kept["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3", "/FontFile"} & set(descendant)
    names = {name.split("+", 1)[1].replace("-Semi-Bold", "") for name in found}
    assert names <= families
    assert {"paper-latin", "paper-arabic", "paper-hebrew", "paper-cyrillic", "paper-greek"} <= names


def test_every_font_file_is_there_with_its_licence() -> None:
    for file in FILES:
        assert (DIRECTORY / file).is_file()
        assert "SIL Open Font License" in (DIRECTORY / file).with_name("LICENSE").read_text()
    assert (DIRECTORY / "VERSION").is_file()


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.png",
        "file:///etc/passwd",
        "valeo:fonts/../../../etc/passwd",
        "data:text/plain,x",
        "valeo:logo",
    ],
)
def test_a_paper_takes_nothing_from_elsewhere(address: str) -> None:
    with pytest.raises(ValueError, match="takes nothing"):
        engine.Shelf(None, "").fetch(address)


def test_a_logo_cannot_fetch() -> None:
    """An SVG that names other files is drawn without them, and no byte of them gets into the paper."""
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>'
    snapshot = s.full_invoice()
    snapshot["branding"]["logo"] = {"sha256": "0" * 64, "mime": "image/svg+xml"}
    assert render_pdf(snapshot, paper=s.INVOICE, language="de", logo=logo).startswith(b"%PDF")
    assert render_pdf(snapshot, paper=s.INVOICE, language="de", logo=b"no picture").startswith(b"%PDF")


def test_a_png_logo_gives_the_same_bytes_each_time() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (300, 80), (15, 118, 110, 200)).save(file, "PNG")
    snapshot = s.full_invoice()
    snapshot["branding"]["logo"] = {"sha256": "0" * 64, "mime": "image/png"}
    once, twice = (
        render_pdf(snapshot, paper=s.INVOICE, language="de", logo=file.getvalue()) for _ in range(2)
    )
    assert once == twice
    assert b"/Image" in once


def test_the_qr_code_leads_to_the_verification_page(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(render_pdf(s.snapshot(), paper=s.INVOICE, language="de"))
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-singlefile", str(file), str(tmp_path / "page")], check=True
    )
    with Image.open(tmp_path / "page.png") as page:
        found = [code.text for code in zxingcpp.read_barcodes(page)]
    assert found == [s.snapshot()["verify"]["url"]]
