"""What people type beside a figure: the unit of a quantity, the currency of a price, the sign of a percentage.

"40 Sack" in the quantity says the line's unit as well, whatever stands in the unit's own cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from babel.numbers import get_currency_name, get_currency_symbol
from django.utils.translation import gettext as _

from documents.forms import resolve
from documents.forms.reader import Beside
from masterdata.models import Article, Unit
from masterdata.selectors.units import units_of
from valeo.core import typed
from valeo.core.components.formats import LOCALES

PERCENT: Final = "%"


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """A unit typed behind a quantity: its UN/ECE code and its symbol for the reader, or why it cannot be."""

    word: str
    code: str = ""
    symbol: str = ""
    problem: str = ""


def units(quantities: Mapping[str, tuple[int | None, str]]) -> dict[str, UnitSaid]:
    """By line the unit in its quantity, of lines given as (article's key, what was typed).

    An article is counted in its own units and in those of the same physical kind. The same few queries for any number
    of lines, and none where nobody typed a unit.
    """
    words = {
        prefix: (article_id, word)
        for prefix, (article_id, quantity) in quantities.items()
        if (word := typed.apart(quantity)[1])
    }
    if not words:
        return {}
    spellings, symbols = resolve.unit_codes(), {unit.code: unit.symbol() for unit in Unit.objects.all()}
    keys = {article_id for article_id, _word in words.values() if article_id}
    counted = {
        key: [unit.code for unit in found.by_id.values()]
        for key, found in units_of(Article.objects.filter(pk__in=keys)).items()
    }
    return {
        prefix: _said(word, spellings, symbols, counted.get(article_id or 0))
        for prefix, (article_id, word) in words.items()
    }


def _said(
    word: str, spellings: Mapping[str, str], symbols: Mapping[str, str], counted: list[str] | None
) -> UnitSaid:
    code = spellings.get(word.casefold()) or spellings.get(word.casefold().rstrip("."))
    if code is None:
        return UnitSaid(word, problem=_("There is no unit “%(unit)s”.") % {"unit": word})
    if counted is not None and code not in counted:
        known = ", ".join(symbols[each] for each in counted)
        text = _("The article is not counted in “%(unit)s”, but in: %(units)s.")
        return UnitSaid(word, problem=text % {"unit": word, "units": known})
    return UnitSaid(word, code, symbols[code])


def percent(word: str) -> str:
    """Beside a percentage stands its sign or nothing."""
    return "" if word == PERCENT else _("Type the percentage alone, without “%(word)s”.") % {"word": word}


def currency(code_of: Callable[[], str]) -> Beside:
    """Beside an amount stands the document's currency or nothing. ``code_of`` is asked only where a word was typed."""

    def judge(word: str) -> str:
        code = code_of()
        if word.casefold() in spellings_of(code):
            return ""
        text = _("“%(word)s” is not the currency of this document, which is %(currency)s.")
        return text % {"word": word, "currency": code}

    return judge


def spellings_of(code: str) -> set[str]:
    """EUR, €, Euro: how a currency is written in the two languages."""
    names = {code} | {
        name(code, locale=locale)
        for locale in LOCALES.values()
        for name in (get_currency_symbol, get_currency_name)
    }
    return {name.casefold() for name in names}
