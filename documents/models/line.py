from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents import kinds
from documents.models import fields
from documents.models.triggers import CHILD_TRIGGERS, LINE_TRIGGERS
from valeo.core.constraints import OncePlaced, same_company
from valeo.tenancy.base import CompanyOwned


class Line(CompanyOwned):
    """A line with its three quantities: as ordered, as charged, in stock units; the factors are frozen."""

    document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="lines", db_constraint=False, db_index=False
    )
    position = models.PositiveIntegerField()
    line_kind = models.CharField(max_length=8, choices=kinds.LineKind.choices, default=kinds.LineKind.ITEM)
    parent_line = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="+", db_constraint=False, db_index=False
    )
    article = models.ForeignKey(
        "masterdata.Article", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    article_number = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=400, blank=True, help_text=_("BT-153"))
    detail = models.TextField(blank=True, help_text=_("BT-154"))

    quantity = fields.quantity()
    unit = models.CharField(max_length=8, blank=True, help_text=_("UN/ECE Rec 20 code"))
    price_quantity = fields.quantity(help_text=_("BT-129"))
    price_unit = models.CharField(max_length=8, blank=True, help_text=_("BT-130"))
    price_factor = fields.factor(help_text=_("price units per unit"))
    price_base = fields.quantity(default=1, help_text=_("BT-149"))
    stock_quantity = fields.quantity()
    stock_unit = models.CharField(max_length=8, blank=True)
    stock_factor = fields.factor(help_text=_("stock units per unit"))

    price = fields.price(help_text=_("BT-148, per price base"))
    found_price = fields.price_or_none()
    price_source = models.JSONField(default=dict, blank=True)
    free_reason = models.CharField(max_length=12, choices=kinds.FreeReason.choices, blank=True)
    discount_percent = fields.percent(help_text=_("Shown beside the line; the allowance row carries it"))
    gross_amount = fields.amount()
    net_amount = fields.amount(help_text=_("BT-131"))
    cost_price = fields.price_or_none(help_text=_("Company currency per stock unit"))

    tax_code = models.ForeignKey(
        "masterdata.TaxCode",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    tax_category = models.CharField(max_length=2, blank=True, help_text=_("BT-151"))
    tax_rate = fields.percent(help_text=_("BT-152"))
    tax_manual = models.BooleanField(default=False)
    tax_source = models.JSONField(default=dict, blank=True)
    account = models.CharField(max_length=20, blank=True)
    cost_center = models.CharField(max_length=36, blank=True)
    supply_from = models.DateField(null=True, blank=True)
    supply_to = models.DateField(null=True, blank=True)
    warehouse = models.ForeignKey(
        "masterdata.Warehouse",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    is_stocked = models.BooleanField(default=False, help_text=_("Moves stock; invoiced from deliveries only"))
    lot_duty = models.BooleanField(default=False)
    tolerance_percent = fields.percent(help_text=_("Over-delivery allowed, share of the ordered quantity"))
    skonto_excluded = models.BooleanField(default=False)
    replaces = models.BooleanField(default=False, help_text=_("A return that is to be delivered again"))
    reopens = models.BooleanField(default=False, help_text=_("A credit whose quantity may be invoiced again"))
    with_goods = models.BooleanField(default=False, help_text=_("A credit for goods that came back"))

    # Progress: what links feed, in this line's unit. The only columns that move after posting.
    delivered = fields.quantity()
    returned = fields.quantity()
    replaced = fields.quantity(help_text=_("returned for replacement"))
    ordered = fields.quantity()
    received = fields.quantity()
    invoiced = fields.quantity()
    billed = fields.quantity()
    credited = fields.quantity()
    closed = fields.quantity()
    closed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("document", "position")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_line", "document", "parent_line", "article", "tax_code", "warehouse"),
            OncePlaced(fields=("document", "position"), name="line_position"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="line_price"),
            models.CheckConstraint(condition=models.Q(price_base__gt=0), name="line_price_base"),
            models.CheckConstraint(
                condition=models.Q(line_kind__in=kinds.WITHOUT_AMOUNT) | ~models.Q(quantity=0),
                name="line_quantity",
            ),
            models.CheckConstraint(
                condition=~models.Q(line_kind__in=kinds.WITHOUT_AMOUNT) | models.Q(net_amount=0),
                name="line_no_amount",
            ),
        ]
        triggers: ClassVar[list[object]] = LINE_TRIGGERS

    def __str__(self) -> str:
        return f"{self.position} {self.description}"


class LineLot(CompanyOwned):
    """Which lot a line takes: together the line's stock quantity where the article has lot duty."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="lots", db_constraint=False)
    document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    lot = models.CharField(max_length=40)
    stock_quantity = fields.quantity()

    class Meta:
        base_manager_name = "everywhere"
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_linelot", "line", "document"),
            models.UniqueConstraint(fields=["line", "lot"], name="linelot_lot"),
        ]
        triggers: ClassVar[list[object]] = CHILD_TRIGGERS

    def __str__(self) -> str:
        return self.lot
