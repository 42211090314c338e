"""Which figures of a document can't be calculated with: all at once, so that a form can show them all."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal

from documents.totals.figures import DocumentAllowance, DocumentInput, LineAllowance, LineInput
from documents.totals.rounding import Problem, problem_code


def problems_of(document: DocumentInput) -> tuple[Problem, ...]:
    """All problems of the entered figures; empty where `compute` can start."""
    return tuple(_problems(document))


def _problems(document: DocumentInput) -> Iterator[Problem]:
    yield from _numbers(None, prepaid=document.prepaid, rounding=document.rounding)
    yield from _repeated("line", (line.key for line in document.lines))
    yield from _repeated("allowance", (allowance.key for allowance in document.allowances))
    for line in document.lines:
        if line.carries_amount:
            yield from _line(line)
    for allowance in document.allowances:
        yield from _document_allowance(allowance)


def _line(line: LineInput) -> Iterator[Problem]:
    yield from _numbers(line.key, price_quantity=line.price_quantity, price=line.price)
    base = list(_numbers(line.key, price_base=line.price_base))
    if not base and line.price_base <= 0:
        base.append(Problem("not_positive", "price_base", line.key))
    yield from base
    yield from _rate(line.key, line.rate)
    for allowance in line.allowances:
        yield from _percent_or_amount(line.key, allowance)


def _document_allowance(allowance: DocumentAllowance) -> Iterator[Problem]:
    yield from _percent_or_amount(allowance.key, allowance)
    if allowance.category is None:
        if allowance.rate is not None:
            yield Problem("missing", "category", allowance.key)
        # A stated base belongs to one group; spread over several it would say nothing.
        if allowance.percent is not None and allowance.base is not None:
            yield Problem("needs_group", "base", allowance.key)
    elif allowance.rate is None:
        yield Problem("missing", "rate", allowance.key)
    if allowance.rate is not None:
        yield from _rate(allowance.key, allowance.rate)


def _percent_or_amount(key: Hashable, allowance: LineAllowance | DocumentAllowance) -> Iterator[Problem]:
    if allowance.percent is None and allowance.amount is None:
        yield Problem("missing", "amount", key)
    yield from _numbers(key, percent=allowance.percent, base=allowance.base, amount=allowance.amount)


def _rate(key: Hashable, rate: Decimal) -> Iterator[Problem]:
    code = problem_code(rate)
    if code or rate < 0:
        yield Problem(code or "negative", "rate", key)


def _numbers(key: Hashable, **figures: Decimal | None) -> Iterator[Problem]:
    for field, value in figures.items():
        code = None if value is None else problem_code(value)
        if code:
            yield Problem(code, field, key)


def _repeated(field: str, keys: Iterable[Hashable]) -> Iterator[Problem]:
    seen: set[Hashable] = set()
    for key in keys:
        if key in seen:
            yield Problem("repeated", field, key)
        seen.add(key)
