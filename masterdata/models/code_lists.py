"""Small lists that a company keeps for itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from masterdata.models.fields import Versioned, unique_code
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class PartnerGroup(CompanyOwned, PublicId, Versioned):
    """Partners that share a price list."""

    code = models.CharField(_("Code"), max_length=12)
    name = models.CharField(_("Name"), max_length=80)
    price_list = models.ForeignKey(
        "masterdata.PriceList", verbose_name=_("Price list"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="groups", db_constraint=False,
    )  # fmt: skip
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Partner group")
        verbose_name_plural = _("Partner groups")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("partnergroup", "price_list"),
            unique_code("partnergroup"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Carrier(CompanyOwned, PublicId, Versioned):
    """Who carries the goods."""

    code = models.CharField(_("Code"), max_length=12)
    name = models.CharField(_("Name"), max_length=80)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Carrier")
        verbose_name_plural = _("Carriers")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            unique_code("carrier"),
        ]

    def __str__(self) -> str:
        return self.name
