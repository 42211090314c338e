"""How many rows a text takes on paper, before it is printed: from the widths of Inter's letters, rather too many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Final

#: mm of a point
POINT: Final = 0.3528

# widths of Inter Regular in thousandths of an em
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]-/")
_WIDE: Final = frozenset("mwMW@%")
_ADDRESS: Final = re.compile(r"(?<=@)|(?<=//)|(?=\.)")
_WORD: Final = re.compile(r"(?<= )|(?<=-)(?=\w)")
#: an IBAN in groups of four, with its name
ACCOUNT: Final = re.compile(r"(?:\bIBAN )?\b[A-Z]{2}[0-9]{2}(?: [A-Z0-9]{4})+(?: [A-Z0-9]{1,3})?\b")


def width_of(text: str) -> float:
    """In em, rather too much than too little; what Inter does not have counts as a full square."""
    return sum(_of(letter) for letter in text)


@lru_cache(maxsize=4096)
def _of(letter: str) -> float:
    if letter == " ":
        return 0.29
    if letter in _NARROW:
        return 0.38
    if letter in _WIDE:
        return 0.95
    if ord(letter) > 0x2E7F:
        return 1.0
    return 0.72 if letter.isupper() else 0.63


def pieces_of(line: str) -> list[str]:
    """What stands together in one row, if it fits."""
    if is_address(line):
        return [piece for piece in _ADDRESS.split(line) if piece]
    account = ACCOUNT.search(line)
    if account is None:
        return [piece for piece in _WORD.split(line) if piece]
    return [*pieces_of(line[: account.start()]), account[0], *pieces_of(line[account.end() :])]


def is_address(line: str) -> bool:
    return " " not in line and ("@" in line or "//" in line or "." in line)


def measured(line: str) -> list[tuple[float, float]]:
    """The widths of its pieces, with and without the blank that ends each."""
    return [(width_of(piece), width_of(piece.rstrip())) for piece in pieces_of(line)]


def rows_of(lines: Sequence[Sequence[tuple[float, float]]], room: float) -> int:
    rows = 0
    for line in lines:
        rows, used = rows + 1, 0.0
        for wide, needed in line:
            if used and used + needed > room:
                rows, used = rows + 1, 0.0
            if needed > room:
                rows += ceil(needed / room) - 1
            used += wide if needed <= room else needed % room
    return rows
