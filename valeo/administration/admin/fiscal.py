from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section
from valeo.administration.services import fiscal
from valeo.core.exceptions import Refused
from valeo.tenancy.kinds import PeriodState
from valeo.tenancy.models import FiscalYear, Period


class PeriodInline(admin.TabularInline):  # type: ignore[type-arg]  # only the stubs are generic
    model = Period
    extra = 0
    fields = ("number", "start", "end", "state")
    readonly_fields = fields
    can_delete = False
    show_change_link = True
    ordering = ("number",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(FiscalYear)
class FiscalYearAdmin(BackOfficeModelAdmin[FiscalYear]):
    """Made with its months; never changed afterwards."""

    section = Section.BOOKS
    hint = _("made with their months")
    may_change = False
    list_display = ("label", "start", "end")
    fields = ("start", "end")
    inlines = (PeriodInline,)

    def get_inlines(self, request: HttpRequest, obj: FiscalYear | None) -> Any:
        return self.inlines if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The year after the last one."""
        last = FiscalYear.objects.order_by("-end").first()
        start = last.end + fiscal.ONE_DAY if last else None
        return (
            {
                "start": start,
                "end": start.replace(year=start.year + 1, day=min(start.day, 28)) - fiscal.ONE_DAY,
            }
            if start
            else {}
        )

    def write(self, request: HttpRequest, obj: FiscalYear, form: Any, *, change: bool) -> FiscalYear:
        return fiscal.create_fiscal_year(actor=actor_of(request), **form.cleaned_data)


class PeriodForm(forms.ModelForm):  # type: ignore[type-arg]  # only the stubs are generic
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Needed to open a closed period again."),
    )

    class Meta:
        model = Period
        fields = ("state",)


@admin.register(Period)
class PeriodAdmin(BackOfficeModelAdmin[Period]):
    """One month: open, closed for vouchers or closed."""

    section = Section.BOOKS
    hint = _("close and open months")
    intro = _(
        "Closed for vouchers: no invoice, delivery or receipt is posted into the month. Closed: nothing is."
    )
    may_add = False
    form = PeriodForm
    list_display = ("__str__", "fiscal_year_shown", "start", "end", "state")
    list_filter = ("state",)
    list_select_related = ("fiscal_year",)
    fields = ("fiscal_year_shown", "number", "start", "end", "state", "reason")
    readonly_fields = ("fiscal_year_shown", "number", "start", "end")
    actions = ("close_for_vouchers", "close")

    def write(self, request: HttpRequest, obj: Period, form: Any, *, change: bool) -> Period:
        facts = form.cleaned_data
        return fiscal.set_period_state(
            actor=actor_of(request), period=obj, state=facts["state"], reason=facts["reason"]
        )

    @admin.display(description=_("Fiscal year"), ordering="fiscal_year__start")
    def fiscal_year_shown(self, period: Period) -> str:
        return period.fiscal_year.label

    @admin.action(description=_("Close for vouchers"))
    def close_for_vouchers(self, request: HttpRequest, periods: QuerySet[Period]) -> None:
        self._set(request, periods, PeriodState.CLOSED_FOR_VOUCHERS)

    @admin.action(description=_("Close"))
    def close(self, request: HttpRequest, periods: QuerySet[Period]) -> None:
        self._set(request, periods, PeriodState.CLOSED)

    def _set(self, request: HttpRequest, periods: QuerySet[Period], state: str) -> None:
        try:
            count = fiscal.set_period_states(actor=actor_of(request), periods=list(periods), state=state)
        except Refused as refusal:
            for violation in refusal.violations:
                messages.error(request, str(violation.text))
            return
        messages.success(
            request,
            ngettext("%(count)d period changed.", "%(count)d periods changed.", count) % {"count": count},
        )
