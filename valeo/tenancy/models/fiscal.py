"""Fiscal years and their months."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId
from valeo.tenancy.kinds import PeriodState


def _no_overlap(name: str, text: Any = None) -> ExclusionConstraint:
    days = Func(F("start"), F("end"), Value("[]"), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[("company", RangeOperators.EQUAL), (days, RangeOperators.OVERLAPS)],
        violation_error_code="start:overlap" if text else None,
        violation_error_message=text,
    )


class FiscalYear(CompanyOwned, PublicId):
    """A fiscal year, both days included; not always the calendar year."""

    label = models.CharField(_("label"), max_length=20)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("fiscal year")
        verbose_name_plural = _("fiscal years")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["-start"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "label"], name="fiscalyear_label"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="fiscalyear_order",
                violation_error_code="end:order",
                violation_error_message=_("The last day lies before the first."),
            ),
            _no_overlap(
                "fiscalyear_no_overlap", _("There is a fiscal year with some of these days already.")
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Period(CompanyOwned, PublicId):
    """A month of a fiscal year: open, closed for vouchers or closed."""

    fiscal_year = models.ForeignKey(
        FiscalYear, on_delete=models.PROTECT, related_name="periods", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("number"))
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=20, choices=PeriodState.choices, default=PeriodState.OPEN)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["-start"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("period", "fiscal_year"),
            models.UniqueConstraint(fields=["company", "fiscal_year", "number"], name="period_number"),
            models.CheckConstraint(condition=Q(state__in=PeriodState.values), name="period_state_known"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="period_order"),
            _no_overlap("period_no_overlap"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m}"
