"""What a foreign currency is worth on a day. Few documents ask and the table grows every day, so nothing is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from masterdata.models import ExchangeRate


def rate_on(currency: str, day: date) -> ExchangeRate | None:
    """The newest rate up to the day; one query."""
    return ExchangeRate.objects.filter(currency=currency, valid_from__lte=day).order_by("-valid_from").first()


def is_in_table(currency: str, rate: Decimal, day: date | None, source: str) -> bool:
    """Whether the table says exactly that: then nobody typed it."""
    rows = ExchangeRate.objects.filter(currency=currency, valid_from=day, rate=rate, source=source)
    return bool(day) and rows.exists()
