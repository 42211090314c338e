"""What a person must decide (contract § 4): each finder names the figure, so that an approval has a bound."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from documents import registry
from documents.case import Case
from documents.findings import ExceptionFound
from documents.guards.common import takings
from documents.kinds import LineKind, Measure, Outcome, Relation
from documents.models import Line
from documents.prices import in_price_unit_of, same_price
from documents.quantities import allowed_over
from documents.services.carry import allowances_of
from documents.states import LIVE
from documents.totals import line_amount, round2
from masterdata.selectors import reference as references
from masterdata.selectors.reference import unit_symbol
from valeo.core.components import formats
from workflow.policies.discounts import Discounts
from workflow.selectors.limits import limits

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)


def _is_free(line: Line) -> bool:
    """Given away for a reason: decided as such. A reason beside a price excuses nothing."""
    return bool(line.free_reason) and line.price == ZERO


def discount_beyond_limit(case: Case) -> Iterator[ExceptionFound]:
    """Discount = 1 − effective net price ÷ found price, however it was entered."""
    bound = limits(case.reference).max_discount_percent
    discounts = Discounts(case)
    for line in case.amount_lines:
        if not line.found_price or _is_free(line):
            continue
        left = line.price / line.found_price * discounts.of_line(line) * discounts.of_document(line)
        off = round2(HUNDRED * (1 - left))
        if off > bound:
            yield ExceptionFound(
                "discount",
                _("Line %(line)s: %(discount)s discount, %(limit)s allowed.")
                % {"line": line.position, "discount": formats.percent(off), "limit": formats.percent(bound)},
                off,
                "%",
                line.position,
                worth=round2((1 - left) * line.found_price * line.price_quantity / line.price_base),
            )


def below_cost(case: Case) -> Iterator[ExceptionFound]:
    """Below cost, or below the margin that the company asks for."""
    bound = limits(case.reference).min_margin_percent
    discounts = Discounts(case)
    for line in case.amount_lines:
        if not line.cost_price or _is_free(line) or line.line_kind != LineKind.ITEM or line.quantity < ZERO:
            continue
        net = round2(line.net_amount * discounts.of_document(line) * case.document.exchange_rate)
        cost = line_amount(line.stock_quantity, line.cost_price)
        needed = round2(cost / (1 - bound / HUNDRED)) if bound < HUNDRED else cost
        if net < needed:
            short = cost - net
            text = (
                _("Line %(line)s is %(amount)s below cost.")
                if net < cost
                else _("Line %(line)s: the margin is below %(limit)s.")
            )
            yield ExceptionFound(
                "below-cost",
                text
                % {
                    "line": line.position,
                    "amount": formats.money(short, case.company.currency),
                    "limit": formats.percent(bound),
                },
                needed - net,
                case.company.currency,
                line.position,
            )


def free_lines(case: Case) -> Iterator[ExceptionFound]:
    if not limits(case.reference).free_lines_ask:
        return
    for line in case.amount_lines:
        if _is_free(line):
            yield ExceptionFound(
                "free-line",
                _("Line %(line)s is free of charge: %(reason)s.")
                % {"line": line.position, "reason": line.get_free_reason_display()},
                line.quantity,
                line.unit,
                line.position,
            )


def manual_taxes(case: Case) -> Iterator[ExceptionFound]:
    if not limits(case.reference).manual_tax_asks:
        return
    for line in case.amount_lines:
        if line.tax_manual:
            yield ExceptionFound(
                "manual-tax",
                _("Line %(line)s: tax code %(code)s was chosen by hand.")
                % {"line": line.position, "code": line.tax_source.get("code", "")},
                None,
                "",
                line.position,
                subject=str(line.tax_source.get("code", "")),
            )
    yield from _manual_taxes_of_charges(case)


def _manual_taxes_of_charges(case: Case) -> Iterator[ExceptionFound]:
    """A discount or charge of the document under a code of its own; what corrects takes that of its source."""
    if case.type.ledger_sign < 0 or any(link.relation == Relation.CANCELS for link in case.links_in):
        return
    codes = references.tax_codes(case.reference)
    for row in allowances_of(case):
        code = codes.get(row.tax_code_id or 0)
        if code is not None:
            yield ExceptionFound(
                "manual-tax",
                _("%(what)s: tax code %(code)s was chosen by hand.")
                % {"what": row.reason or _("Charge"), "code": code.code},
                None,
                "",
                rule=f"entry {row.entry}",
                subject=code.code,
            )


def price_unlike_source(case: Case) -> Iterator[ExceptionFound]:
    """An invoice or delivery at another price than the document it was made from."""
    for line in case.amount_lines:
        for link in case.links_of(line):
            source = case.source_lines.get(link.source_line_id or 0)
            if source is None or link.relation in ("corrects", "cancels") or not link.measure:
                continue
            if link.measure not in (Measure.DELIVERED, Measure.INVOICED):
                continue
            if not same_price(line, source) or line.discount_percent != source.discount_percent:
                document = case.sources[source.document_id]
                yield ExceptionFound(
                    "price-unlike-source",
                    _("Line %(line)s: price or discount differ from %(number)s.")
                    % {"line": line.position, "number": str(document)},
                    abs(in_price_unit_of(line, source) - source.price / source.price_base),
                    case.document.currency,
                    line.position,
                )


def over_delivery(case: Case) -> Iterator[ExceptionFound]:
    """More than ordered beyond the tolerance: a share of the ordered quantity over all deliveries of the line."""
    for line, source, measure, taken, available in takings(case):
        if measure not in (Measure.DELIVERED, Measure.RECEIVED):
            continue
        beyond = (
            taken
            - available
            - max(
                ZERO, allowed_over(source, measure) - _already_over(source, available, _claimed(case, taken))
            )
        )
        if taken > available and beyond > ZERO:
            over = taken - available
            yield ExceptionFound(
                "over-delivery",
                _("Line %(line)s: %(over)s %(unit)s more than ordered, %(limit)s tolerated.")
                % {
                    "line": line.position,
                    "over": formats.quantity(over),
                    "unit": unit_symbol(case.reference, source.unit),
                    "limit": formats.percent(source.tolerance_percent),
                },
                over,
                source.unit,
                line.position,
            )


def _claimed(case: Case, taken: Decimal) -> Decimal:
    """What the document's own links count already on the source: from submit on they stand in its columns."""
    return taken if case.document.state in LIVE else ZERO


def _already_over(source: Line, available: Decimal, own: Decimal) -> Decimal:
    """How much other deliveries went over the order; the tolerance holds for all of them together."""
    if available > ZERO:
        return ZERO
    others = source.delivered + source.received - own
    return max(ZERO, others - (source.quantity - source.closed + source.replaced))


def quotation_out_of_time(case: Case) -> Iterator[ExceptionFound]:
    """An order from an expired or declined quotation."""
    for source in case.sources.values():
        if not registry.get(source.kind).traits.has_validity:
            continue
        today = case.today or case.document.document_date
        if source.outcome == Outcome.DECLINED:
            yield ExceptionFound(
                "quotation-declined", _("%(number)s was declined.") % {"number": str(source)}
            )
        elif source.valid_until and source.valid_until < today:
            yield ExceptionFound(
                "quotation-expired",
                _("%(number)s was valid until %(date)s.")
                % {"number": str(source), "date": formats.day(source.valid_until)},
            )
