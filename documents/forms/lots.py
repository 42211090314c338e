"""The lots of a line as one text: a row per lot, ``4711 = 25,5``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents.forms.reader import Reader
from valeo.core import typed

MAX_LOTS: Final = 50
_ROW: Final = re.compile(r"(.+?)\s*(?:[=:\t]|\s)\s*([^\s=:]+)")


def read(reader: Reader, name: str) -> tuple[tuple[str, Decimal], ...]:
    """Lots with their quantities in stock units; what is unclear becomes a problem of the field."""
    text = reader.text(name, 4000, lines=True)
    if not text:
        return ()
    rows = [row.strip() for row in re.split(r"[\n;]", text) if row.strip()]
    if len(rows) > MAX_LOTS:
        reader.say("too-many", _("At most %(count)s lots per line.") % {"count": MAX_LOTS}, name)
        return ()
    found = []
    for row in rows:
        match = _ROW.fullmatch(row)
        if match is None:
            reader.say(
                "lot-form",
                _("Write each lot with its quantity: %(example)s.") % {"example": "4711 = 25"},
                name,
            )
            continue
        try:
            quantity = typed.number(match[2], decimals=6)
        except typed.Unreadable as problem:
            reader.say(problem.code, f"{match[1]}: {problem.text}", name)
            continue
        if quantity is None or len(match[1]) > 40:
            reader.say("lot-form", _("A lot has at most 40 characters, and a quantity."), name)
            continue
        found.append((match[1], quantity))
    return tuple(found)


def shown(lots: Iterable[tuple[str, Decimal]]) -> str:
    return "\n".join(f"{lot} = {typed.shown(quantity)}" for lot, quantity in lots)
