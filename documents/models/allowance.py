from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents.models import fields
from documents.models.triggers import CHILD_TRIGGERS
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned


class AllowanceCharge(CompanyOwned):
    """An allowance or charge on a line (``line`` set) or on the document, one row per (category, rate).

    Rows that come from one entry of a person share ``entry``; ``stated_amount`` is the amount that was spread.
    """

    document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="allowances", db_constraint=False, db_index=False
    )
    line = models.ForeignKey(
        "documents.Line",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="allowances",
        db_constraint=False,
        db_index=False,
    )
    entry = models.PositiveIntegerField(default=0)
    is_charge = models.BooleanField(default=False)
    percent = fields.percent_or_none()
    base = fields.amount_or_none(help_text=_("BT-93, BT-100, BT-137, BT-142"))
    amount = fields.amount(help_text=_("BT-92, BT-99, BT-136, BT-141"))
    stated_amount = fields.amount_or_none()
    reason_code = models.CharField(max_length=4, blank=True, help_text=_("UNTDID 5189 or 7161"))
    reason = models.CharField(max_length=200, blank=True)
    tax_code = models.ForeignKey(
        "masterdata.TaxCode",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    tax_category = models.CharField(max_length=2, blank=True)
    tax_rate = fields.percent()
    source_entry = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("The entry it came from there")
    )
    source_document = models.ForeignKey(
        "documents.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("document", "line", "entry", "id")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_allowancecharge", "document", "line", "tax_code", "source_document"),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) | models.Q(percent__gte=0), name="allowance_percent"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("document", name="allowance_document")]
        triggers: ClassVar[list[object]] = CHILD_TRIGGERS

    def __str__(self) -> str:
        return self.reason
