"""Tax codes with their rates, and tax rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from masterdata.admin.code_lists import CodeListAdmin
from masterdata.kinds import Place, VatIdNeed
from masterdata.models import ExchangeRate, TaxCode, TaxRate, TaxRule
from masterdata.services.code_lists import set_tax_rates
from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section
from valeo.core.components import formats as figures


class TaxRateInline(admin.TabularInline):  # type: ignore[type-arg]
    """The rates in time; they never overlap. Rights are the code's."""

    model = TaxRate
    extra = 1
    fields = ("percent", "valid_from", "valid_to")
    formfield_overrides = BackOfficeModelAdmin.formfield_overrides

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return actor_of(request).has("admin:all")

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(TaxCode)
class TaxCodeAdmin(CodeListAdmin[TaxCode]):
    section = Section.TAXES
    hint = _("with their rates in time")
    list_display = (
        "code",
        "name_de",
        "rates_shown",
        "direction",
        "category",
        "return_box",
        "datev_key",
        "active",
    )
    list_filter = ("direction", "category", "active")
    inlines = (TaxRateInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxCode]:
        return super().get_queryset(request).prefetch_related("rates")

    @admin.display(description=_("Rate"))
    def rates_shown(self, code: TaxCode) -> str:
        """Today's, and what comes after it."""
        today, ever = timezone.localdate(), dt.date.min
        rates = sorted(code.rates.all(), key=lambda rate: rate.valid_from or ever)
        now = [
            rate
            for rate in rates
            if (rate.valid_from or ever) <= today and not (rate.valid_to and rate.valid_to < today)
        ]
        shown = [figures.percent(rate.percent) for rate in now] + [
            gettext("%(rate)s from %(day)s")
            % {"rate": figures.percent(rate.percent), "day": figures.day(rate.valid_from)}
            for rate in rates
            if rate.valid_from and rate.valid_from > today
        ]
        return ", ".join(shown) or self.get_empty_value_display()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """The rates go to their service as a whole."""
        for formset in formsets:
            kept = [row for row in formset.forms if row.cleaned_data and not row.cleaned_data.get("DELETE")]
            rates = [{name: row.cleaned_data[name] for name in TaxRateInline.fields} for row in kept]
            # what Django's message about the change reads; the audit entry is the service's
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
            set_tax_rates(actor=actor_of(request), code_uuid=form.instance.uuid, rates=rates)


@admin.register(TaxRule)
class TaxRuleAdmin(CodeListAdmin[TaxRule]):
    section = Section.TAXES
    hint = _("which code a line gets")
    intro = _("The rule with the highest rank that fits decides. An empty condition fits everything.")
    list_display = ("priority", "side", "conditions", "code", "valid_from", "valid_to", "active")
    list_filter = ("side", "tax_class", "tax_status", "active")
    list_select_related = ("code",)
    search_fields = ("code__code",)
    ordering = ("side", "-priority", "id")
    fieldsets = (
        (None, {"fields": ("side", "priority", "code", ("valid_from", "valid_to"), "active")}),
        (
            _("Conditions"),
            {"fields": ("tax_class", "tax_status", "vat_scheme", ("ship_from", "ship_to"), "vat_id")},
        ),
    )

    @admin.display(description=_("Conditions"))
    def conditions(self, rule: TaxRule) -> str:
        """What the rule asks for; what fits everything is left out."""
        anywhere = {rule.ship_from, rule.ship_to} == {Place.ANY}
        way = "" if anywhere else f"{rule.get_ship_from_display()} → {rule.get_ship_to_display()}"
        asked = (
            rule.get_tax_class_display(),
            rule.get_tax_status_display(),
            rule.get_vat_scheme_display(),
            way,
            "" if rule.vat_id == VatIdNeed.ANY else rule.get_vat_id_display(),
        )
        return " · ".join(str(part) for part in asked if part) or gettext("always")


@admin.register(ExchangeRate)
class ExchangeRateAdmin(CodeListAdmin[ExchangeRate]):
    section = Section.TAXES
    hint = _("of foreign currencies, day by day")
    intro = _(
        "A document in a foreign currency takes the newest rate up to its date; it can be changed there."
    )
    search_hint = _("Currency")
    search_fields = ("currency",)
    list_display = ("currency", "valid_from", "rate_shown", "source")
    list_filter = ("currency",)
    ordering = ("-valid_from", "currency")

    @admin.display(description=_("Exchange rate"), ordering="rate")
    def rate_shown(self, row: ExchangeRate) -> str:
        return figures.number(row.rate, least=4, most=9)
