from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents.models import fields
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned


class Reservation(CompanyOwned):
    """What a posted order line still takes from a warehouse, in stock units: its part that has not left the house."""

    order_line = models.ForeignKey(
        "documents.Line", models.CASCADE, related_name="reservations", db_constraint=False, db_index=False
    )
    article = models.ForeignKey(
        "masterdata.Article", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    warehouse = models.ForeignKey(
        "masterdata.Warehouse", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    quantity = fields.quantity(verbose_name=_("Reserved"))
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        base_manager_name = "everywhere"
        default_permissions = ()
        verbose_name = _("Reservation")
        verbose_name_plural = _("Reservations")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("reservation", "order_line", "article", "warehouse"),
            models.UniqueConstraint(fields=["order_line", "warehouse"], name="reservation_line_warehouse"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="reservation_quantity"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["company", "article", "warehouse"], include=["quantity"], condition=Q(quantity__gt=0),
                name="reservation_open",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f}"
