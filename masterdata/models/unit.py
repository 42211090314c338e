from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from masterdata.models.fields import Versioned, positive, rule, unique_code
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class Unit(CompanyOwned, PublicId, Versioned):
    """A unit of measure with its UN/ECE Rec 20/21 code (BT-130).

    ``base`` and ``factor`` make units of one physical kind convertible without an article: 1 t = 1000 kg.
    """

    code = models.CharField(_("UN/ECE code"), max_length=3)
    name_de = models.CharField(_("Name (German)"), max_length=40)
    name_en = models.CharField(_("Name (English)"), max_length=40)
    symbol_de = models.CharField(_("Symbol (German)"), max_length=12)
    symbol_en = models.CharField(_("Symbol (English)"), max_length=12)
    decimals = models.PositiveSmallIntegerField(_("Decimals"), default=0)
    base = models.ForeignKey(
        "self", verbose_name=_("Base unit"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="multiples", db_constraint=False,
    )  # fmt: skip
    factor = models.DecimalField(
        _("Factor to the base unit"),
        max_digits=18,
        decimal_places=9,
        default=Decimal(1),
    )
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Unit")
        verbose_name_plural = _("Units")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("unit", "base"),
            unique_code("unit"),
            positive("unit", "factor"),
            rule("unit_decimals", "decimals", Q(decimals__lte=6), _("At most 6.")),
            rule(
                "unit_code_form",
                "code",
                Q(code__regex=r"^[A-Z0-9]{2,3}$"),
                _("A code of UN/ECE Rec 20 or 21, as in KGM or XSA."),
            ),
        ]

    def __str__(self) -> str:
        return self.symbol()

    def symbol(self, language: str = "") -> str:
        return self.symbol_en if (language or get_language() or "de").startswith("en") else self.symbol_de
