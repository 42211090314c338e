from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from masterdata.kinds import SkontoBase
from masterdata.models.fields import ZERO, Versioned, percent_field, percent_range, rule, unique, unique_code
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class PaymentTerm(CompanyOwned, PublicId, Versioned):
    """Terms of payment; frozen on a document as instalments."""

    code = models.CharField(_("Code"), max_length=12)
    name_de = models.CharField(_("Name (German)"), max_length=80)
    name_en = models.CharField(_("Name (English)"), max_length=80)
    note_de = models.CharField(_("Printed note (German)"), max_length=200, blank=True)
    note_en = models.CharField(_("Printed note (English)"), max_length=200, blank=True)
    is_default = models.BooleanField(_("Default"), default=False)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Payment terms")
        verbose_name_plural = _("Payment terms")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            unique_code("paymentterm"),
            unique(
                "paymentterm_one_default",
                condition=Q(is_default=True),
                text=_("Other terms are the default already."),
                at="is_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name()

    def name(self, language: str = "") -> str:
        return self.name_en if (language or get_language() or "de").startswith("en") else self.name_de

    def note(self, language: str = "") -> str:
        return self.note_en if (language or get_language() or "de").startswith("en") else self.note_de


class PaymentTermInstalment(CompanyOwned):
    """One part of the total: when it is due and what an early payment saves."""

    term = models.ForeignKey(
        PaymentTerm,
        on_delete=models.CASCADE,
        related_name="instalments",
        db_constraint=False,
    )
    position = models.PositiveSmallIntegerField(_("Position"), default=1)
    share = percent_field(_("Share in %"), default=100)
    days = models.PositiveSmallIntegerField(_("Days"), default=0)
    end_of_month = models.BooleanField(_("From the end of the month"), default=False)
    months = models.PositiveSmallIntegerField(_("Months later"), default=0)
    fixed_day = models.PositiveSmallIntegerField(_("On this day of the month"), null=True, blank=True)
    skonto_days = models.PositiveSmallIntegerField(_("Cash discount days"), default=0)
    skonto_percent = percent_field(_("Cash discount in %"), default=ZERO)
    skonto_base = models.CharField(
        _("Cash discount on"),
        max_length=8,
        choices=SkontoBase.choices,
        default=SkontoBase.GROSS,
    )

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Instalment")
        verbose_name_plural = _("Instalments")
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("paymentterminstalment", "term"),
            unique(
                "paymentterminstalment_position",
                "term",
                "position",
                text=_("Two instalments have this position."),
            ),
            rule(
                "paymentterminstalment_share",
                "share",
                Q(share__gt=0, share__lte=100),
                _("Above 0, at most 100."),
            ),
            rule(
                "paymentterminstalment_span",
                "days",
                Q(days__lte=730, months__lte=24, skonto_days__lte=730),
                _("At most 730 days and 24 months."),
            ),
            rule(
                "paymentterminstalment_fixed_day",
                "fixed_day",
                Q(fixed_day__isnull=True) | Q(fixed_day__gte=1, fixed_day__lte=31),
                _("A day from 1 to 31."),
            ),
            percent_range("paymentterminstalment", "skonto_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"
