"""Conversion of quantities between the units of an article, with factors that a line can freeze. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from django.utils.translation import gettext_lazy as _

from masterdata.rounding import MICRO, round_to
from valeo.core.exceptions import Refused, Violation

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class UnitFactor:
    """One unit of an article: ``factor`` stock units make one of it; what a line freezes."""

    unit_id: int
    code: str
    symbol_de: str
    symbol_en: str
    decimals: int
    factor: Decimal
    text_de: str = ""
    text_en: str = ""

    def symbol(self, language: str) -> str:
        return self.symbol_en if language.startswith("en") else self.symbol_de

    def text(self, language: str) -> str:
        return self.text_en if language.startswith("en") else self.text_de


@dataclass(frozen=True, slots=True)
class Units:
    """All units in which an article can be counted."""

    stock_unit_id: int
    by_id: Mapping[int, UnitFactor] = field(default_factory=dict)

    def factor(self, unit_id: int) -> Decimal:
        """Stock units in one ``unit_id``. Raises ``Refused`` for a unit that the article does not know."""
        if unit_id == self.stock_unit_id:
            return ONE
        known = self.by_id.get(unit_id)
        if known is None:
            raise Refused(
                Violation(
                    "unit-unknown",
                    _("The article cannot be counted in this unit: a factor is missing."),
                    "unit",
                )
            )
        return known.factor

    def convert(self, quantity: Decimal, from_unit: int, to_unit: int) -> Decimal:
        """The quantity in another unit, 6 decimals. Raises ``Refused`` for an unknown unit."""
        if from_unit == to_unit:
            return round_to(quantity, MICRO)
        return converted(quantity, self.factor(from_unit), self.factor(to_unit))

    def to_stock(self, quantity: Decimal, unit_id: int) -> Decimal:
        return self.convert(quantity, unit_id, self.stock_unit_id)


def converted(quantity: Decimal, from_factor: Decimal, to_factor: Decimal) -> Decimal:
    """``quantity`` × from ÷ to, by two frozen factors, 6 decimals."""
    with localcontext() as context:
        context.prec = 60
        return round_to(quantity * from_factor / to_factor, MICRO)
