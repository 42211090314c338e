"""The lines of a draft: article, units, price with its reason, tax with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Final

from django.utils.translation import gettext as _

from documents.inputs import DraftInput, LineInput, TakenTax
from documents.kinds import WITHOUT_AMOUNT, LineKind
from documents.models import Line
from documents.services.compose.catalogue import Catalogue
from documents.services.compose.gross import without_our_vat
from documents.services.compose.taxing import facts_of, situation_of
from masterdata.models import Article, TaxCode, Warehouse
from masterdata.rounding import NANO, round_to
from masterdata.selectors.prices import FoundPrice, PriceQuestion, find_prices, in_mode
from masterdata.selectors.taxes import FoundTax, TaxAnswer, TaxQuestion, determine_taxes
from masterdata.units import Units, converted
from valeo.core.exceptions import Refused, Violation

ONE: Final = Decimal(1)
ZERO: Final = Decimal(0)
WEIGHED_TOLERANCE: Final = Decimal(10)
PIECE: Final = "C62"  # UN/ECE Rec 20: one


@dataclass(slots=True)
class Entry:
    """A line while it is being put together."""

    position: int
    given: LineInput
    line: Line
    article: Article | None
    units: Units | None
    unit_id: int | None = None
    before: tuple[str, Decimal] = ("", ONE)  # price unit and base of the stored line's found price
    price_unit_id: int | None = None
    kept_unit_id: int | None = None


def build(catalogue: Catalogue, data: DraftInput, header: Header, old: dict[int, Line]) -> list[Line]:
    """All lines in order, with prices and taxes; problems of single lines are collected and refused together."""
    problems: list[Violation] = []
    entries = [
        _entry(catalogue, header, given, position, old, problems)
        for position, given in enumerate(data.lines, start=1)
    ]
    if problems:
        raise Refused(problems)
    if catalogue.type.traits.has_taxes:
        _taxes(catalogue, header, entries)
    if catalogue.type.traits.has_prices:
        _prices(catalogue, header, entries)
    return [entry.line for entry in entries]


@dataclass(frozen=True, slots=True)
class Header:
    """What lines need of the document."""

    language: str
    currency: str
    price_mode: str
    supply: date
    supply_to: date | None
    warehouse: Warehouse | None
    ship_from: str
    ship_to: str
    taken: Mapping[int, TakenTax]  # by line: the tax of what it corrects or cancels


def _entry(
    catalogue: Catalogue, header: Header, given: LineInput, position: int, old: dict[int, Line],
    problems: list[Violation],
) -> Entry:  # fmt: skip
    article = catalogue.articles.get(given.article_id or 0)
    units = catalogue.units.get(article.pk) if article else None
    line = old.get(given.id or 0) or Line(company_id=catalogue.company.pk, pk=-position)
    line.position, line.line_kind = position, _kind(given, article)
    line.article = article
    line.article_number = article.number if article else ""
    line.description = _text(given.description, article.name(header.language) if article else "", 400)
    line.detail = _text(given.detail, article.description(header.language) if article else "", 4000)
    entry = Entry(position, given, line, article, units, before=(line.price_unit, line.price_base))
    if line.line_kind in WITHOUT_AMOUNT:
        _without_amount(line)
        return entry
    line.quantity = given.quantity
    _stocking(catalogue, header, entry)
    try:
        _units(entry)
    except Refused as refusal:
        problems.extend(
            Violation(row.code, row.text, row.field or "unit", position) for row in refusal.violations
        )
    line.supply_from, line.supply_to = given.supply_from, given.supply_to
    line.free_reason = given.free_reason
    line.account = given.account or (article.revenue_account if article else "")
    line.cost_center, line.skonto_excluded = given.cost_center, given.skonto_excluded
    line.replaces, line.reopens, line.with_goods = given.replaces, given.reopens, given.with_goods
    line.cost_price = (
        given.cost_price if given.cost_price is not None else (article.standard_cost if article else None)
    )
    return entry


def _kind(given: LineInput, article: Article | None) -> LineKind:
    if given.line_kind in WITHOUT_AMOUNT or article is None:
        return LineKind(given.line_kind)
    return LineKind(article.kind)


def _text(given: str | None, found: str, limit: int) -> str:
    return (found if given is None else given)[:limit]


def _without_amount(line: Line) -> None:
    line.quantity = line.price_quantity = line.stock_quantity = line.price = ZERO
    line.unit = line.price_unit = line.stock_unit = line.tax_category = ""
    line.discount_percent = line.gross_amount = line.net_amount = line.tax_rate = ZERO
    line.found_price = line.cost_price = line.tax_code = None
    line.is_stocked = line.lot_duty = False
    line.price_source, line.tax_source = {}, {}


def _stocking(catalogue: Catalogue, header: Header, entry: Entry) -> None:
    line, article, given = entry.line, entry.article, entry.given
    line.is_stocked = bool(article and article.stock_managed)
    line.lot_duty = bool(article and article.lot_duty)
    warehouse_id = given.warehouse_id or (header.warehouse.pk if header.warehouse else None)
    line.warehouse = catalogue.warehouses.get(warehouse_id or 0) if line.is_stocked else None
    if given.tolerance_percent is not None:
        line.tolerance_percent = given.tolerance_percent
    elif article is not None and article.tolerance is not None:
        line.tolerance_percent = article.tolerance
    elif catalogue.partner.tolerance is not None:
        line.tolerance_percent = catalogue.partner.tolerance
    else:
        line.tolerance_percent = WEIGHED_TOLERANCE if article is not None and article.weighed else ZERO


def _units(entry: Entry) -> None:
    """Raises ``Refused`` for a unit that the article cannot be counted in."""
    line, given, units, article = entry.line, entry.given, entry.units, entry.article
    if units is None or article is None:
        line.unit = (given.unit or line.unit or PIECE).upper()
        line.price_unit, line.price_factor, line.price_base = line.unit, ONE, given.price_base or ONE
        line.price_quantity = line.quantity
        line.stock_unit, line.stock_factor, line.stock_quantity = line.unit, ONE, line.quantity
        return
    entry.unit_id = _unit_id(units, given.unit, article.sales_unit_id)
    price_unit_id = _unit_id(units, given.price_unit, article.price_unit_id)
    entry.kept_unit_id = _known_unit(units, given.kept_unit)
    _freeze(entry, price_unit_id)
    line.price_base = given.price_base or article.price_base


def _freeze(entry: Entry, price_unit_id: int) -> None:
    line, units = entry.line, entry.units
    if units is None or entry.unit_id is None:
        return
    stock, unit, priced = (
        units.factor(units.stock_unit_id),
        units.factor(entry.unit_id),
        units.factor(price_unit_id),
    )
    entry.price_unit_id = price_unit_id
    line.unit = units.by_id[entry.unit_id].code
    line.price_unit = units.by_id[price_unit_id].code
    line.stock_unit = units.by_id[units.stock_unit_id].code
    line.stock_factor = converted(ONE, unit, stock)
    line.price_factor = converted(ONE, unit, priced)
    line.stock_quantity = converted(line.quantity, unit, stock)
    given, kept = entry.given.price_quantity, entry.kept_unit_id
    if given is None:
        line.price_quantity = converted(line.quantity, unit, priced)
    else:
        line.price_quantity = (
            given if kept in (None, price_unit_id) else converted(given, units.factor(kept), priced)
        )


def _unit_id(units: Units, code: str | None, usual: int) -> int:
    if not code:
        return usual
    found = _known_unit(units, code)
    if found is not None:
        return found
    raise Refused(
        Violation(
            "unit-unknown", _("The article is not counted in “%(unit)s”.") % {"unit": code[:20]}, "unit"
        )
    )


def _known_unit(units: Units, code: str | None) -> int | None:
    if not code:
        return None
    wanted = code.strip().casefold()
    for unit_id, unit in units.by_id.items():
        if wanted in {unit.code.casefold(), unit.symbol_de.casefold(), unit.symbol_en.casefold()}:
            return unit_id
    return None


def _prices(catalogue: Catalogue, header: Header, entries: Sequence[Entry]) -> None:
    questions = [
        PriceQuestion(entry.position, entry.article.pk, abs(entry.line.stock_quantity), header.supply)
        for entry in entries
        if entry.article is not None and not entry.given.keeps_price
    ]
    side = "sales" if catalogue.type.side == "output" else "purchase"
    found = find_prices(
        side=side, partner_id=catalogue.partner.pk, currency=header.currency, questions=questions
    )
    for entry in entries:
        if entry.line.line_kind in WITHOUT_AMOUNT:
            continue
        price = found.get(entry.position)
        if price is not None and entry.article is not None and _is_untaxed(entry.line):
            on = entry.given.supply_from or header.supply
            price = without_our_vat(catalogue, price, entry.article, on)
        _price(header, entry, price)
        entry.line.discount_percent = entry.given.discount_percent


def _is_untaxed(line: Line) -> bool:
    """Export, intra-Community supply, reverse charge, exempt: its tax is known, and it is none."""
    return bool(line.tax_category) and line.tax_rate == ZERO


def _price(header: Header, entry: Entry, found: FoundPrice | None) -> None:
    line, given = entry.line, entry.given
    if given.keeps_price:
        kept = given.kept_price if given.price is None else None
        line.price = (given.price or ZERO) if kept is None else _kept(entry, kept)
        line.found_price = None if given.found_price is None else _found_then(entry, given.found_price)
        line.price_source = {"source": "carried"}
        return
    if found is None:
        line.price, line.found_price, line.price_source = given.price or ZERO, None, {"source": "none"}
        return
    price = in_mode(
        found.price, found_mode=found.price_mode, wanted_mode=header.price_mode, percent=line.tax_rate
    )
    known = found.unit_id in (entry.units.by_id if entry.units else {})
    if known and not given.price_unit:
        _freeze(entry, found.unit_id)
        line.price_base = given.price_base or found.price_base
    line.found_price = _restated(entry, price, found.unit_id, found.price_base)
    line.price = line.found_price if given.price is None else given.price
    line.price_source = {
        "source": found.source,
        "list": found.list_code,
        "unit": entry.units.by_id[found.unit_id].code if known and entry.units else "",
        "base": format(found.price_base.normalize(), "f"),
        "from": format(found.from_quantity.normalize(), "f"),
        "price": format(line.found_price.normalize(), "f"),
        "text": found.reason(),
        "manual": given.price is not None and given.price != line.found_price,
    }


def _kept(entry: Entry, price: Decimal) -> Decimal:
    """A price of the source as the price per what the line counts it in now."""
    given = entry.given
    if given.kept_base is None or (entry.units is not None and entry.kept_unit_id is None):
        return price
    return _restated(entry, price, entry.kept_unit_id, given.kept_base)


def _found_then(entry: Entry, price: Decimal) -> Decimal:
    """A found price likewise; where its unit is not said, it is per what the stored line was counted in."""
    unit, base = entry.before
    if entry.given.kept_base is not None or not unit or entry.units is None:
        return _kept(entry, price)
    known = _known_unit(entry.units, unit)
    return price if known is None else _restated(entry, price, known, base)


def _restated(entry: Entry, price: Decimal, unit_id: int | None, base: Decimal) -> Decimal:
    """A price per ``base`` of that unit as the price per what the line counts it in; 9 decimals."""
    units, mine = entry.units, entry.price_unit_id
    with localcontext() as context:
        context.prec = 60
        price = price * entry.line.price_base / base
        if units is not None and mine is not None and unit_id is not None and unit_id in units.by_id:
            price = price * units.factor(mine) / units.factor(unit_id)
        return round_to(price, NANO)


def _taxes(catalogue: Catalogue, header: Header, entries: Sequence[Entry]) -> None:
    situation = situation_of(
        catalogue.type, catalogue.company, catalogue.partner, header.ship_from, header.ship_to
    )
    amounts = [entry for entry in entries if entry.line.line_kind not in WITHOUT_AMOUNT]
    statuses = catalogue.tax_statuses.get(catalogue.partner.pk, [])
    facts = facts_of(catalogue.type, catalogue.reference, statuses)
    answers = determine_taxes(
        situation,
        [
            TaxQuestion(
                entry.position,
                entry.article.tax_class if entry.article else "standard",
                entry.given.supply_from or header.supply,
            )
            for entry in amounts
        ],
        facts,
    )
    reasons: dict[FoundTax, str] = {}  # most lines have the same
    for entry in amounts:
        found = answers[entry.position].found
        if found is not None and found not in reasons:
            reasons[found] = found.reason()
        _tax(catalogue, header, entry, answers[entry.position], reasons.get(found, "") if found else "")


def _tax(catalogue: Catalogue, header: Header, entry: Entry, answer: TaxAnswer, reason: str) -> None:
    line, found = entry.line, answer.found
    chosen = catalogue.tax_codes.get(entry.given.tax_code_id or 0)
    taken = entry.given.taken_tax or header.taken.get(line.pk)
    if taken is not None and (chosen is None or chosen.pk == taken.code_id):
        _taken_tax(line, taken)
        return
    if chosen is not None and (taken is not None or found is None or chosen.pk != found.code_id):
        _chosen_tax(header, entry, chosen)
        return
    line.tax_manual = False
    if found is None:
        line.tax_code, line.tax_category, line.tax_rate = None, "", ZERO
        line.tax_source = {"problem": " ".join(str(row.text) for row in answer.violations)}
        return
    line.tax_code_id, line.tax_category, line.tax_rate = found.code_id, found.category, found.percent
    line.tax_source = {
        "code": found.code,
        "rule": found.rule_id,
        "text": reason,
        "exemption_code": found.exemption_code,
        "exemption_de": found.exemption_text_de,
        "exemption_en": found.exemption_text_en,
    }


def _taken_tax(line: Line, taken: TakenTax) -> None:
    """The tax of the line that this one corrects or cancels; nobody chose it here."""
    line.tax_manual = False
    line.tax_code_id, line.tax_category, line.tax_rate = taken.code_id, taken.category, taken.rate
    line.tax_source = {**taken.source, "text": _("as on the document that it corrects")}


def _chosen_tax(header: Header, entry: Entry, code: TaxCode) -> None:
    """A tax code that a person chose against the rules: an exception, and still the rate of the supply date."""
    line = entry.line
    on = entry.given.supply_from or header.supply
    rate = next(
        (
            row.percent
            for row in code.rates.all()
            if (row.valid_from is None or row.valid_from <= on)
            and (row.valid_to is None or row.valid_to >= on)
        ),
        None,
    )
    line.tax_code, line.tax_manual, line.tax_category = code, True, code.category
    line.tax_rate = rate if rate is not None else ZERO
    line.tax_source = {
        "code": code.code,
        "text": _("chosen by hand"),
        "exemption_code": code.exemption_code,
        "exemption_de": code.exemption_text_de,
        "exemption_en": code.exemption_text_en,
    }
    if rate is None and code.category in ("S", "L", "M"):
        problem = _("Tax code %(code)s has no rate on %(date)s.") % {
            "code": code.code,
            "date": on.isoformat(),
        }
        line.tax_source["problem"] = problem
