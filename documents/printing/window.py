"""The recipient in the window of an envelope: no row of the address may lie outside of it (§ 14 (4) no. 1 UStG)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from documents.printing.measure import POINT, measured, rows_of

#: mm of the window's part for the address (templates/documents/paper/paper.css)
WIDTH: Final = 80.0
HEIGHT: Final = 27.6
#: (points, line height): the largest that has room is taken
SIZES: Final = (("10", "1.3"), ("9", "1.2"), ("8", "1.2"))
#: what is left out first, and then what is shortened; the country never is
SPARE: Final = ("contact", "name_2")
SHORTENED: Final = ("name", "street_2", "street", "city")
Parts = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Window:
    """``whole``: nothing of the address was left out. ``size`` and ``leading`` as the style sheet takes them."""

    parts: Parts
    size: str
    leading: str
    whole: bool = True

    @property
    def lines(self) -> list[str]:
        return [text for _name, text in self.parts]

    @property
    def excess(self) -> int:
        """Rows that have no room."""
        size = float(self.size) * POINT
        rows = rows_of([*map(measured, self.lines)], WIDTH / size)
        return rows - int(HEIGHT / (size * float(self.leading)))


def window_of(parts: Parts) -> Window:
    """All of the address where it fits, in smaller type if it must be; street, city and country in any case."""
    windows = [Window(parts, size, leading) for size, leading in SIZES]
    window = next((each for each in windows if each.excess <= 0), windows[-1])
    if window.excess <= 0:
        return window
    for name in SPARE:
        kept = [part for part in window.parts if part[0] != name]
        window = replace(window, parts=kept, whole=False)
        if window.excess <= 0:
            return window
    for name in SHORTENED:
        window = _shortened(window, name)
    return window


def _shortened(window: Window, name: str) -> Window:
    """As many letters of one part as leave room for the others, or of one row."""
    while window.excess > 0:
        at = max(
            (index for index, part in enumerate(window.parts) if part[0] == name),
            key=lambda index: len(window.parts[index][1]),
            default=None,
        )
        if at is None:
            break
        text = window.parts[at][1]
        room = WIDTH / (float(window.size) * POINT)
        if rows_of([measured(text)], room) < 2:
            break
        shorter = f"{text.removesuffix('…')[:-1].rstrip()}…"
        window = replace(window, parts=[*window.parts[:at], (name, shorter), *window.parts[at + 1 :]])
    return window
