"""What two vouchers differ in, fact by fact and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.case import Case
from documents.kinds import FreeReason, LineKind, PartyRole
from documents.models import AllowanceCharge, Document, Line, Party
from documents.selectors.changes import described
from documents.services.compose.partying import EDITABLE
from documents.services.content import unit_symbols
from masterdata.kinds import TaxCategory
from masterdata.selectors import reference as references
from valeo.core.components import formats

NOTHING: Final = "–"
#: facts of the head that are told as the history tells them
PLAIN: Final = (
    "currency", "price_mode", "language", "terms_date", "supply_from", "supply_to", "buyer_reference",
    "partner_reference", "carrier", "incoterm", "header_text", "footer_text",
)  # fmt: skip
#: rows that the head refers to, told by their names
NAMED: Final[dict[str, str | Promise]] = {
    "partner": gettext_lazy("Partner"),
    "bill_to": gettext_lazy("Invoice to"),
    "branch": gettext_lazy("Branch"),
    "warehouse": gettext_lazy("Warehouse"),
    "payment_term": gettext_lazy("Payment terms"),
}
#: the day of posting unless a person chose another one
CHOSEN: Final = {"document_date": "date_is_set", "posting_date": "posting_date"}
PRINTED: Final = (PartyRole.BUYER, PartyRole.BILL_TO, PartyRole.SHIP_TO)


@dataclass(frozen=True, slots=True)
class Changed:
    """One fact that differs; ``line`` is the article or text of the line that it belongs to."""

    what: str
    old: str
    new: str
    line: str = ""
    figure: bool = False


class _Sheet:
    """One of the two vouchers, with what its lines are read by."""

    def __init__(self, case: Case, symbols: dict[str, str]) -> None:
        self.case, self.symbols = case, symbols
        self.currency = case.document.currency
        self.taken_off: dict[int, Decimal] = {}
        for row in case.allowances:
            if row.line_id is not None and row.percent is None:
                self.taken_off[row.line_id] = self.taken_off.get(row.line_id, Decimal(0)) + row.amount

    def money(self, value: Decimal) -> str:
        return formats.money(value, self.currency)

    def unit(self, code: str) -> str:
        return self.symbols.get(code, code)

    def quantity(self, line: Line) -> str:
        return f"{formats.quantity(line.quantity)} {self.unit(line.unit)}".strip()

    def charged(self, line: Line) -> str:
        if line.price_unit == line.unit:
            return ""
        return f"{formats.quantity(line.price_quantity)} {self.unit(line.price_unit)}".strip()

    def price(self, line: Line) -> str:
        base = "" if line.price_base == 1 else f"{formats.quantity(line.price_base)} "
        per = f" / {base}{self.unit(line.price_unit)}" if line.price_unit else ""
        return f"{formats.price(line.price)}{per}"

    def discount(self, line: Line) -> str:
        return formats.percent(line.discount_percent)

    def discount_amount(self, line: Line) -> str:
        amount = self.taken_off.get(line.pk)
        return self.money(amount) if amount else ""

    def vat(self, line: Line) -> str:
        code = references.tax_codes(self.case.reference).get(line.tax_code_id or 0)
        return vat_of(line, str(code.code) if code else "")

    def warehouse(self, line: Line) -> str:
        known = references.warehouses(self.case.reference)
        return next((str(row) for row in known if row.pk == line.warehouse_id), "")

    def lots(self, line: Line) -> str:
        return ", ".join(
            f"{lot.lot} {formats.quantity(lot.stock_quantity)}" for lot in self.case.lots.get(line.pk, [])
        )


Shown = Callable[[_Sheet, Line], str]


def _text(name: str) -> Shown:
    return lambda _sheet, line: str(getattr(line, name))


def _day(name: str) -> Shown:
    return lambda _sheet, line: formats.day(getattr(line, name))


def _choice(name: str, choices: type[FreeReason | LineKind]) -> Shown:
    return lambda _sheet, line: str(choices(value).label) if (value := getattr(line, name)) else ""


_FACTS: Final[tuple[tuple[str | Promise, Shown, bool], ...]] = (
    (gettext_lazy("Kind of line"), _choice("line_kind", LineKind), False),
    (gettext_lazy("Article"), _text("article_number"), False),
    (gettext_lazy("Description"), _text("description"), False),
    (gettext_lazy("Further text"), _text("detail"), False),
    (gettext_lazy("Quantity"), _Sheet.quantity, True),
    (gettext_lazy("Charged quantity"), _Sheet.charged, True),
    (gettext_lazy("Price"), _Sheet.price, True),
    (gettext_lazy("Discount"), _Sheet.discount, True),
    (gettext_lazy("Discount, amount"), _Sheet.discount_amount, True),
    (gettext_lazy("VAT"), _Sheet.vat, False),
    (gettext_lazy("Reason of a free line"), _choice("free_reason", FreeReason), False),
    (
        gettext_lazy("No cash discount"),
        lambda _sheet, line: _("yes") if line.skonto_excluded else _("no"),
        False,
    ),
    (gettext_lazy("Supplied from"), _day("supply_from"), False),
    (gettext_lazy("Supplied to"), _day("supply_to"), False),
    (gettext_lazy("Warehouse"), _Sheet.warehouse, False),
    (gettext_lazy("Lots"), _Sheet.lots, False),
    (gettext_lazy("Account"), _text("account"), False),
    (gettext_lazy("Cost centre"), _text("cost_center"), False),
)


def vat_of(row: Line | AllowanceCharge, code: str = "") -> str:
    """Rate and category in words, and the tax code: under several the rate is the same."""
    if not row.tax_category:
        return ""
    labels: dict[str, Any] = dict(TaxCategory.choices)
    label = str(labels.get(row.tax_category, row.tax_category))
    return " · ".join(part for part in (formats.percent(row.tax_rate), label, code) if part)


def of_lines(
    original: Case, successor: Case, pairs: list[tuple[Line | None, Line | None]]
) -> Iterator[Changed]:
    """Line by line; ``pairs`` are those of both vouchers that are the same one."""
    symbols = unit_symbols(original) | unit_symbols(successor)
    before, after = _Sheet(original, symbols), _Sheet(successor, symbols)
    for old, new in pairs:
        if old is not None and new is not None:
            yield from _line(before, old, after, new)
            continue
        line = new or old
        if line is not None:
            label = _("Line %(number)s is new") if old is None else _("Line %(number)s is gone")
            net = after.money(line.net_amount) if old is None else before.money(line.net_amount)
            shown = (NOTHING, net) if old is None else (net, NOTHING)
            yield Changed(label % {"number": line.position}, *shown, _name(line), figure=True)


def _line(before: _Sheet, old: Line, after: _Sheet, new: Line) -> Iterator[Changed]:
    name = _name(new)
    facts = [
        (str(what), shown(before, old), shown(after, new), figure) for what, shown, figure in _facts(old, new)
    ]
    for what, was, now, figure in [
        *facts,
        (_("Net"), before.money(old.net_amount), after.money(new.net_amount), True),
    ]:
        if was != now:
            label = _("Line %(number)s: %(what)s") % {"number": new.position, "what": what}
            yield Changed(label, was or NOTHING, now or NOTHING, name, figure)
            name = ""  # said once


def _facts(old: Line, new: Line) -> Iterator[tuple[str | Promise, Shown, bool]]:
    for fact in _FACTS:
        if fact[1] is _Sheet.charged and old.quantity != new.quantity:
            continue  # it goes with the quantity, which is told
        yield fact


def _name(line: Line) -> str:
    return f"{line.article_number} {line.description}".strip()


def of_entries(original: Case, successor: Case) -> Iterator[Changed]:
    """Discounts and charges of the whole document: their sums, and each entry as it was typed."""
    for label, name in ((_("Discount on the document"), "allowance_total"), (_("Charges"), "charge_total")):
        old, new = getattr(original.document, name), getattr(successor.document, name)
        if old != new:
            yield Changed(
                label, formats.money(old, original.document.currency),
                formats.money(new, successor.document.currency), figure=True,
            )  # fmt: skip
    before, after = _entries(original), _entries(successor)
    for text in list(before):
        if text in after:
            before.remove(text)
            after.remove(text)
    for index in range(max(len(before), len(after))):
        was, now = (texts[index] if index < len(texts) else NOTHING for texts in (before, after))
        yield Changed(_("Discount or charge %(number)s") % {"number": index + 1}, was, now)


def _entries(case: Case) -> list[str]:
    """The entries in their order; of one that is spread over the VAT groups, the VAT is that of the lines."""
    rows: dict[int, list[AllowanceCharge]] = {}
    for row in case.allowances:
        if row.line_id is None:
            rows.setdefault(row.entry, []).append(row)
    return [_entry(case, found) for _number, found in sorted(rows.items())]


def _entry(case: Case, rows: list[AllowanceCharge]) -> str:
    row = rows[0]
    if row.percent is not None:
        figure = formats.percent(row.percent)
    else:
        stated = (
            sum((each.amount for each in rows), Decimal(0))
            if row.stated_amount is None
            else row.stated_amount
        )
        figure = formats.money(stated, case.document.currency)
    kind = _("Charge") if row.is_charge else _("Discount")
    vat = vat_of(row) if len(rows) == 1 else ""
    return ", ".join(part for part in (f"{kind} {figure}", row.reason, vat) if part)


def of_head(original: Case, successor: Case) -> Iterator[Changed]:
    """What the head says, then the addresses that are printed."""
    old, new = original.document, successor.document
    for name, label in NAMED.items():
        if getattr(old, f"{name}_id") != getattr(new, f"{name}_id"):
            before, after = (str(getattr(each, name) or NOTHING) for each in (old, new))
            yield Changed(str(label), before, after)
    if old.terms_text != new.terms_text:
        yield Changed(_("Terms of payment in words"), old.terms_text or NOTHING, new.terms_text or NOTHING)
    for name in [*(name for name, chosen in CHOSEN.items() if getattr(new, chosen)), *PLAIN]:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            label, before, after = described(name, was, now)
            yield Changed(label, before or NOTHING, after or NOTHING)
    if old.terms_date != new.terms_date:
        yield Changed(_("Due"), _due(original), _due(successor))
    yield from _rate(original, successor)
    for role in PRINTED:
        before, after = _address(original.parties.get(role)), _address(successor.parties.get(role))
        if before != after:
            yield Changed(str(role.label), before or NOTHING, after or NOTHING)


def _due(case: Case) -> str:
    return ", ".join(formats.day(row.due) for row in case.instalments) or NOTHING


def _rate(original: Case, successor: Case) -> Iterator[Changed]:
    before, after = _rate_of(original), _rate_of(successor)
    if before != after:
        yield Changed(_("Exchange rate"), before or NOTHING, after or NOTHING)


def _rate_of(case: Case) -> str:
    document: Document = case.document
    if document.currency == case.company.currency:
        return ""
    rate = f"1 {document.currency} = {formats.price(document.exchange_rate)} {case.company.currency}"
    return ", ".join(part for part in (rate, document.rate_source, formats.day(document.rate_date)) if part)


def _address(party: Party | None) -> str:
    return ", ".join(str(value) for name in EDITABLE if (value := getattr(party, name, ""))) if party else ""
