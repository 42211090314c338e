"""The company in scope: a context variable that every query on company data reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import BigIntegerField, Expression

_company_id: ContextVar[int | None] = ContextVar("valeo_company_id", default=None)


class NoCompanyInScopeError(RuntimeError):
    """Company data was asked for without a company: a programming fault, never shown as an empty list."""


def current_company_id() -> int:
    """The id of the company in scope; raises ``NoCompanyInScopeError`` without one."""
    company_id = _company_id.get()
    if company_id is None:
        raise NoCompanyInScopeError
    return company_id


def company_in_scope() -> int | None:
    return _company_id.get()


@contextmanager
def company_scope(company_id: int) -> Iterator[None]:
    """Work inside one company. Never ``yield`` from a generator inside it: it would leak between steps."""
    token = _company_id.set(company_id)
    try:
        yield
    finally:
        _company_id.reset(token)


@contextmanager
def no_company() -> Iterator[None]:
    """Work without a company; what ``enter`` sets inside ends with it."""
    token = _company_id.set(None)
    try:
        yield
    finally:
        _company_id.reset(token)


def enter(company_id: int) -> None:
    """For the request middleware alone, inside ``no_company``: it learns the company in the middle of a request."""
    _company_id.set(company_id)


class CurrentCompany(Expression):
    """Reads the company when the query runs, so that class-level querysets work and the scope at evaluation counts."""

    output_field = BigIntegerField()

    def as_sql(self, compiler: object, connection: object) -> tuple[str, tuple[int]]:
        return "%s", (current_company_id(),)
