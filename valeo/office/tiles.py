"""The boxes of the dashboard: who sees which, how they stand beside each other, what each shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from babel.dates import format_date

from valeo.core.components import formats
from valeo.office import kinds, plots
from valeo.office.places import address
from valeo.office.selectors import feed, goods, receivables, revenue, tasks
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

THOUSAND: Final = Decimal(1000)
#: revenue and margin are read by who answers for them, not by everybody who may read an order
LEADS: Final = ("sales:approve", "finance:read")


@dataclass(frozen=True)
class Looker:
    """Who looks, where and on which day; what two boxes share is read once."""

    actor: Actor
    company: Company
    today: dt.date
    inbox_count: Callable[[], int]

    @cached_property
    def months(self) -> tuple[list[revenue.Month], list[revenue.Month]]:
        """The last twelve months, and the twelve before."""
        types = [item for item in kinds.allowed(self.actor) if kinds.sells(item)]
        found = revenue.months(types, self.today)
        return found[revenue.MONTHS :], found[: revenue.MONTHS]


@dataclass(frozen=True, slots=True)
class Tile:
    """A box at its place; ``live`` ones are read again after an event."""

    key: str
    place: str
    live: bool
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"office/tiles/{self.key}.html"

    @property
    def url(self) -> str:
        return address("dashboard", part=self.key)


@dataclass(frozen=True, slots=True)
class _Box:
    visible: Callable[[Actor], bool]
    facts: Callable[[Looker], dict[str, Any]]
    live: bool = True


def places(actor: Actor) -> dict[str, str]:
    """The boxes that the actor sees with their place on the sheet: two in a row, one alone over the whole width."""
    seen = [key for key, box in BOXES.items() if box.visible(actor)]
    beside = "receivables" if "receivables" in seen else "feed"
    rows = [("todo", beside), ("revenue", "margin"), ("deliver", "invoice"), ("stock", "feed")]
    found: dict[str, str] = {}
    for row in rows:
        shown = [key for key in row if key in seen and key not in found]
        spans = {1: ("t12",), 2: ("t5", "t7") if "receivables" in shown else ("t6", "t6")}.get(len(shown), ())
        for index, (key, span) in enumerate(zip(shown, spans, strict=True)):
            ends = ("first " if index == 0 else "") + ("last " if index == len(shown) - 1 else "")
            found[key] = f"{ends}{span}"
    return found


def tile(key: str, place: str, looker: Looker) -> Tile:
    """A box with what it shows."""
    box = BOXES[key]
    return Tile(key, place, box.live, box.facts(looker))


def _reads(actor: Actor) -> bool:
    return bool(kinds.allowed(actor))


def _todo(looker: Looker) -> dict[str, Any]:
    approves = bool(kinds.allowed(looker.actor, "approve"))
    return {
        "approvals": looker.inbox_count() if approves else 0,
        "inbox_url": address("workflow:inbox"),
        "tasks": tasks.tasks(looker.actor, looker.today),
    }


def _receivables(looker: Looker) -> dict[str, Any]:
    return {"owed": receivables.receivables(looker.today), "currency": looker.company.currency}


def _list_url(looker: Looker, first: dt.date, last: dt.date) -> str:
    """The invoices of some days."""
    for item in kinds.allowed(looker.actor):
        if kinds.sells(item) and item.ledger_sign > 0:
            return address("documents:list", item.code, **{"from": first.isoformat(), "to": last.isoformat()})
    return ""


def _month_name(day: dt.date, pattern: str = "LLL") -> str:
    return format_date(day, pattern, locale=formats.current().locale)


def _revenue(looker: Looker) -> dict[str, Any]:
    months, before = looker.months
    values, earlier = [month.net for month in months], [month.net for month in before]
    in_thousands = max([*values, *earlier]) >= 10 * THOUSAND
    unit = THOUSAND if in_thousands else Decimal(1)
    plot = plots.columns([value / unit for value in values], [value / unit for value in earlier])
    year_ago = before[-1].partly
    change = (months[-1].net - year_ago) / year_ago if year_ago > 0 else None
    return {
        "currency": looker.company.currency,
        "this": months[-1],
        "change": change,
        "change_text": "" if change is None else formats.share(abs(change), 1),
        "month": _month_name(looker.today, "LLLL"),
        "url": _list_url(looker, months[-1].start, looker.today),
        "in_thousands": in_thousands,
        "plot": plot,
        "columns": [
            (
                mark,
                _month_name(month.start),
                _month_name(month.start, "LLL yyyy"),
                month,
                _list_url(looker, month.start, month.end),
            )
            for mark, month in zip(plot.marks, months, strict=True)
        ],
        "any": any(values) or any(earlier),
    }


def _margin(looker: Looker) -> dict[str, Any]:
    months, _before = looker.months
    shares = [month.margin for month in months]
    plot = plots.line([None if share is None else share * 100 for share in shares])
    this, last = shares[-1], shares[-2]
    change = (this - last) * 100 if this is not None and last is not None else None
    return {
        "share": this,
        "change": change,
        "points": "" if change is None else formats.number(abs(change), least=1),
        "before": _month_name(months[-2].start, "LLLL"),
        "url": _list_url(looker, months[-1].start, looker.today),
        "plot": plot,
        "marks": [
            (mark, _month_name(month.start), _month_name(month.start, "LLL yyyy"), month.margin)
            for mark, month in zip(plot.marks, months, strict=False)
        ],
        "last_mark": next((mark for mark in reversed(plot.marks) if mark.y), None),
    }


BOXES: Final[dict[str, _Box]] = {
    "todo": _Box(_reads, _todo),
    "receivables": _Box(lambda actor: actor.has("finance:read"), _receivables),
    "revenue": _Box(lambda actor: _reads(actor) and actor.has_any(*LEADS), _revenue, live=False),
    "margin": _Box(lambda actor: _reads(actor) and actor.has_any(*LEADS), _margin, live=False),
    "deliver": _Box(
        lambda actor: any(item.traits.needs_delivery for item in kinds.allowed(actor)),
        lambda looker: {"shelf": goods.to_deliver(looker.actor, looker.today)},
    ),
    "invoice": _Box(
        lambda actor: any(kinds.goes_out(item) for item in kinds.allowed(actor)),
        lambda looker: {"shelf": goods.to_invoice(looker.actor, looker.today)},
    ),
    "stock": _Box(
        lambda actor: actor.has("inventory:read"), lambda _looker: {"scarce": goods.scarce()}, live=False
    ),
    "feed": _Box(_reads, lambda looker: {"happened": feed.latest(looker.actor)}),
}
