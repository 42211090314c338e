"""Reads one group of posted fields and collects what cannot be read, each with its field and line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from valeo.core import typed
from valeo.core.exceptions import Violation

ZERO = Decimal(0)
Beside = Callable[[str], str]


class Reader:
    """``post`` by name with a prefix; problems carry the plain field name and the line's position."""

    def __init__(self, post: Mapping[str, str], prefix: str = "", line: int | None = None) -> None:
        self.post, self.prefix, self.line = post, prefix, line
        self.problems: list[Violation] = []

    def raw(self, name: str) -> str:
        return self.post.get(self.prefix + name, "")

    def say(self, code: str, text: str, field: str = "") -> None:
        self.problems.append(Violation(code, text, field, self.line))

    def text(self, name: str, limit: int, *, lines: bool = False) -> str:
        raw = self.raw(name)
        if not raw:
            return ""
        try:
            return typed.words(raw, limit, lines=lines)
        except typed.Unreadable as problem:
            self.say(problem.code, problem.text, name)
            return ""

    def number(
        self,
        name: str,
        *,
        decimals: int,
        digits: int = 9,
        least: Decimal | None = ZERO,
        most: Decimal | None = None,
        beside: Beside | None = None,
    ) -> Decimal | None:
        """A figure; ``beside`` judges a word typed with it ("3 %"): the text of what is wrong with it, or nothing."""
        raw = self.raw(name)
        if not raw:
            return None
        figure, word = typed.apart(raw) if beside else (raw, "")
        wrong = beside(word) if beside and word else ""
        if wrong:
            self.say("word-beside", wrong, name)
            return None
        try:
            found = typed.number(figure, decimals=decimals, digits=digits)
        except typed.Unreadable as problem:
            self.say(problem.code, problem.text, name)
            return None
        if found is not None and least is not None and found < least:
            self.say(
                "too-small",
                _("This figure must not be below %(least)s.") % {"least": typed.shown(least)},
                name,
            )
            return None
        if found is not None and most is not None and found > most:
            self.say(
                "too-large", _("This figure must not be above %(most)s.") % {"most": typed.shown(most)}, name
            )
            return None
        return found

    def day(self, name: str) -> date | None:
        raw = self.raw(name)
        if not raw:
            return None
        try:
            return typed.day(raw)
        except typed.Unreadable as problem:
            self.say(problem.code, problem.text, name)
            return None

    def flag(self, name: str) -> bool:
        return self.raw(name) not in {"", "0", "off", "false"}

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """One of the values on offer; anything else was forged or is gone."""
        raw = self.raw(name)
        if raw and raw not in allowed:
            self.say("no-choice", _("This choice does not exist."), name)
            return ""
        return raw

    def key(self, name: str, unknown: Callable[[], str]) -> int | None:
        """The key behind a select; ``unknown`` is the text for one that cannot be any row's."""
        raw = self.raw(name)
        if not raw:
            return None
        if raw.isascii() and raw.isdigit() and len(raw) <= 18:
            return int(raw)
        self.say("unknown", unknown(), name)
        return None
