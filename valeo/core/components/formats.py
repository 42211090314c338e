"""Figures, money and dates in the user's form.

Germany and the United Kingdom stand for the two languages: 1.234,56 € · 24.11.2026 and €1,234.56 · 24 Nov 2026.
Values are rounded half away from zero, as everywhere in VALEO. Negative figures carry the minus sign U+2212.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language, gettext

Number = Decimal | int | float | str
LOCALES = {"de": "de_DE", "en": "en_GB"}
NBSP = "\u00a0"
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Form:
    """How one language writes figures."""

    locale: str
    group: str
    point: str
    symbol_first: bool


@lru_cache(maxsize=8)
def form_of(language: str) -> Form:
    """The form of a language code; languages without their own fall back to English."""
    name = LOCALES.get(language[:2], LOCALES["en"])
    symbols = Locale.parse(name).number_symbols["latn"]
    return Form(name, symbols["group"], symbols["decimal"], symbol_first=name != LOCALES["de"])


def current(language: str | None = None) -> Form:
    return form_of(language or get_language() or "en")


@lru_cache(maxsize=64)
def _symbol(currency: str, locale: str) -> str:
    return get_currency_symbol(currency, locale=locale)


def decimal_of(value: Number | None) -> Decimal | None:
    """The value as Decimal, or None where there is none. Floats go through their shortest text."""
    if value is None or value == "":
        return None
    return value if isinstance(value, Decimal) else Decimal(str(value))


def number(
    value: Number | None, *, least: int = 0, most: int | None = None, language: str | None = None
) -> str:
    """A figure with ``least`` to ``most`` decimals (``most`` defaults to ``least``); empty for None."""
    figure = decimal_of(value)
    if figure is None:
        return ""
    top = least if most is None else most
    text = f"{abs(figure).quantize(Decimal(1).scaleb(-top), ROUND_HALF_UP):,f}"
    whole, _, rest = text.partition(".")
    while len(rest) > least and rest.endswith("0"):
        rest = rest[:-1]
    form = current(language)
    shown = whole.replace(",", form.group) + (form.point + rest if rest else "")
    negative = figure < 0 and any(c in "123456789" for c in text)
    return MINUS + shown if negative else shown


def amount(value: Number | None, *, language: str | None = None) -> str:
    """Money without its symbol: two decimals."""
    return number(value, least=2, language=language)


def money(value: Number | None, currency: str = "EUR", *, language: str | None = None) -> str:
    """Money with its symbol where the language puts it."""
    shown = amount(value, language=language)
    if not shown:
        return ""
    form = current(language)
    symbol = _symbol(currency or "EUR", form.locale)
    if not form.symbol_first:
        return f"{shown}{NBSP}{symbol}"
    gap = NBSP if symbol.isalpha() else ""
    return f"{MINUS}{symbol}{gap}{shown[1:]}" if shown.startswith(MINUS) else f"{symbol}{gap}{shown}"


def price(value: Number | None, *, language: str | None = None) -> str:
    """A price: two to nine decimals."""
    return number(value, least=2, most=9, language=language)


def quantity(value: Number | None, decimals: int | None = None, *, language: str | None = None) -> str:
    """A quantity with the article's decimals, or as many as it needs (at most six)."""
    if decimals is None:
        return number(value, least=0, most=6, language=language)
    return number(value, least=decimals, language=language)


def percent(value: Number | None, decimals: int | None = None, *, language: str | None = None) -> str:
    """Percent points (19 is 19 %)."""
    least, most = (0, 2) if decimals is None else (decimals, decimals)
    shown = number(value, least=least, most=most, language=language)
    gap = NBSP if current(language).locale == LOCALES["de"] else ""
    return f"{shown}{gap}%" if shown else ""


def share(value: Number | None, decimals: int = 0, *, language: str | None = None) -> str:
    """A share of one (0.62 is 62 %)."""
    figure = decimal_of(value)
    return "" if figure is None else percent(figure * 100, decimals, language=language)


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day(value: dt.date | None, *, language: str | None = None) -> str:
    """24.11.2026 or 24 Nov 2026; a moment is taken in the current time zone."""
    if value is None:
        return ""
    form = current(language)
    return format_date(
        _local(value), "dd.MM.yyyy" if form.locale == LOCALES["de"] else "d MMM yyyy", locale=form.locale
    )


def day_month(value: dt.date | None, *, language: str | None = None) -> str:
    """24.11. or 24 Nov, where the year is clear."""
    if value is None:
        return ""
    form = current(language)
    return format_date(
        _local(value), "dd.MM." if form.locale == LOCALES["de"] else "d MMM", locale=form.locale
    )


def clock(value: dt.datetime | None) -> str:
    """10:41 in the current time zone."""
    return "" if value is None else f"{_local(value):%H:%M}"


def moment(value: dt.datetime | None, *, language: str | None = None) -> str:
    """Today 10:41, else date and time."""
    if value is None:
        return ""
    if _local(value).strftime("%Y%m%d") == timezone.localtime().strftime("%Y%m%d"):
        return gettext("today %(clock)s") % {"clock": clock(value)}
    return f"{day(value, language=language)} {clock(value)}"


def initials(name: str | None) -> str:
    """At most two letters of a name: Jens Brodersen is JB."""
    words = [word for word in (name or "").replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()


def filesize(value: int | None, *, language: str | None = None) -> str:
    """Bytes as B, kB or MB."""
    size = float(value or 0)
    for unit in ("B", "kB", "MB"):
        if size < 1000 or unit == "MB":
            break
        size /= 1000
    return f"{number(size, least=0, most=0 if unit == 'B' else 1, language=language)}{NBSP}{unit}"
