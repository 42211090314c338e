"""The letterhead's own lines stand above number and dates, and push these down where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from documents.printing.measure import POINT, measured, rows_of

#: mm (templates/documents/paper/paper.css): where the lines start, the em of 8 pt, a row of it, and its left edge
TOP, EM, LEFT = 2.0, 8 * POINT, 95.0
LINE: Final = EM * 1.35
#: mm from the upper margin to number and dates, and to the end of the window
USUAL, END = 38.0, 85.0
GAP: Final = 1.5
#: more rows would leave no room for the document on the smallest page with the highest foot; they are not shown
MOST: Final = 18


@dataclass(frozen=True, slots=True)
class Letterhead:
    """``room`` and ``least``: mm above number and dates, and from there to the end of the window; ``height``: of the lines."""

    lines: Sequence[str]
    room: str
    least: str
    height: str


def letterhead_of(lines: Sequence[str], text_width: float) -> Letterhead:
    rows = min(MOST, rows_of([*map(measured, lines)], (text_width - LEFT) / EM))
    room = max(USUAL, TOP + rows * LINE + GAP)
    return Letterhead(lines, f"{room:.1f}", f"{max(0.0, END - room):.1f}", f"{rows * LINE:.1f}")
