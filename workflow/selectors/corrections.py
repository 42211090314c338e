"""A one-step correction as one thing to decide: the storno and the successor, and what the successor changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.case import Case
from documents.kinds import PartyRole, Relation
from documents.models import Document, Line, Link, Party
from documents.selectors.changes import described
from documents.services.compose.partying import EDITABLE
from documents.services.content import unit_symbols
from valeo.core.components import formats

NOTHING: Final = "–"
_PAIR: Final = (Relation.SETTLES, Relation.CORRECTS)
#: facts of the head that an approver wants to see named when they differ
_HEAD: Final = (
    "partner_id", "bill_to_id", "currency", "price_mode", "language", "payment_term_id", "supply_from", "supply_to",
    "buyer_reference", "partner_reference", "carrier", "incoterm", "header_text", "footer_text",
)  # fmt: skip
_PRINTED: Final = (PartyRole.BUYER, PartyRole.BILL_TO, PartyRole.SHIP_TO)


@dataclass(frozen=True, slots=True)
class Correction:
    """What is corrected, what takes it back and what takes its place; both new papers wait."""

    original: Document
    storno: Document
    successor: Document

    @property
    def difference(self) -> Decimal:
        """What the customer owes more, or less, once both are posted."""
        return self.successor.gross_total - self.storno.gross_total


@dataclass(frozen=True, slots=True)
class About:
    """What waiting documents are about: corrections by the successor's id, cancelled vouchers by the canceller's."""

    corrections: dict[int, Correction]
    cancelled: dict[int, Document]


def about(documents: Iterable[Document]) -> About:
    """What these documents correct or cancel; one query. A correction is whole where both halves are among them."""
    by_id = {document.pk: document for document in documents}
    rows = (
        Link.objects.filter(
            Q(relation__in=_PAIR, source_line__isnull=True) | Q(relation=Relation.CANCELS, via__isnull=True),
            target_document__in=by_id,
        )
        .order_by("target_document_id", "relation", "pk")
        .distinct("target_document_id", "relation")
        .select_related("source_document")
    )
    found: dict[tuple[int, str], Document] = {
        (row.target_document_id, row.relation): row.source_document for row in rows
    }
    corrections = {}
    for pk, document in by_id.items():
        storno, original = found.get((pk, Relation.SETTLES)), found.get((pk, Relation.CORRECTS))
        if storno is not None and original is not None and storno.pk in by_id:
            corrections[pk] = Correction(original, by_id[storno.pk], document)
    cancelled = {
        target: source for (target, relation), source in found.items() if relation == Relation.CANCELS
    }
    return About(corrections, cancelled)


@dataclass(frozen=True, slots=True)
class Changed:
    """One fact that differs; ``line`` is the article or text of the line that it belongs to."""

    what: str
    old: str
    new: str
    line: str = ""
    figure: bool = False


def changed(original: Case, successor: Case) -> list[Changed]:
    """What the successor has unlike the corrected voucher: line by line, then its discounts, head and addresses."""
    return [*_lines(original, successor), *_sums(original, successor), *_head(original, successor)]


def totals(original: Case, successor: Case) -> list[Changed]:
    """Net, VAT and gross of both."""
    old, new = original.document, successor.document
    named = ((_("Net"), "net_total"), (_("VAT"), "tax_total"), (_("Gross"), "gross_total"))
    return [
        Changed(
            label, formats.money(getattr(old, name), old.currency), formats.money(getattr(new, name), new.currency),
            figure=True,
        )
        for label, name in named
    ]  # fmt: skip


def _lines(original: Case, successor: Case) -> Iterator[Changed]:
    symbols = unit_symbols(original) | unit_symbols(successor)
    for old, new in pairs(original, successor):
        if old is not None and new is not None:
            yield from _line(old, new, symbols, successor.document.currency)
            continue
        line = new or old
        if line is not None:
            label = _("Line %(number)s is new") if old is None else _("Line %(number)s is gone")
            net = formats.money(line.net_amount, successor.document.currency)
            before, after = (NOTHING, net) if old is None else (net, NOTHING)
            yield Changed(label % {"number": line.position}, before, after, _name(line), figure=True)


def _line(old: Line, new: Line, symbols: dict[str, str], currency: str) -> Iterator[Changed]:
    name = _name(new)
    facts = [(str(what), shown(old, symbols), shown(new, symbols), figure) for what, shown, figure in _FACTS]
    before_net, after_net = (formats.money(line.net_amount, currency) for line in (old, new))
    for what, before, after, figure in [*facts, (_("Net"), before_net, after_net, True)]:
        if before != after:
            label = _("Line %(number)s: %(what)s") % {"number": new.position, "what": what}
            yield Changed(label, before or NOTHING, after or NOTHING, name, figure)
            name = ""  # said once


def _name(line: Line) -> str:
    return f"{line.article_number} {line.description}".strip()


def _quantity(line: Line, symbols: dict[str, str]) -> str:
    return f"{formats.quantity(line.quantity)} {symbols.get(line.unit, line.unit)}".strip()


def _price(line: Line, symbols: dict[str, str]) -> str:
    base = "" if line.price_base == 1 else f"{formats.quantity(line.price_base)} "
    per = f" / {base}{symbols.get(line.price_unit, line.price_unit)}" if line.price_unit else ""
    return f"{formats.price(line.price)}{per}"


_FACTS: Final[tuple[tuple[Promise, Callable[[Line, dict[str, str]], str], bool], ...]] = (
    (gettext_lazy("Article"), lambda line, _symbols: line.article_number, False),
    (gettext_lazy("Description"), lambda line, _symbols: line.description, False),
    (gettext_lazy("Quantity"), _quantity, True),
    (gettext_lazy("Price"), _price, True),
    (gettext_lazy("Discount"), lambda line, _symbols: formats.percent(line.discount_percent), True),
    (gettext_lazy("VAT"), lambda line, _symbols: formats.percent(line.tax_rate), True),
)


def pairs(original: Case, successor: Case) -> list[tuple[Line | None, Line | None]]:
    """Lines of both that are the same one: made from the same line, else the same article or text, else in its place.

    In the successor's order; what has gone comes last.
    """
    left = list(original.lines)
    found: dict[int, Line] = {}
    for same in (_same_source(original, successor), _same_name, _same_place):
        for line in successor.lines:
            if line.pk in found:
                continue
            match = next((old for old in left if same(old, line)), None)
            if match is not None:
                found[line.pk] = match
                left.remove(match)
    return [*((found.get(line.pk), line) for line in successor.lines), *((line, None) for line in left)]


def _same_source(original: Case, successor: Case) -> Callable[[Line, Line], bool]:
    def made_of(case: Case) -> dict[int, frozenset[Any]]:
        return {
            line.pk: frozenset(link.source_line_id for link in case.links_of(line)) for line in case.lines
        }

    before, after = made_of(original), made_of(successor)
    return lambda old, new: bool(before[old.pk]) and before[old.pk] == after[new.pk]


def _same_name(old: Line, new: Line) -> bool:
    if old.article_id or new.article_id:
        return old.article_id == new.article_id
    return (old.line_kind, old.description) == (new.line_kind, new.description)


def _same_place(old: Line, new: Line) -> bool:
    return old.position == new.position and bool(old.article_id) == bool(new.article_id)


def _sums(original: Case, successor: Case) -> Iterator[Changed]:
    """Discounts and charges of the whole document."""
    for label, name in ((_("Discount on the document"), "allowance_total"), (_("Charges"), "charge_total")):
        old, new = getattr(original.document, name), getattr(successor.document, name)
        if old != new:
            currency = successor.document.currency
            yield Changed(label, formats.money(old, currency), formats.money(new, currency), figure=True)


def _head(original: Case, successor: Case) -> Iterator[Changed]:
    for name in _HEAD:
        old, new = getattr(original.document, name), getattr(successor.document, name)
        if old != new:
            label, before, after = described(name, old, new)
            yield Changed(label, before or NOTHING, after or _("changed"))
    for role in _PRINTED:
        before, after = _address(original.parties.get(role)), _address(successor.parties.get(role))
        if before != after:
            yield Changed(str(role.label), before or NOTHING, after or NOTHING)


def _address(party: Party | None) -> str:
    return ", ".join(str(value) for name in EDITABLE if (value := getattr(party, name, ""))) if party else ""
