from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from masterdata.kinds import WarehouseKind
from masterdata.models.fields import Address, Versioned, country_code, unique, unique_code
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class Warehouse(CompanyOwned, PublicId, Address, Versioned):
    """A place that holds stock; its address is where goods ship from."""

    code = models.CharField(_("Code"), max_length=12)
    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(
        _("Kind"),
        max_length=12,
        choices=WarehouseKind.choices,
        default=WarehouseKind.OWN,
    )
    branch = models.ForeignKey(
        "tenancy.Branch", verbose_name=_("Branch"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="warehouses", db_constraint=False,
    )  # fmt: skip
    is_default = models.BooleanField(_("Default warehouse"), default=False)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Warehouse")
        verbose_name_plural = _("Warehouses")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("warehouse", "branch"),
            unique_code("warehouse"),
            unique(
                "warehouse_one_default",
                condition=Q(is_default=True),
                text=_("Another warehouse is the default already."),
                at="is_default",
            ),
            country_code("warehouse"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
