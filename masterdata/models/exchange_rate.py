from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from masterdata.models.fields import Versioned, currency_code, price_field, rule, unique
from valeo.core.components import formats
from valeo.tenancy.base import CompanyOwned


class ExchangeRate(CompanyOwned, Versioned):
    """What one unit of a foreign currency is in the company's own, from a day on until the next row."""

    currency = models.CharField(_("Currency"), max_length=3)
    valid_from = models.DateField(_("Valid from"))
    rate = price_field(
        _("Exchange rate"),
        help_text=_("How much one unit of the foreign currency is in your own, as in 0.9231."),
    )
    source = models.CharField(_("Source"), max_length=60, help_text=_("Printed on the document, as in ECB."))

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Exchange rate")
        verbose_name_plural = _("Exchange rates")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            currency_code("exchangerate"),
            rule("exchangerate_rate", "rate", Q(rate__gt=0), _("The exchange rate must be greater than 0.")),
            unique(
                "exchangerate_day",
                "currency",
                "valid_from",
                text=_("There is a rate of this currency for this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency}, {formats.day(self.valid_from)}"
