"""The column beside the editor: totals, credit, margin, what still hinders; and the calculated cells of the lines."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from documents import hooks
from documents.case import Case
from documents.findings import ExceptionFound, standing, stood
from documents.forms import choices
from documents.inputs import DraftInput
from documents.models import Line
from documents.selectors.chain import release
from documents.totals import round2
from valeo.core import typed
from valeo.core.components import formats
from valeo.core.components.data import BarPart
from valeo.core.exceptions import Violation
from valeo.tenancy.actor import Actor

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Todo:
    """Something before submitting: a block, or an exception that will need an approval."""

    text: str
    anchor: str = ""
    asks: bool = False


@dataclass(slots=True)
class Rail:
    """What ``documents/editor_rail.html`` shows."""

    case: Case | None = None
    todo: list[Todo] = field(default_factory=list)
    credit: dict[str, Any] | None = None
    margin: dict[str, Any] | None = None
    available: dict[int, hooks.Available] = field(default_factory=dict)
    asks_always: bool = False

    @property
    def waits(self) -> bool:
        """It can be submitted, and then a person decides."""
        return (self.asks_always or bool(self.todo)) and all(item.asks for item in self.todo)

    @property
    def discount(self) -> Decimal:
        """What the document's own discounts take off, as a negative figure."""
        return -self.case.document.allowance_total if self.case else ZERO

    @property
    def taxes(self) -> list[tuple[str, Decimal]]:
        case = self.case
        if case is None:
            return []
        currency = case.document.currency
        return [
            (
                _("%(rate)s on %(net)s")
                % {"rate": formats.percent(group.rate), "net": formats.money(group.net, currency)},
                group.tax,
            )
            for group in case.tax_groups
        ]


def rail_of(case: Case, actor: Actor, today: Any, problems: list[Violation]) -> Rail:
    """All about a case in memory. Runs the kind's guards and exceptions, which only read."""
    case.actor, case.today = actor, today
    case.facts["preview"] = True
    release(case)
    rail = Rail(case=case, todo=[_todo(case, item) for item in problems])
    told = {(item.line, item.field) for item in problems}
    with transaction.atomic():  # finders may lock what they read; nothing is written
        before = _accepted(case)
        rail.todo += [
            _todo(case, item)
            for guard in case.type.guards
            for item in guard(case)
            if (item.line, item.field) not in told
        ]
        rail.todo += [
            Todo(str(item.text), _anchor(case, "", item.line), asks=True)
            for finder in case.type.exceptions
            for item in finder(case)
            if not stood(case, item, before)
        ]
        rail.available = dict(hooks.availability(case))
        rail.credit = _credit(case)
    rail.margin = _margin(case)
    rail.asks_always = hooks.asks_always(case)
    return rail


def _accepted(case: Case) -> dict[Hashable, ExceptionFound]:
    """Of an amendment: what the content in force needed a person for; it is not asked about again."""
    in_force: Case | None = case.facts.get("amends")
    if in_force is None:
        return {}
    in_force.actor, in_force.today = case.actor, case.today
    release(in_force)
    return standing(in_force, (item for finder in case.type.exceptions for item in finder(in_force)))


def _todo(case: Case, item: Violation) -> Todo:
    where = _("Line %(number)s: ") % {"number": item.line} if item.line else ""
    text = str(item.text).removeprefix(where)  # some say their line themselves
    return Todo(f"{where}{text}", _anchor(case, item.field, item.line))


def _anchor(case: Case, name: str, line: int | None) -> str:
    """The field's id; a line is named by the prefix that the page knows it under."""
    if line:
        prefixes = case.facts.get("prefixes", ())
        prefix = prefixes[line - 1] if line <= len(prefixes) else f"lines-{line - 1}"
        return f"id_{prefix}-{name or 'article'}"
    return f"id_{name}" if name else ""


def _credit(case: Case) -> dict[str, Any] | None:
    use = hooks.credit(case)
    if use is None:
        return None
    total, over = use.total, use.over
    whole = max(total, use.limit or ZERO, Decimal(1))
    parts = [
        BarPart(max(ZERO, use.open_items) / whole, "3", _("Open items")),
        BarPart(max(ZERO, use.open_orders) / whole, "2", _("Orders not yet invoiced")),
        BarPart(max(ZERO, use.this - over) / whole, "1", _("This document")),
        BarPart(min(over, max(ZERO, use.this)) / whole, "d", _("Over the limit")),
    ]
    return {
        "use": use, "total": total, "over": over, "parts": [part for part in parts if part.share],
        "currency": case.company.currency,
    }  # fmt: skip


def _margin(case: Case) -> dict[str, Any] | None:
    """Gross profit in company currency, of the lines whose cost is known."""
    if not case.type.traits.has_prices or case.type.side != "output":
        return None
    net = case.document.net_company
    lines = [line for line in case.amount_lines if line.cost_price and line.net_amount]
    if not lines or not net:
        return None
    rate = case.document.exchange_rate
    lowest = min(lines, key=lambda line: _share(line, rate))
    profit = net - case.document.cost_total
    return {
        "profit": profit, "percent": round2(profit / net * HUNDRED), "currency": case.company.currency,
        "lowest": lowest.position, "lowest_percent": round2(_share(lowest, rate) * HUNDRED),
    }  # fmt: skip


def _share(line: Line, rate: Decimal) -> Decimal:
    net = line.net_amount * rate
    return (net - (line.cost_price or ZERO) * line.stock_quantity) / net


def cells(case: Case, data: DraftInput, rail: Rail) -> list[dict[str, Any]]:
    """Per line in order: the calculated cells, the reasons for price and tax, and what was found for empty cells."""
    symbols = choices.symbols()
    return [
        _cells(line, given, rail.available.get(line.position), symbols)
        for line, given in zip(case.lines, data.lines, strict=True)
    ]


def _cells(
    line: Line, given: Any, available: hooks.Available | None, symbols: dict[Any, str]
) -> dict[str, Any]:
    if not line.unit:
        return {"net": "", "available": "", "why": "", "per": ""}
    unit = symbols.get(line.unit, line.unit)
    found: dict[str, str] = {}
    if given.description is None and line.article_number:
        found["description"] = line.description
    if given.unit is None:
        found["unit"] = unit
    if given.price is None and line.found_price is not None:
        found["price"] = typed.shown(line.price, 2)
    shown: dict[str, Any] = {
        "net": formats.amount(line.net_amount),
        "fill": found,
        "labels": {"tax_code": formats.percent(line.tax_rate) if line.tax_category else _("auto")},
        "why": _why(line, symbols),
        "available": "",
        "per": _per(line, symbols),
        "missing": format(line.stock_quantity - sum((each for _lot, each in given.lots), ZERO), "f"),
    }
    if available is not None:
        symbol = symbols.get(available.unit, available.unit)
        shown["available"] = f"{formats.quantity(available.quantity)} {symbol}"
        if available.short > ZERO:
            shown["short"] = True
            shown["warning"] = _("%(have)s %(unit)s available, %(short)s %(unit)s are missing.") % {
                "have": formats.quantity(available.quantity), "short": formats.quantity(available.short), "unit": symbol,
            } + (f" {available.note}" if available.note else "")  # fmt: skip
    return shown


def _per(line: Line, symbols: dict[Any, str]) -> str:
    """What the price is for: per t, per 100 kg."""
    if not line.price_unit:
        return ""
    base = "" if line.price_base == 1 else f"{formats.quantity(line.price_base)} "
    return f"{_('per')} {base}{symbols.get(line.price_unit, line.price_unit)}"


def _why(line: Line, symbols: dict[Any, str]) -> str:
    """Why this price, why this tax."""
    pieces = []
    source = line.price_source
    if source.get("manual"):
        pieces.append(_("Price typed; found: %(price)s") % {"price": formats.price(line.found_price)})
    if source.get("text"):
        pieces.append(str(source["text"]))
    elif source.get("source") == "carried":
        pieces.append(_("Price as agreed in the document it came from"))
    elif source.get("source") == "none":
        pieces.append(_("No price list has this article"))
    if line.price_unit and line.price_unit != line.unit:
        pieces.append(
            _("%(quantity)s %(unit)s are charged")
            % {
                "quantity": formats.quantity(line.price_quantity),
                "unit": symbols.get(line.price_unit, line.price_unit),
            }
        )
    pieces += [str(line.tax_source[name]) for name in ("text", "problem") if line.tax_source.get(name)]
    return " · ".join(pieces)
