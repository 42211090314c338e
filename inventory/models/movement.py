from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents.models import fields
from inventory.kinds import MovementKind
from valeo.audit.models import refuse_truncate
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class StockMovement(CompanyOwned, PublicId):
    """One change of one key (article, warehouse, lot or none, owner or own); never changed, only countered.

    ``stock_quantity`` and ``value`` are signed (plus is in); ``unit_cost`` is positive, in the company's currency per
    stock unit. A revaluation moves value alone. ``entry_key`` makes one entry of a person count once.
    """

    article = models.ForeignKey(
        "masterdata.Article",
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("Article"),
    )
    warehouse = models.ForeignKey(
        "masterdata.Warehouse",
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("Warehouse"),
    )
    lot = models.CharField(_("Lot"), max_length=40, null=True, blank=True)
    owner = models.ForeignKey(
        "masterdata.Partner", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, db_index=False,
        verbose_name=_("Owner"),
    )  # fmt: skip
    kind = models.CharField(_("Kind"), max_length=12, choices=MovementKind.choices)
    stock_quantity = fields.quantity(verbose_name=_("Quantity"))
    effective_on = models.DateField(_("Effective on"))
    unit_cost = fields.price(verbose_name=_("Cost per stock unit"))
    value = fields.amount(verbose_name=_("Value"))
    document = models.ForeignKey(
        "documents.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stock_movements",
        db_constraint=False,
    )
    source_line = models.ForeignKey(
        "documents.Line",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stock_movements",
        db_constraint=False,
    )
    reversal_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", db_constraint=False
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    entry_key = models.UUIDField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("Time"), auto_now_add=True)

    class Meta:
        base_manager_name = "everywhere"
        default_permissions = ()
        verbose_name = _("Stock movement")
        verbose_name_plural = _("Stock movements")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company(
                "stockmovement", "article", "warehouse", "owner", "document", "source_line", "reversal_of"
            ),
            models.UniqueConstraint(fields=["company", "entry_key"], name="stockmovement_entry_once"),
            models.CheckConstraint(condition=Q(kind__in=MovementKind.values), name="stockmovement_kind"),
            models.CheckConstraint(
                condition=Q(kind=MovementKind.REVALUATION, stock_quantity=0)
                | ~Q(kind=MovementKind.REVALUATION) & ~Q(stock_quantity=0),
                name="stockmovement_quantity",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost__gte=0)
                & (
                    Q(kind=MovementKind.REVALUATION)
                    | Q(stock_quantity__gt=0, value__gte=0)
                    | Q(stock_quantity__lt=0, value__lte=0)
                ),
                name="stockmovement_signs",
            ),
            models.CheckConstraint(condition=Q(lot__isnull=True) | ~Q(lot=""), name="stockmovement_lot"),
            models.CheckConstraint(
                condition=~Q(kind__in=[MovementKind.OPENING, MovementKind.CORRECTION]) | ~Q(reason=""),
                name="stockmovement_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["company", "article", "-id"], name="stockmovement_by_article"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="never_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="RAISE EXCEPTION 'valeo: a stock movement is never changed, only countered' "
                "USING ERRCODE = 'check_violation';",
            ),
            refuse_truncate("a stock movement is never changed, only countered"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stock_quantity.normalize():f}"
