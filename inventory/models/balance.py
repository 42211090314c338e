from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents.models import fields
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned


class StockBalance(CompanyOwned):
    """What lies there now: the sum of the key's movements, kept in step in the same transaction.

    ``average_cost`` is the moving average per stock unit; it outlives an empty stock, so that what is issued below
    zero has a cost.
    """

    article = models.ForeignKey(
        "masterdata.Article",
        models.PROTECT,
        related_name="stock_balances",
        db_constraint=False,
        db_index=False,
    )
    warehouse = models.ForeignKey(
        "masterdata.Warehouse",
        models.PROTECT,
        related_name="stock_balances",
        db_constraint=False,
        db_index=False,
    )
    lot = models.CharField(_("Lot"), max_length=40, null=True, blank=True)
    owner = models.ForeignKey(
        "masterdata.Partner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    on_hand = fields.quantity(verbose_name=_("On hand"))
    value = fields.amount(verbose_name=_("Value"))
    average_cost = fields.price(null=True, blank=True, default=None, verbose_name=_("Average cost"))

    class Meta:
        base_manager_name = "everywhere"
        default_permissions = ()
        verbose_name = _("Stock balance")
        verbose_name_plural = _("Stock balances")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("stockbalance", "article", "warehouse", "owner"),
            models.UniqueConstraint(
                fields=["company", "article", "warehouse", "lot", "owner"],
                nulls_distinct=False,
                name="stockbalance_key",
            ),
            models.CheckConstraint(
                condition=~Q(on_hand=0) | Q(value=0), name="stockbalance_empty_is_worth_nothing"
            ),
            models.CheckConstraint(
                condition=Q(on_hand__gt=0, value__gte=0) | Q(on_hand__lt=0, value__lte=0) | Q(on_hand=0),
                name="stockbalance_signs",
            ),
            models.CheckConstraint(
                condition=Q(lot__isnull=True) | Q(on_hand__gte=0), name="stockbalance_lot_not_below_zero"
            ),
            models.CheckConstraint(condition=Q(lot__isnull=True) | ~Q(lot=""), name="stockbalance_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand.normalize():f}"
