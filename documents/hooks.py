"""What higher floors give the document screens: submitting, amending, availability, credit. Filled in ``ready()``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from documents.case import Case


@dataclass(frozen=True, slots=True)
class Available:
    """What of a line's article may still be promised, in its stock unit; ``short`` is what the line lacks."""

    quantity: Decimal
    unit: str
    short: Decimal = Decimal(0)
    note: str = ""  # what is expected when, in words


@dataclass(frozen=True, slots=True)
class CreditUse:
    """How much of the invoice recipient's limit is taken (company currency); ``limit`` None is no limit."""

    open_items: Decimal
    open_orders: Decimal
    this: Decimal
    limit: Decimal | None

    @property
    def total(self) -> Decimal:
        """What the recipient would owe and have been promised with this document."""
        return self.open_items + self.open_orders + self.this

    @property
    def over(self) -> Decimal:
        """By how much that is above the limit; zero where there is none."""
        return Decimal(0) if self.limit is None else max(Decimal(0), self.total - self.limit)

    @property
    def free(self) -> Decimal:
        """What is left below the limit."""
        return Decimal(0) if self.limit is None else max(Decimal(0), self.limit - self.total)


#: case → what is available per line position
Availability = Callable[[Case], Mapping[int, Available]]
#: case → the use of the credit limit with this document, or None where the kind uses none
Credit = Callable[[Case], CreditUse | None]


@dataclass(slots=True)
class _Registry:
    save_and_submit: Callable[..., Case] | None = None
    propose: Callable[..., Any] | None = None
    follow_and_submit: Callable[..., Case] | None = None
    availability: Availability | None = None
    credit: Credit | None = None
    asks_always: Callable[[Case], bool] | None = None


_registry = _Registry()


def register_submission(*, save_and_submit: Callable[..., Case], propose: Callable[..., Any]) -> None:
    """``workflow`` moves documents; the editor asks it to."""
    _registry.save_and_submit, _registry.propose = save_and_submit, propose


def register_follow_up(follow_and_submit: Callable[..., Case]) -> None:
    """``workflow`` makes a follow-up and submits it in one transaction."""
    _registry.follow_and_submit = follow_and_submit


def register_release(asks_always: Callable[[Case], bool]) -> None:
    """Whether a document waits for a person whatever it says: ``workflow`` knows the company's rule."""
    _registry.asks_always = asks_always


def register_availability(source: Availability) -> None:
    _registry.availability = source


def register_credit(source: Credit) -> None:
    _registry.credit = source


def save_and_submit(**arguments: Any) -> Case:
    """Save and submit in one transaction; same arguments as the draft services."""
    if _registry.save_and_submit is None:
        message = "workflow has not registered how documents are submitted"
        raise RuntimeError(message)
    return _registry.save_and_submit(**arguments)


def follow_and_submit(**arguments: Any) -> Case:
    """Make a follow-up and submit it; same arguments as ``create_follow_up``."""
    if _registry.follow_and_submit is None:
        message = "workflow has not registered how documents are submitted"
        raise RuntimeError(message)
    return _registry.follow_and_submit(**arguments)


def propose(**arguments: Any) -> Any:
    """Propose new content of a posted commitment; gives the revision."""
    if _registry.propose is None:
        message = "workflow has not registered how documents are amended"
        raise RuntimeError(message)
    return _registry.propose(**arguments)


def availability(case: Case) -> Mapping[int, Available]:
    return _registry.availability(case) if _registry.availability else {}


def asks_always(case: Case) -> bool:
    return _registry.asks_always is not None and _registry.asks_always(case)


def credit(case: Case) -> CreditUse | None:
    return _registry.credit(case) if _registry.credit else None
