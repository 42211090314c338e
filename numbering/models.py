"""Number series, their counters, and the register of every number that was given out."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.constraints import BaseConstraint
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from numbering.kinds import NumberState, Reset, SeriesKind
from valeo.audit.models import refuse_truncate
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId

_REFUSE = "RAISE EXCEPTION 'valeo: {text}' USING ERRCODE = 'check_violation';"
safe_text = RegexValidator(
    r"^[A-Za-z0-9._-]*\Z", _("Only letters, digits and . _ - are allowed."), code="unsafe"
)
safe_pattern = RegexValidator(
    r"^(?:[A-Za-z0-9._-]|\{(?:prefix|company|branch|year|yy|number(?::0[1-9]d)?)\})+\Z",
    _("Only letters, digits, . _ - and {prefix} {company} {branch} {year} {yy} {number:05d} are allowed."),
    code="pattern",
)


class NumberSeries(CompanyOwned, PublicId):
    """How numbers of a kind are made. Once used it never changes; it is closed and succeeded."""

    kind = models.CharField(_("kind"), max_length=40, choices=SeriesKind.choices)
    branch = models.ForeignKey(
        "tenancy.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
        verbose_name=_("branch"), help_text=_("Empty: for documents of every branch without a series of its own."),
    )  # fmt: skip
    type_group = models.CharField(_("type group"), max_length=20, blank=True, validators=[safe_text])
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    prefix = models.CharField(_("prefix"), max_length=20, blank=True, validators=[safe_text])
    pattern = models.CharField(
        _("pattern"), max_length=80, default="{prefix}-{year}-{number:05d}", validators=[safe_pattern]
    )
    first_number = models.PositiveBigIntegerField(_("first number"), default=1)
    reset = models.CharField(_("reset"), max_length=10, choices=Reset.choices, default=Reset.CALENDAR)
    succeeds = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", db_constraint=False,
        verbose_name=_("succeeds"), editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = pgettext_lazy("several", "number series")
        default_permissions = ()
        base_manager_name = "everywhere"
        ordering: ClassVar[list[str]] = ["kind", "branch_id", "type_group", "valid_from"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("numberseries", "branch", "succeeds"),
            models.CheckConstraint(condition=Q(kind__in=SeriesKind.values), name="numberseries_kind_known"),
            models.CheckConstraint(condition=Q(reset__in=Reset.values), name="numberseries_reset_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="numberseries_order"
            ),
            models.CheckConstraint(condition=Q(prefix__regex=r"^[A-Za-z0-9._-]*$"), name="numberseries_prefix_safe"),
            models.CheckConstraint(
                condition=Q(pattern__regex=r"^([A-Za-z0-9._-]|\{(prefix|company|branch|year|yy|number(:0[1-9]d)?)\})+$")
                & Q(pattern__regex=r"^[^{]*(\{(prefix|company|branch|year|yy)\}[^{]*)*\{number[^}]*\}"),
                name="numberseries_pattern_safe",
            ),
            models.CheckConstraint(
                condition=Q(reset="never") | Q(pattern__contains="{year}") | Q(pattern__contains="{yy}"),
                name="numberseries_reset_shows_year",
            ),
            ExclusionConstraint(
                name="numberseries_one_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (Coalesce("branch", Value(0)), RangeOperators.EQUAL),
                    ("type_group", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"), F("valid_to"), Value("[]"),
                            function="daterange", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]  # fmt: skip
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="used_is_closed_not_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                declare=[("last_used", "date")],
                func=f"""
SELECT max(c.last_date) INTO last_used FROM numbering_seriescounter c WHERE c.series_id = OLD.id;
IF EXISTS (SELECT 1 FROM numbering_seriescounter c WHERE c.series_id = OLD.id) THEN
  IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - 'valid_to') <> (to_jsonb(NEW) - 'valid_to') THEN
    {_REFUSE.format(text="a used number series is never changed; close it and let another succeed")}
  END IF;
  IF NEW.valid_to < last_used THEN
    {_REFUSE.format(text="a number series is not closed before its last number")}
  END IF;
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
""",  # noqa: S608 - constants only
            ),
            refuse_truncate("a used number series is never changed; close it and let another succeed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.prefix}".strip()


class SeriesCounter(CompanyOwned):
    """The next number of a series in a year; year 0 where the series runs on. ``last_date`` is its last document's."""

    series = models.ForeignKey(
        NumberSeries,
        on_delete=models.PROTECT,
        related_name="counters",
        db_constraint=False,
        verbose_name=_("series"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    first_value = models.PositiveBigIntegerField(_("first"))
    next_value = models.PositiveBigIntegerField(_("next"))
    last_date = models.DateField(_("last date"), null=True)

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        default_permissions = ()
        base_manager_name = "everywhere"
        ordering: ClassVar[list[str]] = ["series_id", "year"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("seriescounter", "series"),
            models.UniqueConstraint(fields=["series", "year"], name="seriescounter_year"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="never_back",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
IF TG_OP = 'DELETE' THEN
  IF EXISTS (SELECT 1 FROM numbering_issuednumber n WHERE n.series_id = OLD.series_id AND n.year = OLD.year) THEN
    {_REFUSE.format(text="the counter of given numbers is never deleted")}
  END IF;
  RETURN OLD;
END IF;
IF NEW.series_id <> OLD.series_id OR NEW.year <> OLD.year OR NEW.company_id <> OLD.company_id THEN
  {_REFUSE.format(text="a counter never moves to another series or year")}
END IF;
IF NEW.next_value < OLD.next_value AND EXISTS (SELECT 1 FROM numbering_issuednumber n
    WHERE n.series_id = OLD.series_id AND n.year = OLD.year AND n.value >= NEW.next_value) THEN
  {_REFUSE.format(text="a number is never given twice")}
END IF;
RETURN NEW;
""",  # noqa: S608 - constants only
            ),
            refuse_truncate("the counter of given numbers is never deleted"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}/{self.year}: {self.next_value}"


class IssuedNumber(CompanyOwned):
    """A row per number: used by a document, reserved, or void with its reason (an explained gap)."""

    series = models.ForeignKey(
        NumberSeries, on_delete=models.PROTECT, related_name="issued", db_constraint=False, db_index=False,
        verbose_name=_("series"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=40, choices=SeriesKind.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.PositiveBigIntegerField(_("value"))
    number = models.CharField(_("number"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=NumberState.choices)
    document_type = models.CharField(_("document type"), max_length=80, blank=True)
    document_uuid = models.UUIDField(_("document"), null=True)
    dated = models.DateField(_("document date"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by_id = models.BigIntegerField(_("by"), null=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("issued number")
        verbose_name_plural = _("issued numbers")
        default_permissions = ()
        base_manager_name = "everywhere"
        ordering: ClassVar[list[str]] = ["series_id", "year", "value"]
        constraints: ClassVar[list[BaseConstraint]] = [
            # the base's unique (company, id) is left out: nothing refers to the register by a composite key
            *same_company("issuednumber", "series"),
            models.UniqueConstraint(
                fields=["company", "kind", "number"], name="issuednumber_number", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["series", "year", "value"], name="issuednumber_value"),
            models.CheckConstraint(
                condition=Q(state__in=NumberState.values), name="issuednumber_state_known"
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Za-z0-9._-]+$"), name="issuednumber_number_safe"
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(reason=""), name="issuednumber_void_has_reason"
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
IF TG_OP = 'DELETE' OR OLD.state <> 'reserved' OR NEW.state NOT IN ('used', 'void')
   OR (to_jsonb(OLD) - '{{state,document_type,document_uuid,reason,by_id,at,dated}}'::text[])
      <> (to_jsonb(NEW) - '{{state,document_type,document_uuid,reason,by_id,at,dated}}'::text[]) THEN
  {_REFUSE.format(text="the register of numbers is never changed")}
END IF;
RETURN NEW;
""",
            ),
            refuse_truncate("the register of numbers is never emptied"),
        ]

    def __str__(self) -> str:
        return self.number
