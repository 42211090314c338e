"""Patterns of numbers: rendering one, and whether two could give the same number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

_FIELD: Final = re.compile(r"\{(prefix|company|branch|year|yy|number)(?::0([1-9])d)?\}")
_DIGITS: Final = frozenset("0123456789")
_CODE: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern with what is fixed about it; ``branch`` None stands for any branch or none."""

    pattern: str
    prefix: str
    company: str
    branch: str | None


def shows_year(pattern: str) -> bool:
    return "{year}" in pattern or "{yy}" in pattern


def number_fields(pattern: str) -> int:
    """How often the running number stands in the pattern: exactly once in a good one."""
    return sum(match[1] == "number" for match in _FIELD.finditer(pattern))


def render(shape: Shape, *, year: int, value: int) -> str:
    """The number; the same as the statement in ``services.allocation`` makes."""

    def fill(match: re.Match[str]) -> str:
        match match[1]:
            case "prefix":
                return shape.prefix
            case "company":
                return shape.company
            case "branch":
                return shape.branch or ""
            case "year":
                return str(year)
            case "yy":
                return f"{year % 100:02d}"
            case _:
                return str(value).zfill(int(match[2] or 1))

    return _FIELD.sub(fill, shape.pattern)


def expression(shape: Shape) -> str:
    """A regular expression for the numbers of the shape, of any year and value."""

    def stand(match: re.Match[str]) -> str:
        match match[1]:
            case "prefix":
                return re.escape(shape.prefix)
            case "company":
                return re.escape(shape.company)
            case "branch":
                return re.escape(shape.branch or "")
            case "year":
                return "[0-9]{4}"
            case "yy":
                return "[0-9]{2}"
            case _:
                return "[0-9]+"

    parts, end = [], 0
    for match in _FIELD.finditer(shape.pattern):
        parts += [re.escape(shape.pattern[end : match.start()]), stand(match)]
        end = match.end()
    return f"^{''.join(parts)}{re.escape(shape.pattern[end:])}$"


def longest(shape: Shape, *, value: int) -> int:
    """How long the number of a value can get; any branch's code has up to eight characters."""
    widest = shape if shape.branch is not None else replace(shape, branch="X" * 8)
    return len(render(widest, year=9999, value=value))


def could_collide(one: Shape, other: Shape) -> bool:
    """Whether some year and running number of each could give the same text."""
    left, right = tuple(_elements(one)), tuple(_elements(other))

    @cache
    def meet(i: int, j: int) -> bool:
        if i == len(left) and j == len(right):
            return True
        (chars, many), (others, many_others) = (
            left[i] if i < len(left) else (frozenset(), False),
            right[j] if j < len(right) else (frozenset(), False),
        )
        if many and meet(i + 1, j):
            return True
        if many_others and meet(i, j + 1):
            return True
        if not chars & others or (many and many_others):
            return False
        return meet(i if many else i + 1, j if many_others else j + 1)

    return meet(0, 0)


def _elements(shape: Shape) -> Iterator[tuple[frozenset[str], bool]]:
    """The pattern as characters: which ones may stand there, and whether any number of them."""
    end = 0
    for match in _FIELD.finditer(shape.pattern):
        yield from _text(shape.pattern[end : match.start()])
        end = match.end()
        match match[1]:
            case "prefix":
                yield from _text(shape.prefix)
            case "company":
                yield from _text(shape.company)
            case "branch" if shape.branch is None:
                yield _CODE, True
            case "branch":
                yield from _text(shape.branch or "")
            case "year":
                yield from [(_DIGITS, False)] * 4
            case "yy":
                yield from [(_DIGITS, False)] * 2
            case _:
                yield from [(_DIGITS, False)] * int(match[2] or 1)
                yield _DIGITS, True
    yield from _text(shape.pattern[end:])


def _text(text: str) -> Iterator[tuple[frozenset[str], bool]]:
    return ((frozenset(character), False) for character in text)
