"""Small plots as SVG geometry: numbers become texts that no language changes (``x="12.5"``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

WIDTH, LEFT, TOP, BOTTOM, LABELS = 460, 34, 14, 96, 108
ZERO: Final = Decimal(0)
STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MOST_TICKS: Final = 3


@dataclass(frozen=True, slots=True)
class Tick:
    y: str
    text_y: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Mark:
    """One month: its column, or its point on the line; ``before`` is the height of last year's stroke."""

    x: str
    y: str
    width: str = ""
    height: str = ""
    middle: str = ""
    before: str = ""
    before_from: str = ""
    before_to: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    ticks: list[Tick] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # points of each unbroken stretch


def columns(values: Sequence[Decimal], before: Sequence[Decimal]) -> Plot:
    """Columns from zero, with a stroke for the value of a year ago; below zero there is no column."""
    top = max([*values, *before, ZERO])
    ticks = _ticks(ZERO, top or Decimal(1))
    highest = max(ticks[-1], top)
    slot = Decimal(WIDTH - LEFT) / len(values)
    marks = []
    for index, (value, earlier) in enumerate(zip(values, before, strict=True)):
        left = LEFT + slot * index
        y = _y(max(value, ZERO), ZERO, highest)
        marks.append(
            Mark(
                x=_text(left + slot * Decimal("0.2")), y=_text(y), width=_text(slot * Decimal("0.6")),
                height=_text(BOTTOM - y), middle=_text(left + slot / 2),
                before=_text(_y(earlier, ZERO, highest)) if earlier > 0 else "",
                before_from=_text(left + slot * Decimal("0.08")), before_to=_text(left + slot * Decimal("0.92")),
            )
        )  # fmt: skip
    return Plot([_tick(tick, ZERO, highest) for tick in ticks], marks)


def line(values: Sequence[Decimal | None]) -> Plot:
    """A line that breaks where there is no value. Empty where there is none at all."""
    known = [value for value in values if value is not None]
    if not known:
        return Plot()
    ticks = _ticks(min(known), max(known))
    lowest, highest = min(ticks[0], *known), max(ticks[-1], *known)
    slot = Decimal(WIDTH - LEFT) / len(values)
    marks, stretches = [], [[]]  # type: ignore[var-annotated]
    for index, value in enumerate(values):
        middle = _text(LEFT + slot * index + slot / 2)
        y = "" if value is None else _text(_y(value, lowest, highest))
        marks.append(Mark(x=middle, y=y, middle=middle))
        if y:
            stretches[-1].append(f"{middle},{y}")
        elif stretches[-1]:
            stretches.append([])
    lines = [" ".join(points) for points in stretches if points]
    return Plot([_tick(tick, lowest, highest) for tick in ticks], marks, lines)


def _ticks(lowest: Decimal, highest: Decimal) -> list[Decimal]:
    """Round values that enclose the range: two to four of them."""
    span = highest - lowest or abs(highest) or Decimal(1)
    power = Decimal(1).scaleb((span / MOST_TICKS).adjusted())
    step = next(factor * power for factor in STEPS if factor * power * MOST_TICKS >= span)
    tick = (lowest / step).to_integral_value(rounding="ROUND_FLOOR") * step
    found = [tick]
    while found[-1] < highest or len(found) == 1:
        found.append(found[-1] + step)
    return found


def _y(value: Decimal, lowest: Decimal, highest: Decimal) -> Decimal:
    return BOTTOM - (BOTTOM - TOP) * (value - lowest) / (highest - lowest)


def _tick(value: Decimal, lowest: Decimal, highest: Decimal) -> Tick:
    y = _y(value, lowest, highest)
    return Tick(_text(y), _text(y + 3), value)


def _text(value: Decimal) -> str:
    return f"{value:.1f}"
