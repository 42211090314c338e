"""Figures, dates and texts as people type them, in German and English form; what is not clear is refused in words.

The user's language decides what point and comma mean, so 1.234 is one thing to a German and another to an English
reader. With both signs in a figure (1.234,56 or 1,234.56) either form is clear and taken.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from valeo.core.components import formats

MAX_TEXT: Final = 40  # no figure or date is longer
FIRST_YEAR, LAST_YEAR = 2000, 2099
_BLANKS: Final = re.compile("[ \u00a0\u2009\u202f'’]")
_PLAIN: Final = re.compile(r"[+-]?[0-9]*(?:[.,][0-9]+)*[.,]?")
_APART: Final = re.compile(
    r"\s*([^\W\d_]{3}|[€$£])?\s*([+\u2212-]?[0-9.,](?:[0-9.,\s'’]*[0-9.,])?)\s*([^\W\d_].*|[€$£%].*)?\s*"
)
_DOTTED: Final = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED: Final = re.compile(r"(\d{1,2})\.?\s+([^\W\d_]{3,9})\.?\s+(\d{4}|\d{2})")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb",
            "mar mär mrz",
            "apr",
            "may mai",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct okt",
            "nov",
            "dec dez",
        ),
        start=1,
    )
    for name in names.split()
}


class Unreadable(ValueError):
    """What was typed cannot be taken; the text says what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def has_control(text: str, *, lines: bool = False) -> bool:
    """Whether the text holds a control character; a text of several lines may break them."""
    allowed = "\n\r\t" if lines else ""
    return any(sign not in allowed and unicodedata.category(sign) in ("Cc", "Cs") for sign in text)


def words(text: str, limit: int, *, lines: bool = False) -> str:
    """A text without blanks around it. Raises ``Unreadable`` for control characters and beyond the limit."""
    if text.isascii() and text.isprintable():
        plain = text.strip()
    else:
        if has_control(text, lines=lines):
            raise Unreadable("control-character", _("This text contains a control character. Type it again."))
        plain = text.strip().replace("\r\n", "\n")
    if len(plain) > limit:
        raise Unreadable(
            "too-long",
            _("At most %(limit)s characters; these are %(count)s.") % {"limit": limit, "count": len(plain)},
        )
    return plain


def number(text: str, *, decimals: int, digits: int = 9, language: str | None = None) -> Decimal | None:
    """A figure, None where nothing was typed. ``digits`` is the limit before the point.

    Raises ``Unreadable`` for what is no figure, can be read in two ways, is too large or too exact.
    """
    if not text or not text.strip():
        return None
    if len(text) > MAX_TEXT or has_control(text):
        raise Unreadable("no-number", _("This is not a number."))
    plain = _BLANKS.sub("", text).replace("\u2212", "-")
    point = formats.current(language).point
    if not _PLAIN.fullmatch(plain) or not any("0" <= sign <= "9" for sign in plain):
        raise Unreadable("no-number", _("“%(text)s” is not a number.") % {"text": plain})
    whole, rest = _parts(plain, point)
    if len(whole.lstrip("+-0")) > digits:
        raise Unreadable("too-large", _("This figure is too large."))
    if len(rest.rstrip("0")) > decimals:
        raise Unreadable("too-exact", _("At most %(count)s decimals.") % {"count": decimals})
    return Decimal(f"{whole or '0'}.{rest or '0'}" if whole not in {"+", "-"} else f"{whole}0.{rest or '0'}")


def apart(text: str) -> tuple[str, str]:
    """A figure and the word beside it: "20 t" is ("20", "t"), "€ 245" is ("245", "€"). Without one: the text itself."""
    if len(text) > MAX_TEXT or has_control(text):
        return text, ""
    found = _APART.fullmatch(text)
    if found is None or (found[1] and found[3]):
        return text, ""
    return found[2], (found[1] or found[3] or "").strip()


def _parts(plain: str, point: str) -> tuple[str, str]:
    """What stands before and after the decimal sign, without the signs between groups."""
    group = "." if point == "," else ","
    if point in plain and group in plain:  # both: the last one is the decimal sign, in either form
        if plain.rfind(group) > plain.rfind(point):
            point, group = group, point
        if plain.count(point) > 1:
            raise _odd(plain, point)
    elif plain.count(point) > 1:
        raise _odd(plain, point)
    whole, _sign, rest = plain.partition(point)
    if group in rest or (
        group in whole and not re.fullmatch(rf"[+-]?[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+", whole)
    ):
        raise _odd(plain, point)
    return whole.replace(group, ""), rest


def _odd(plain: str, point: str) -> Unreadable:
    example = "1234,56" if point == "," else "1234.56"
    return Unreadable(
        "number-form",
        _("“%(text)s” can be read in more than one way. Write it like %(example)s.")
        % {"text": plain, "example": example},
    )


def day(text: str) -> date | None:
    """A date, None where nothing was typed. Raises ``Unreadable`` also for another age (1900)."""
    plain = text.strip()
    if not plain:
        return None
    if len(plain) > MAX_TEXT or has_control(plain):
        raise Unreadable("no-date", _("This is no date."))
    year, month, number_ = _date_parts(plain)
    if year < 100:
        year += 2000
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable("date-age", _("%(year)s is no plausible year.") % {"year": year})
    try:
        return date(year, month, number_)
    except ValueError as error:
        raise Unreadable("no-date", _("There is no day “%(text)s”.") % {"text": plain}) from error


def _date_parts(plain: str) -> tuple[int, int, int]:
    if found := _DOTTED.fullmatch(plain):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _ISO.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _NAMED.fullmatch(plain):
        month = _MONTHS.get(found[2][:3].lower())
        if month:
            return int(found[3]), month, int(found[1])
    if found := _SLASHED.fullmatch(plain):
        return _slashed(plain, int(found[1]), int(found[2]), int(found[3]))
    raise Unreadable(
        "no-date",
        _("“%(text)s” is no date. Write it like %(example)s.") % {"text": plain, "example": _example()},
    )


def _slashed(plain: str, first: int, second: int, year: int) -> tuple[int, int, int]:
    """Day or month first? Only a day above 12 tells."""
    if first == second or first > 12 >= second:
        return year, second, first
    if second > 12 >= first:
        return year, first, second
    raise Unreadable(
        "date-form",
        _("“%(text)s” can be read in two ways. Write it like %(example)s.")
        % {"text": plain, "example": _example()},
    )


def _example() -> str:
    return "24.11.2026" if formats.current().point == "," else "24 Nov 2026"


def shown(value: Decimal | None, least: int = 0) -> str:
    """A figure as a field shows it: the user's decimal sign, no signs between groups, no superfluous zeros."""
    if value is None:
        return ""
    whole, _sign, rest = format(value, "f").partition(".")
    rest = rest.rstrip("0").ljust(least, "0")
    return whole + (formats.current().point + rest if rest else "")


def shown_day(value: date | None) -> str:
    return formats.day(value)
