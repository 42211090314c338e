"""Texts and figures of a snapshot as a paper shows them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Final

from valeo.core.components import formats

# Control characters, and those that turn the reading direction of what follows: a description must not be able to
# make an amount read backwards. Tab and line feed stay.
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BREAKS: Final = re.compile(r"\r\n?|\u2028|\u2029")


def text(value: Any) -> str:
    """Printable text; line breaks are LF."""
    return _UNPRINTABLE.sub("", _BREAKS.sub("\n", "" if value is None else str(value))).strip()


def lines(value: Any) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text(value).split("\n") if line.strip()]


def by_language(value: Any, language: str) -> str:
    """A text that is given once, or per language."""
    if isinstance(value, dict):
        return text(value.get(language) or next((other for other in value.values() if other), ""))
    return text(value)


def figure(value: Any) -> Decimal:
    return Decimal(str(value or "0"))


def day(value: str | None, language: str) -> str:
    return formats.day(dt.date.fromisoformat(value), language=language) if value else ""


def percent(value: Any, language: str) -> str:
    return formats.number(value, most=4, language=language) + ("\u00a0%" if language == "de" else "%")


def quantity(value: Any, language: str) -> str:
    return formats.quantity(value, language=language)


def amount(value: Any, language: str) -> str:
    return formats.amount(value, language=language)


def money(value: Any, currency: str, language: str) -> str:
    return formats.money(value, currency, language=language)


def price(value: Any, currency: str, language: str) -> str:
    """A unit price with its currency: two to nine decimals."""
    shown = formats.price(value, language=language)
    two = formats.amount(value, language=language)
    return formats.money(value, currency, language=language).replace(two, shown)
