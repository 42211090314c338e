"""What a credit note must satisfy beyond an invoice's own rules (contract § 4, Corrections)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from documents import quantities, registry
from documents.case import Case
from documents.kinds import WITHOUT_AMOUNT, Measure, ReasonKind, Relation
from documents.models import Link
from documents.selectors.credits import credits_in_the_way
from documents.selectors.left import left_by_credits
from documents.states import LIVE, State
from masterdata.selectors.reference import unit_symbol
from sales.selectors import ComingBack, coming_back, delivered_behind, lines_with_goods
from valeo.core.components import formats
from valeo.core.exceptions import Violation

ZERO = Decimal(0)
ROUNDING = Decimal("0.02")  # two parts of a line may each be rounded up
_SAME = ("price", "price_unit", "price_base", "discount_percent", "tax_code_id", "tax_category", "tax_rate")
_TOTALS = ("gross_total", "net_total", "tax_total", "tax_company", "gross_company")


def has_a_reason_kind(case: Case) -> Iterator[Violation]:
    if not case.document.reason_kind:
        yield Violation(
            "reason-kind",
            _("Say what the credit is for: return, price, bonus or cancellation."),
            "reason_kind",
        )
    if case.document.reason_kind not in ("", ReasonKind.BONUS) and not case.links_in:
        yield Violation("credit-source", _("This credit needs the invoice that it corrects."), "reason_kind")
    if (case.document.reason_kind == ReasonKind.STORNO) != bool(_cancelled(case)):
        yield Violation(
            "reason-kind",
            _("A cancellation is begun on its invoice, and stays one: the reason cannot be changed."),
            "reason_kind",
        )


def credits_stay_within_the_line(case: Case) -> Iterator[Violation]:
    """All credits of a line together never exceed what the invoice charged for it (a return: for its quantity)."""
    if case.document.reason_kind not in (ReasonKind.PRICE, ReasonKind.QUANTITY):
        return
    earlier = _credited_before(case)
    for line in case.amount_lines:
        for link in case.links_of(line):
            source = case.source_lines.get(link.source_line_id or 0)
            if source is None or abs(link.quantity) > source.quantity:
                continue  # more than the line has: the open quantity says so
            most = source.net_amount - earlier.get(source.pk, ZERO)
            if case.document.reason_kind == ReasonKind.QUANTITY and source.quantity:
                most = min(most, source.net_amount * link.quantity / source.quantity)
            if line.net_amount > most + ROUNDING:
                yield Violation(
                    "credit-above-line",
                    _("The credit of line %(line)s is more than the invoice charged for it.")
                    % {"line": line.position},
                    "price",
                    line.position,
                )


def _credited_before(case: Case) -> dict[int, Decimal]:
    """What other live credits took of the invoice's lines, by line."""
    sources = [link.source_line_id for link in case.links_in if link.via_id is None and link.source_line_id]
    rows = (
        Link.objects.filter(
            source_line__in=sources, via__isnull=True, relation=Relation.CORRECTS,
            target_document__state__in=LIVE, target_document__kind=case.document.kind,
        )
        .exclude(target_document=case.document.pk)
        .values("source_line")
        .annotate(amount=Sum("target_line__net_amount"))
    )  # fmt: skip
    return {row["source_line"]: row["amount"] or ZERO for row in rows}


def reversal_is_whole(case: Case) -> Iterator[Violation]:
    """A cancellation, of an invoice or of a credit note, takes every line and amount that earlier credits left."""
    cancelled = _cancelled(case)
    if not cancelled:
        return
    found = credits_in_the_way(cancelled) or [*_unlike_lines(case), *_lines_left_out(case, cancelled)]
    yield from found
    if found:
        return
    if any(line.credited for line in case.source_lines.values()):
        yield from _unlike_what_is_left(case)
        return
    for pk in cancelled:
        if any(getattr(case.sources[pk], name) != getattr(case.document, name) for name in _TOTALS):
            yield Violation(
                "storno-differs",
                _("The cancellation must come to the total of %(number)s.")
                % {"number": str(case.sources[pk])},
                "allowances",
            )


def _unlike_what_is_left(case: Case) -> Iterator[Violation]:
    """Beyond odd cents only where a credit took another amount than its quantity says, or an allowance was changed."""
    left = left_by_credits(case)
    if left is not None and left.payable != case.document.payable_total:
        yield Violation(
            "storno-differs",
            _("The cancellation must come to what earlier credits left of %(number)s: %(amount)s.")
            % {
                "number": str(left.original),
                "amount": formats.money(left.payable, case.document.currency),
            },
            "allowances",
        )


def _lines_left_out(case: Case, cancelled: set[int]) -> Iterator[Violation]:
    taken: dict[int, Decimal] = {}
    for link in case.links_in:
        if link.relation == Relation.CANCELS and link.source_line_id and link.via_id is None:
            taken[link.source_line_id] = taken.get(link.source_line_id, ZERO) + link.quantity
    for line in case.source_lines.values():
        if line.line_kind in WITHOUT_AMOUNT or line.document_id not in cancelled:
            continue
        if taken.get(line.pk, ZERO) != line.quantity - line.credited:
            yield Violation(
                "storno-partial",
                _("A cancellation takes line %(line)s whole.") % {"line": line.position},
                "lines",
            )


def _unlike_lines(case: Case) -> Iterator[Violation]:
    """Prices, discounts and VAT are those of the original."""
    for line in case.amount_lines:
        links = [link for link in case.links_of(line) if link.source_line_id in case.source_lines]
        source = case.source_lines[links[0].source_line_id or 0] if links else None
        if source is None or any(getattr(line, name) != getattr(source, name) for name in _SAME):
            yield Violation(
                "storno-differs",
                _("Line %(line)s differs from the original; a cancellation takes it as it stands.")
                % {"line": line.position},
                "price",
                line.position,
            )


def _cancelled(case: Case) -> set[int]:
    return {link.source_document_id for link in case.links_in if link.relation == Relation.CANCELS}


def goods_can_come_back(case: Case) -> Iterator[Violation]:
    """A quantity credit with goods names posted returns; for the rest one is made at posting, where that can be said."""
    for line in lines_with_goods(case):
        if not list(delivered_behind(case, line)):
            yield Violation(
                "no-delivery",
                _("Line %(line)s: nothing was delivered that could come back.") % {"line": line.position},
                "with_goods",
                line.position,
            )
    for part in coming_back(case):
        problem = _not_coming_back(part)
        if problem is None:
            continue
        code, text = problem
        names = {
            "line": part.credit_line.position,
            "number": str(part.delivery),
            "open": f"{formats.quantity(max(ZERO, part.open))} {unit_symbol(case.reference, part.line.unit)}",
        }
        yield Violation(code, text % names, "with_goods", part.credit_line.position)


def _not_coming_back(part: ComingBack) -> tuple[str, str] | None:
    """Why no return can be made for it: a code and a text."""
    if part.delivery.state != State.POSTED:
        return "source-state", _("Line %(line)s: %(number)s is no longer in force.")
    if part.quantity > part.open:
        return "above-open", _("Line %(line)s: only %(open)s of %(number)s can still come back.")
    if part.line.replaced:
        return "return-unclear", _(
            "Line %(line)s: goods of %(number)s came back to be replaced. Post the return of what is credited first. For"
            " goods that are not replaced after all, choose “May be invoiced again” instead."
        )
    if part.lots is None:
        return "lot-unclear", _(
            "Line %(line)s: several lots left with %(number)s. Take the goods back from that delivery first, so that"
            " it is said which lot comes back."
        )
    return None


def reopened_is_not_taken_again(case: Case) -> Iterator[Violation]:
    """A credit note is taken back only while nobody invoiced again what it had reopened."""
    rows = (
        Link.objects.filter(
            target_document__in=_cancelled(case), measure=Measure.CREDITED, counts=True, via__isnull=False,
            target_line__reopens=True, target_line__with_goods=False,
        ).select_related("source_line", "source_document")
        if _cancelled(case) and case.type.ledger_sign > 0
        else ()
    )  # fmt: skip
    for link in rows:
        if quantities.due(link.source_line, registry.get(link.source_document.kind)) < link.quantity:
            yield Violation(
                "invoiced-again",
                _(
                    "What the credit note reopened on %(number)s was invoiced again. Cancel that invoice first."
                )
                % {"number": str(link.source_document)},
            )


CREDIT = (
    has_a_reason_kind,
    credits_stay_within_the_line,
    reversal_is_whole,
    goods_can_come_back,
)
COUNTER = (reversal_is_whole, reopened_is_not_taken_again)
