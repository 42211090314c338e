"""The foot of a paper: how wide each column is, and how much room all of it takes from the text.

WeasyPrint gives a page margin no height of its own, so the lines are counted here (documents/printing/measure.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from documents.printing.measure import ACCOUNT, is_address, measured, pieces_of, rows_of, width_of

#: mm: the em of 6.8 pt, the line of 1.35, the gap between columns (templates/documents/paper/paper.css)
EM: Final = 6.8 * 0.3528
LINE: Final = EM * 1.35
GAP: Final = 3.0
NOTE_LINE: Final = 7 * 0.3528 * 1.35
#: mm between text and foot (carried forward, page number), under the foot, and around its rule
ABOVE, BELOW, AROUND = 11.0, 5.0, 3.0
LEAST, MOST = 40.0, 130.0
#: the width is dealt out in so many parts, of which each column has a few
PARTS, FEWEST = 24, 4


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that are text, or markup with the places where an address may go on; ``width`` in percent."""

    width: float
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Foot:
    """``margin``: mm from the text to the edge of the paper."""

    columns: list[Column]
    margin: float


def foot_of(columns: Sequence[Sequence[str]], note: str, text_width: float) -> Foot:
    """Columns so wide that as few words as can be are cut and the foot is low; empty ones are left out."""
    filled = [[line for line in column if line] for column in columns]
    filled = [column for column in filled if column]
    widths = _widths(filled, text_width)
    rows = max(
        (
            rows_of([*map(measured, column)], _room(width))
            for column, width in zip(filled, widths, strict=True)
        ),
        default=0,
    )
    notes = sum(max(1, ceil(width_of(line) / (text_width / EM))) for line in note.split("\n")) if note else 0
    height = ABOVE + BELOW + AROUND + notes * NOTE_LINE + rows * LINE
    return Foot(
        columns=[
            Column(round(100 * width / text_width, 3), [_breakable(line, width) for line in column])
            for column, width in zip(filled, widths, strict=True)
        ],
        margin=round(min(MOST, max(LEAST, height)), 1),
    )


def _widths(columns: list[list[str]], text_width: float) -> list[float]:
    """In mm, of all ways to deal the parts out: the lowest foot, where a cut word is as bad as three rows more."""
    if not columns:
        return []
    part = text_width / PARTS
    sized = [[measured(line) for line in column] for column in columns]

    def cost(parts: tuple[int, ...]) -> tuple[int, int, int, tuple[int, ...]]:
        rooms = [_room(part * count) for count in parts]
        rows = [rows_of(column, room) for column, room in zip(sized, rooms, strict=True)]
        cut = sum(
            needed > room
            for column, room in zip(sized, rooms, strict=True)
            for line in column
            for _wide, needed in line
        )
        return 3 * cut + max(rows), sum(rows), sum(count * count for count in parts), parts

    return [part * count for count in min(_deals(len(columns)), key=cost)]


def _deals(count: int) -> Iterator[tuple[int, ...]]:
    for first in product(range(FEWEST, PARTS - FEWEST), repeat=count - 1):
        last = PARTS - sum(first)
        if last >= FEWEST or count == 1:
            yield (*first, last)


def _room(width: float) -> float:
    """In em, of a column with its gap."""
    return (width - GAP) / EM


def _breakable(line: str, width: float) -> str:
    """The line, and where an address may go on in the next one: after its @ and before its dots, at no hyphen.

    A part of it that is wider than its column is not kept together. An account's number is, where it fits.
    """
    room = _room(width)
    account = ACCOUNT.search(line)
    if account is not None and width_of(account[0]) <= room:
        start, end = line[: account.start()], line[account.end() :]
        return format_html('{}<span class="whole">{}</span>{}', start, account[0], end)
    if not is_address(line):
        return line
    pieces = ((("whole" if width_of(piece) <= room else "cut"), piece) for piece in pieces_of(line))
    return format_html_join(mark_safe("<wbr>"), '<span class="{}">{}</span>', pieces)
