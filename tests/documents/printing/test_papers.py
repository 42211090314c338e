"""Papers read back as text: words, § 14 UStG fields, sums, hostile content."""

from __future__ import annotations

import io
import re
import subprocess
from decimal import Decimal
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from documents.printing import render_html, render_pdf
from documents.printing.fonts import DIRECTORY, FILES
from documents.printing.papers import PageSize, default_page_size, file_name
from documents.printing.sums import exemptions_of
from documents.printing.texts import KINDS, TEXTS
from documents.spec import Paper
from tests.documents.printing import scenes
from tests.documents.printing import snapshots as s


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def words_of(snapshot: dict[str, Any], paper: Paper, language: str = "de", **given: Any) -> str:
    """The whole text with single blanks: how a reader reads it."""
    text = " ".join(pages_of(render_pdf(snapshot, paper=paper, language=language, **given)))
    return " ".join(text.replace("\u00a0", " ").split())


def euros(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def test_the_words_of_both_languages_are_complete() -> None:
    assert set(TEXTS["de"]) == set(TEXTS["en"])
    assert set(KINDS["de"]) == set(KINDS["en"])
    placeholders = re.compile(r"\{\w+\}")
    for key, text in TEXTS["de"].items():
        assert sorted(placeholders.findall(text)) == sorted(placeholders.findall(TEXTS["en"][key])), key


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "de",
            [
                "Rechnung INV-2026-00530", "Rechnungsnummer INV-2026-00530", "Rechnungsdatum 24.11.2026",
                "Leistungsdatum 12.11.2026", "Winterweizen Asory Z", "40 Sack", "375,00 € je 1 t", "= 1 t",
                "aus Lieferschein DL-2026-00311 vom 12.11.2026, Pos. 2", "Charge L-2026-07: 1 t",
                "Rabatt 3 % auf 342,00 €: −10,26 €", "Muster, ohne Berechnung", "Zwischensumme 706,74",
                "Treuerabatt 3 % auf 1.004,24 € −30,13", "Fracht 40,00",
                "Nettobetrag 1.014,11", "19 % Umsatzsteuer auf 635,44 € 120,73", "7 % Umsatzsteuer auf 378,67 € 26,51",
                "Gesamtbetrag 1.161,35 €", "Steuernummer 15/293/01234", "USt-IdNr. DE136695976",
                "Ihre USt-IdNr. DE811569869", "2 % Skonto auf 1.161,35 €: 23,23 €", "1.138,12 €",
                "Zahlbar bis 24.12.2026", "Lieferanschrift Hof Brodersen GbR, Lager Tating", "Code: " + s.CODE,
                "Seite 1 von 2",
            ],
        ),
        (
            "en",
            [
                "Invoice INV-2026-00530", "Invoice number INV-2026-00530", "Invoice date 24 Nov 2026",
                "Date of supply 12 Nov 2026", "€375.00 per 1 t", "from delivery note DL-2026-00311 of 12 Nov 2026, item 2",
                "Net amount 1,014.11", "19% VAT on €635.44 120.73", "Total amount €1,161.35", "Tax number 15/293/01234",
                "VAT ID DE136695976", "2% cash discount on €1,161.35: €23.23", "Page 1 of 2",
            ],
        ),
    ],
)  # fmt: skip
def test_an_invoice_carries_what_the_law_asks_for(language: str, expected: list[str]) -> None:
    text = words_of(s.full_invoice(), s.INVOICE, language)
    assert [wanted for wanted in expected if wanted not in text] == []
    for party in (s.SELLER, s.BUYER):  # § 14 (4) no. 1: name and address of both
        for key in ("name", "street", "postal_code", "city"):
            assert party[key] in text


def test_carried_sums_add_up_on_every_page() -> None:
    snapshot = s.long_invoice(60)
    pages = pages_of(render_pdf(snapshot, paper=s.INVOICE, language="de"))
    assert len(pages) >= 3
    running, seen = Decimal(0), 0
    for number, page in enumerate(pages, start=1):
        carried = [euros(found) for found in re.findall(r"Übertrag ([\d.,]+)", page)]
        amounts = [euros(found) for found in re.findall(r"(?:7|19)\s%\s([\d.]+,\d\d)$", page, re.MULTILINE)]
        expected = [running] if number > 1 else []
        running += sum(amounts)
        seen += len(amounts)
        if number < len(pages):
            expected.append(running)
        assert carried == expected, f"page {number}"
        assert f"Seite {number} von {len(pages)}" in page
    assert seen == 60
    assert running == Decimal(snapshot["totals"]["lines"])


def test_a_row_taller_than_a_page_keeps_the_sums() -> None:
    lines = [s.line(1), s.line(2, detail="\n".join(f"Zeile {n}" for n in range(120))), s.line(3)]
    pages = pages_of(render_pdf(s.snapshot(lines), paper=s.INVOICE, language="de"))
    carried = [euros(found) for page in pages for found in re.findall(r"Übertrag ([\d.,]+)", page)]
    assert carried
    assert set(carried) <= {Decimal("937.50"), Decimal("1875.00"), Decimal("2812.50")}
    assert carried == sorted(carried)


def test_one_page_carries_nothing() -> None:
    assert "Übertrag" not in words_of(s.snapshot(), s.INVOICE)


@pytest.mark.parametrize(
    ("reason", "title"),
    [("storno", "Stornorechnung"), ("price", "Rechnungskorrektur"), ("bonus", "Rechnungskorrektur")],
)
def test_corrections_are_never_called_gutschrift(reason: str, title: str) -> None:
    relation = "cancels" if reason == "storno" else "creates"
    reference = {
        "relation": relation,
        "kind": "sales_invoice",
        "number": "INV-2026-00471",
        "date": "2026-10-19",
    }
    snapshot = s.snapshot(
        kind="credit_note", number="CN-2026-00014", reason_kind=reason, references=[reference]
    )
    for language in ("de", "en"):
        text = words_of(snapshot, Paper("credit", {"de": "Gutschrift", "en": "Credit note"}), language)
        assert "gutschrift" not in text.lower()
        assert "INV-2026-00471" in text
    text = words_of(snapshot, s.CREDIT)
    assert f"{title} CN-2026-00014" in text
    assert "INV-2026-00471 vom 19.10.2026" in text  # § 31 (5) UStDV
    assert "Betrag zu Ihren Gunsten" in text
    assert "Zahlbar bis" not in text


@pytest.mark.parametrize(
    ("language", "frozen", "expected"),
    [
        ("de", "Steuerschuldnerschaft des Leistungsempfängers", "Steuerschuldnerschaft des Leistungsempfängers"),
        ("en", "Reverse charge: the recipient owes the tax", "Reverse charge: the recipient owes the tax"),
        ("en", "Article 196", "Reverse charge: VAT is due from the recipient of the supply. Article 196"),
        ("en", "", "Reverse charge: VAT is due from the recipient of the supply"),
    ],
)  # fmt: skip
def test_reverse_charge_is_said_once(language: str, frozen: str, expected: str) -> None:
    snapshot = s.snapshot([s.line(1, rate="0", category="AE")], exemptions={"AE": frozen}, language=language)
    assert exemptions_of(snapshot, TEXTS[language]) == [expected]


def test_exemptions_are_named() -> None:
    text = words_of(scenes.reverse_charge(), s.INVOICE)
    assert "Steuerschuldnerschaft des Leistungsempfängers" in text
    assert "ATU37675002" in text
    assert "DE136695976" in text
    assert "ÖSTERREICH" in text
    for category, wanted in (("K", "innergemeinschaftliche Lieferung"), ("G", "Ausfuhrlieferung")):
        assert wanted in words_of(s.snapshot([s.line(1, rate="0", category=category)]), s.INVOICE)
    own = {"E": "Kein Ausweis von Umsatzsteuer, da Kleinunternehmer gemäß § 19 UStG"}
    assert own["E"] in words_of(s.snapshot([s.line(1, rate="0", category="E")], exemptions=own), s.INVOICE)


def test_other_papers_say_what_they_are() -> None:
    order = words_of(scenes.order(), s.CONFIRMATION)
    assert "Auftragsbestätigung SO-2026-00412 · Fassung 2" in order
    assert "Lieferzeitraum 01.12.2026 – 05.12.2026" in order
    assert "Zahlbar bis" not in order
    quotation = words_of(scenes.quotation(), s.QUOTATION)
    assert "Dieses Angebot ist freibleibend." in quotation
    assert "Gültig bis 15.12.2026" in quotation
    delivery = words_of(scenes.delivery(), s.DELIVERY)
    assert "Charge L-26-07: 20 t" in delivery
    assert "aus Auftrag SO-2026-00412 vom 02.11.2026, Pos. 1" in delivery
    assert "Unterschrift" in delivery
    assert "9.750,00" not in delivery
    assert "375,00" not in delivery
    assert "9.750,00" in words_of(scenes.delivery(), s.DELIVERY_PRICED)
    back = s.snapshot([s.line(1, quantity="-2")], kind="delivery_note", number="DL-2026-00320")
    assert "Rücklieferschein" in words_of(back, s.DELIVERY)


def test_gross_prices_add_up_to_what_the_customer_was_told() -> None:
    text = words_of(scenes.consumer(), s.INVOICE)
    assert "Gesamtbetrag 40,00 €" in text
    assert "19 % Umsatzsteuer auf 33,61 € 6,39" in text
    assert "Summe Positionen" not in text


def test_a_draft_says_so_and_has_no_code() -> None:
    text = words_of(scenes.quotation(), s.QUOTATION, draft=True)
    assert "ENTWURF" in text
    assert s.CODE not in text
    assert "QUO-2026-00088" not in text
    assert "DRAFT" in words_of(scenes.quotation(), s.QUOTATION, "en", draft=True)
    assert "ENTWURF" not in words_of(scenes.quotation(), s.QUOTATION)


def test_a_second_copy_says_so() -> None:
    assert "Zweitschrift" in words_of(s.snapshot(), s.INVOICE, second_copy=True)
    assert "Zweitschrift" not in words_of(s.snapshot(), s.INVOICE)


def test_hostile_texts_stay_texts() -> None:
    html = render_html(scenes.hostile(), paper=s.INVOICE, language="de")
    assert "<script" not in html
    assert "<img" not in html
    assert "\u202e" not in html
    assert "\x00" not in html
    # a font with a missing glyph (Chinese) gets an encoding of its own, which pypdf cannot read
    pdf = render_pdf(scenes.hostile(), paper=s.INVOICE, language="de")
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "<script>alert(1)</script>" in text
    assert "{{ 7|add:7 }}" in text
    assert "Жито" in text
    assert "Ρύζι" in text
    evil = s.snapshot()
    evil["branding"]["accent"] = "red;} body { display: none"
    assert "display: none" not in render_html(evil, paper=s.INVOICE, language="de")


def test_two_hundred_lines() -> None:
    text = words_of(s.long_invoice(200), s.INVOICE)
    assert all(f"Sommergerste {n} " in text for n in range(1, 201))


def test_page_size_follows_the_customer() -> None:
    assert default_page_size(s.snapshot()) == "A4"
    assert default_page_size(scenes.american()) == "Letter"
    sizes: tuple[tuple[PageSize, int], ...] = (("A4", 595), ("Letter", 612))
    for size, width in sizes:
        pdf = render_pdf(scenes.american(), paper=s.INVOICE, language="en", page_size=size)
        assert round(float(PdfReader(io.BytesIO(pdf)).pages[0].mediabox.width)) == width


def test_file_names() -> None:
    assert file_name(s.snapshot()) == "INV-2026-00530_2026-11-24.pdf"
    assert file_name(s.snapshot(number=""), draft=True) == "sales_invoice-draft-3f0e5b1c_2026-11-24.pdf"


def test_a_paper_in_a_language_that_has_none_is_english() -> None:
    assert "Invoice number" in words_of(s.snapshot(), s.INVOICE, "fr")


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(LookupError, match="has no paper"):
        render_pdf(s.snapshot(), paper="nonsense", language="de")


def test_long_addresses_in_the_footer_break_at_their_at_and_dots_only() -> None:
    snapshot = s.full_invoice()
    snapshot["issuer"]["email"] = (
        "buchhaltung-und-rechnungswesen@marschland-agrarhandel-nordfriesland.example"
    )
    snapshot["issuer"]["website"] = "https://www.marschland-agrarhandel-nordfriesland.example"
    text = words_of(snapshot, Paper("invoice", {"de": "Rechnung"}))
    assert "buchhaltung-und-rechnungswesen@" in text
    assert "marschland-agrarhandel-nordfriesland" in text
    assert "https://www.marschland-agrarhandel-nordfriesland.example" in text.replace(" .", ".")


def test_an_address_in_the_footer_is_escaped() -> None:
    snapshot = s.full_invoice()
    snapshot["issuer"]["email"] = "a@<b>.example"
    html = render_html(snapshot, paper=Paper("invoice", {"de": "Rechnung"}), language="de")
    assert "a@</span><wbr><span" in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    "name",
    [
        "Gęś i Żółć",
        "Příliš žluťoučký",
        "Αγροτική Ένωση",
        "Сельхозпродукт Київ",
        "中国农业贸易有限公司",
        "日本農業 ひらがな",
        "대한농산물 주식회사 쀍뷁",
    ],
)
def test_names_of_many_countries_have_all_their_letters(name: str) -> None:
    """Read from the fonts: a missing letter is an empty box that still reads back as text."""
    letters = {chr(code) for file in FILES for code in TTFont(DIRECTORY / file).getBestCmap()}
    assert set(name) <= letters
    snapshot = s.full_invoice()
    snapshot["lines"][1]["description"] = name
    assert name in words_of(snapshot, Paper("invoice", {"de": "Rechnung"}))
