from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents.kinds import Kind
from valeo.tenancy.base import CompanyOwned


class ReleaseRule(CompanyOwned):
    """How a company releases a kind; without a row the kind's own declaration counts (contract § 4)."""

    class Approval(models.TextChoices):
        EXCEPTION = "exception", _("only with an exception")
        ALWAYS = "always", _("always (classical four steps)")

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    approval = models.CharField(
        _("approval"), max_length=9, choices=Approval.choices, default=Approval.EXCEPTION
    )
    post_on_release = models.BooleanField(_("post on release"), null=True, blank=True)

    class Meta:
        base_manager_name = "everywhere"
        verbose_name = _("release rule")
        verbose_name_plural = _("release rules")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "kind"], name="releaserule_kind"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class CompanyLimits(CompanyOwned):
    """The limits beyond which a document needs a person: one row per company."""

    max_discount_percent = models.DecimalField(
        _("discount without approval, %"), max_digits=6, decimal_places=2, default=Decimal(10)
    )
    min_margin_percent = models.DecimalField(
        _("margin without approval, %"), max_digits=6, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(-100), MaxValueValidator(99)],
        help_text=_("A line below it is an exception; 0 means below cost"),
    )  # fmt: skip
    free_lines_ask = models.BooleanField(_("free lines ask"), default=True)
    manual_tax_asks = models.BooleanField(_("manual tax codes ask"), default=True)
    negative_stock_asks = models.BooleanField(_("stock below zero asks"), default=True)

    class Meta:
        base_manager_name = "everywhere"
        verbose_name = _("company limits")
        verbose_name_plural = _("company limits")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company"], name="companylimits_one"),
            models.CheckConstraint(
                condition=models.Q(max_discount_percent__gte=0, max_discount_percent__lte=100),
                name="companylimits_discount",
                violation_error_code="max_discount_percent:range",
                violation_error_message=_("Between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("company limits"))
