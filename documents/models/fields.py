"""Column types with the contract's precision: amounts 2, quantities 6, prices 9, rates 4 decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

ZERO = Decimal(0)
if TYPE_CHECKING:
    Required = models.DecimalField[Decimal | int, Decimal]
    Optional = models.DecimalField[Decimal | int | None, Decimal | None]


def amount(**kwargs: Any) -> Required:
    """Money in the document's or the company's currency."""
    return models.DecimalField(max_digits=18, decimal_places=2, **{"default": ZERO, **kwargs})


def quantity(**kwargs: Any) -> Required:
    return models.DecimalField(max_digits=18, decimal_places=6, **{"default": ZERO, **kwargs})


def price(**kwargs: Any) -> Required:
    return models.DecimalField(max_digits=20, decimal_places=9, **{"default": ZERO, **kwargs})


def percent(**kwargs: Any) -> Required:
    return models.DecimalField(max_digits=9, decimal_places=4, **{"default": ZERO, **kwargs})


def factor(**kwargs: Any) -> Required:
    return models.DecimalField(max_digits=20, decimal_places=9, **{"default": Decimal(1), **kwargs})


def amount_or_none(**kwargs: Any) -> Optional:
    return models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True, **kwargs)


def price_or_none(**kwargs: Any) -> Optional:
    return models.DecimalField(max_digits=20, decimal_places=9, null=True, blank=True, **kwargs)


def percent_or_none(**kwargs: Any) -> Optional:
    return models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, **kwargs)
