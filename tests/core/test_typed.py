from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from valeo.core import typed
from valeo.core.typed import Unreadable

D = Decimal


@pytest.mark.parametrize(
    ("language", "text", "figure"),
    [
        ("de", "1.234,56", D("1234.56")),
        ("de", "1,234.56", D("1234.56")),
        ("en", "1.234,56", D("1234.56")),
        ("en", "1,234.56", D("1234.56")),
        ("de", "1.234.567,8", D("1234567.8")),
        ("de", "40,000", D(40)),
        ("en", "40,000", D(40000)),
        ("de", "1.234", D(1234)),
        ("en", "1.234", D("1.234")),
        ("de", "7", D(7)),
        ("de", ",5", D("0.5")),
        ("de", "12,", D(12)),
        ("de", "-3,5", D("-3.5")),
        ("de", "−3,5", D("-3.5")),
        ("de", "1 234,5", D("1234.5")),
        ("de", "1\u00a0234,5", D("1234.5")),
        ("de", "1'234", D(1234)),
        ("de", "0,000000", D(0)),
        ("de", "  ", None),
        ("de", "", None),
    ],
)
def test_figures_in_both_forms(language: str, text: str, figure: Decimal | None) -> None:
    with translation.override(language):
        assert typed.number(text, decimals=6) == figure


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("de", "12.5", "number-form"),
        ("de", "1234.56", "number-form"),
        ("en", "12,5", "number-form"),
        ("de", "1.23,4", "number-form"),
        ("de", "1,2,3", "number-form"),
        ("en", "1.2.3", "number-form"),
        ("de", "1.234,567.8", "number-form"),
        ("de", "NaN", "no-number"),
        ("de", "Infinity", "no-number"),
        ("de", "1e5", "no-number"),
        ("de", "0x10", "no-number"),
        ("de", "١٢", "no-number"),
        ("de", "12 t", "no-number"),
        ("de", "-", "no-number"),
        ("de", "1\x00", "no-number"),
        ("de", "9" * 41, "no-number"),
        ("de", "1234567890", "too-large"),
        ("de", "1,0000001", "too-exact"),
    ],
)
def test_unclear_figures_are_refused_in_words(language: str, text: str, code: str) -> None:
    with translation.override(language), pytest.raises(Unreadable) as refusal:
        typed.number(text, decimals=6)
    assert refusal.value.code == code
    assert refusal.value.text


@given(st.decimals(-(10**8), 10**8, places=6), st.sampled_from(["de", "en"]))
def test_a_shown_figure_reads_as_itself(figure: Decimal, language: str) -> None:
    with translation.override(language):
        assert typed.number(typed.shown(figure, 2), decimals=6) == figure


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24.11.2026", date(2026, 11, 24)),
        ("4.1.27", date(2027, 1, 4)),
        ("2026-11-24", date(2026, 11, 24)),
        ("24 Nov 2026", date(2026, 11, 24)),
        ("24. März 2026", date(2026, 3, 24)),
        ("3 December 2026", date(2026, 12, 3)),
        ("24/11/2026", date(2026, 11, 24)),
        ("11/24/2026", date(2026, 11, 24)),
        ("29.02.2028", date(2028, 2, 29)),
        ("", None),
    ],
)
def test_dates_in_both_forms(text: str, day: date | None) -> None:
    assert typed.day(text) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("11/12/2026", "date-form"),
        ("24.11.1900", "date-age"),
        ("24.11.2100", "date-age"),
        ("31.11.2026", "no-date"),
        ("29.02.2026", "no-date"),
        ("tomorrow", "no-date"),
        ("24.13.2026", "no-date"),
        ("24.11.2026\x07", "no-date"),
        ("1" * 50, "no-date"),
    ],
)
def test_unclear_dates_are_refused_in_words(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        typed.day(text)
    assert refusal.value.code == code


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["de", "en"]))
def test_a_shown_day_reads_as_itself(day: date, language: str) -> None:
    with translation.override(language):
        assert typed.day(typed.shown_day(day)) == day


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\nb", "\x7f"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="control"), translation.override("en"):
        typed.words(text, 100)


def test_texts_may_have_lines_where_they_are_texts() -> None:
    assert typed.words(" a\r\nb\tc ", 100, lines=True) == "a\nb\tc"
    assert typed.words("Müller & Söhne 🌾", 100) == "Müller & Söhne 🌾"
    with pytest.raises(Unreadable):
        typed.words("x" * 101, 100)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("20 t", ("20", "t")),
        ("40Sack", ("40", "Sack")),
        ("1.234,5 Big Bag", ("1.234,5", "Big Bag")),
        ("-3 Stk.", ("-3", "Stk.")),
        ("1 000 kg", ("1 000", "kg")),
        ("245,00 €", ("245,00", "€")),
        ("€245.00", ("245.00", "€")),
        ("EUR 245", ("245", "EUR")),
        ("3 %", ("3", "%")),
        ("245 €/t", ("245", "€/t")),
        ("20", ("20", "")),
        ("", ("", "")),
        ("Sack", ("Sack", "")),
        ("NaN", ("NaN", "")),
        ("2-3", ("2-3", "")),
        ("EUR 245 €", ("EUR 245 €", "")),
        ("20 t\x00", ("20 t\x00", "")),
        ("2 " + "t" * 40, ("2 " + "t" * 40, "")),
    ],
)
def test_a_word_beside_a_figure_is_told_apart(text: str, apart: tuple[str, str]) -> None:
    assert typed.apart(text) == apart
