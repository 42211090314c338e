"""Number series in the administrator's site: series with a preview, succession, counters, register and the proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from numbering import proofs, selectors, services
from numbering.forms import ResetForm, SeriesForm, SuccessionForm, VoidForm
from numbering.kinds import NumberState
from numbering.models import IssuedNumber, NumberSeries, SeriesCounter
from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section
from valeo.core.exceptions import NotFound, Refused
from valeo.tenancy.models import Company


@admin.register(NumberSeries)
class NumberSeriesAdmin(BackOfficeModelAdmin[NumberSeries]):
    """Made and, while unused, changed; a used series is closed by its successor."""

    section = Section.NUMBERS
    hint = _("pattern, next number, what comes after the year's end")
    form = SeriesForm
    list_display = ("kind_shown", "prefix", "pattern", "reset", "valid_from", "valid_to", "next_numbers")
    list_select_related = ("branch",)
    search_fields = ("prefix", "pattern")
    search_hint = _("Prefix or pattern")
    readonly_fields = ("next_numbers", "acts")
    change_list_template = "admin/numbering/series_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[NumberSeries]:
        return selectors.series_for_preview()

    def get_fields(self, request: HttpRequest, obj: NumberSeries | None = None) -> tuple[str, ...]:
        own = SeriesForm.Meta.fields
        return (*own, "next_numbers", "acts") if obj else own

    def has_change_permission(self, request: HttpRequest, obj: NumberSeries | None = None) -> bool:
        used = obj is not None and SeriesCounter.objects.filter(series=obj).exists()
        return not used and super().has_change_permission(request, obj)

    def write(self, request: HttpRequest, obj: NumberSeries, form: Any, *, change: bool) -> NumberSeries:
        facts = form.cleaned_data
        if change:
            return services.change_series(actor=actor_of(request), series=obj, **facts)
        return services.create_series(actor=actor_of(request), **facts)

    @admin.display(description=_("Kind"), ordering="kind")
    def kind_shown(self, obj: NumberSeries) -> str:
        """With what the series is for, where that is not every document of the kind."""
        return " · ".join(
            part for part in (obj.get_kind_display(), str(obj.branch or ""), obj.type_group) if part
        )

    @admin.display(description=_("Next numbers, also after the year's end"))
    def next_numbers(self, obj: NumberSeries) -> SafeString:
        days = selectors.preview(obj, timezone.localdate())
        return format_html_join(
            mark_safe("<br>"),
            "{}: {}",
            ((formats.date_format(day, "SHORT_DATE_FORMAT"), ", ".join(numbers)) for day, numbers in days),
        )

    @admin.display(description=_("Actions"))
    def acts(self, obj: NumberSeries) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:numbering_numberseries_succeed", args=[obj.pk]), _("Close and succeed"),
            reverse("admin:numbering_numberseries_reset", args=[obj.pk]), _("Set the next number"),
        )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("proof/", view(self.proof), name="numbering_numberseries_proof"),
            path("defaults/", view(self.defaults), name="numbering_numberseries_defaults"),
            path("<int:pk>/succeed/", view(self.succeed), name="numbering_numberseries_succeed"),
            path("<int:pk>/reset/", view(self.reset_counter), name="numbering_numberseries_reset"),
        ]
        return [*own, *super().get_urls()]

    def proof(self, request: HttpRequest) -> HttpResponse:
        """Every series with first, last, next, count, voids and gaps, and each kind against its documents."""
        company_id = actor_of(request).company_id
        context = {
            **self.admin_site.each_context(request),
            "title": _("Proof of the numbers"),
            "opts": self.opts,
            "series": proofs.series_proofs(company_id),
            "kinds": proofs.kind_proofs(company_id),
        }
        return render(request, "admin/numbering/proof.html", context)

    def defaults(self, request: HttpRequest) -> HttpResponse:
        """A new company's series: one for every kind that has none."""
        actor = actor_of(request)
        form = Form(request.POST if request.method == "POST" else None)
        return _act(
            self, request, "", form, _("Create the missing series"),
            _("Every kind that has no series gets one, with the usual prefix and pattern. What exists stays as it is."),
            lambda _facts: services.create_default_series(Company.objects.get(pk=actor.company_id), actor),
        )  # fmt: skip

    def succeed(self, request: HttpRequest, pk: int) -> HttpResponse:
        series = self._series(pk)
        initial = {name: getattr(series, name) for name in ("prefix", "pattern", "reset")}
        initial["valid_from"] = dt.date(timezone.localdate().year + 1, 1, 1)
        form = SuccessionForm(request.POST if request.method == "POST" else None, initial=initial)
        return _act(
            self, request, str(series), form, _("Close and succeed"),
            _("The series ends the day before; from that day on its successor gives the numbers. Nothing given before changes."),
            lambda facts: services.succeed_series(actor=actor_of(request), series=series, **facts),
        )  # fmt: skip

    def reset_counter(self, request: HttpRequest, pk: int) -> HttpResponse:
        series = self._series(pk)
        year = selectors.counter_year(series, timezone.localdate()) or 0
        form = ResetForm(request.POST if request.method == "POST" else None, initial={"year": year})
        return _act(
            self, request, str(series), form, _("Set the next number"),
            _("Numbers that are skipped become void in the register, with your reason."),
            lambda facts: services.reset(actor=actor_of(request), series=series, **facts),
        )  # fmt: skip

    def _series(self, pk: int) -> NumberSeries:
        series: NumberSeries | None = NumberSeries.objects.filter(pk=pk).first()
        if series is None:
            raise NotFound
        return series


@admin.register(IssuedNumber)
class IssuedNumberAdmin(BackOfficeModelAdmin[IssuedNumber]):
    """The register: read only, but that a reserved number can be made void."""

    section = Section.NUMBERS
    hint = _("the register: used, reserved, void")
    search_hint = _("Number")
    may_add = False
    may_change = False
    list_display = ("number", "kind", "year", "value", "state", "dated", "at", "reason")
    list_filter = ("state", "kind", "year")
    search_fields = ("number",)
    ordering = ("-id",)
    fields = (*list_display, "acts")
    readonly_fields = fields

    @admin.display(description=_("Actions"))
    def acts(self, obj: IssuedNumber) -> SafeString | str:
        if obj.state != NumberState.RESERVED:
            return ""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:numbering_issuednumber_void", args=[obj.pk]), _("Make void")
        )

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/void/", self.admin_site.admin_view(self.void), name="numbering_issuednumber_void"
        )
        return [own, *super().get_urls()]

    def void(self, request: HttpRequest, pk: int) -> HttpResponse:
        row: IssuedNumber | None = IssuedNumber.objects.filter(pk=pk).first()
        if row is None:
            raise NotFound
        form = VoidForm(request.POST if request.method == "POST" else None)
        return _act(
            self, request, row.number, form, _("Make void"),
            _("The number is never used; the register keeps it with your reason."),
            lambda facts: services.void(actor=actor_of(request), kind=row.kind, number=row.number, **facts),
        )  # fmt: skip


def _act(
    page: BackOfficeModelAdmin[Any],
    request: HttpRequest,
    subtitle: str,
    form: Form,
    title: Any,
    intro: Any,
    act: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """One form, one service call; a refusal is shown beside the fields."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            for violation in refusal.violations:
                place = violation.field if violation.field in form.fields else NON_FIELD_ERRORS
                form.add_error(place, str(violation.text))
        else:
            messages.success(request, _("Done."))
            return HttpResponseRedirect(
                reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
            )
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "intro": intro,
        "subtitle": subtitle,
        "opts": page.opts,
        "form": form,
    }
    return render(request, "admin/numbering/act.html", context, status=422 if form.errors else 200)
