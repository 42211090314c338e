"""The day of a use case, in the company's time zone, and what happens where it ends meanwhile (contract § 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Final, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from valeo.core.exceptions import Conflict
from valeo.tenancy.models import Company

P = ParamSpec("P")
T = TypeVar("T")
ATTEMPTS: Final = 3


class DayTurned(Conflict):
    """Midnight passed between the first look at the clock and the lock of the number series."""


def today_in(company: Company) -> date:
    """The day in the company's time zone."""
    return timezone.now().astimezone(ZoneInfo(company.time_zone)).date()


def check_day(company: Company, day: date) -> None:
    """Raise ``DayTurned`` where ``day`` is over. To be asked while the number series are locked.

    Then nobody else gets a number of them before the commit, so their dates rise with their numbers.
    """
    if today_in(company) != day:
        raise DayTurned(_("Midnight passed while this was done. Please do it again."), code="day-turned")


def on_one_day(use_case: Callable[P, T]) -> Callable[P, T]:
    """Begin again on the new day: for use cases that post, outside of their transaction, which is rolled back."""

    @wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for _attempt in range(ATTEMPTS - 1):
            try:
                return use_case(*args, **kwargs)
            except DayTurned:
                continue
        return use_case(*args, **kwargs)

    return run
