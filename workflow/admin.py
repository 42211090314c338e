from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from documents import registry
from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section
from workflow.models import CompanyLimits, ReleaseRule
from workflow.services import settings
from workflow.services.rules import release_of


@admin.register(CompanyLimits)
class CompanyLimitsAdmin(BackOfficeModelAdmin[CompanyLimits]):
    """The limits beyond which a document asks a person."""

    section = Section.RELEASE
    hint = _("discount, margin, free lines: beyond them a person is asked")
    fields = settings.LIMIT_FIELDS
    list_display = ("__str__", "max_discount_percent", "min_margin_percent")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one row at most, so its form stands for the list; without one it shows the defaults."""
        row = CompanyLimits.objects.first()
        page = "admin:workflow_companylimits_"
        return redirect(f"{page}change", row.pk) if row else redirect(f"{page}add")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        texts = {"title": _("Limits"), "show_save_and_add_another": False}
        return super().render_change_form(request, {**context, **texts}, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not CompanyLimits.objects.exists()

    def write(self, request: HttpRequest, obj: CompanyLimits, form: Any, *, change: bool) -> CompanyLimits:
        return settings.save_limits(actor=actor_of(request), values=form.cleaned_data)


@admin.register(ReleaseRule)
class ReleaseRuleAdmin(BackOfficeModelAdmin[ReleaseRule]):
    """How a kind is released: only with an exception, or always by a person."""

    section = Section.RELEASE
    hint = _("per kind: by rule or always by a person")
    fields = settings.RULE_FIELDS
    list_display = ("kind", "approval", "post_on_release")
    delete_hint = _("Then the kind is released as it was delivered.")
    may_delete = True
    change_list_template = "admin/workflow/release_list.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every kind with how it is released now, whether by a rule of the company or as it was delivered."""
        rules = {str(rule.kind): rule for rule in ReleaseRule.objects.all()}
        kinds = [
            {
                "code": str(each.kind),
                "title": each.title,
                "release": release_of(each),
                "rule": rules.get(str(each.kind)),
            }
            for each in registry.all_types()
        ]
        return super().changelist_view(request, {"kinds": kinds, **(extra_context or {})})

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The kinds that this installation has."""
        if db_field.name == "kind":
            kwargs["choices"] = [(str(each.kind), each.title) for each in registry.all_types()]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "post_on_release" and field is not None:
            field.widget.choices = [("unknown", _("as delivered")), ("true", _("yes")), ("false", _("no"))]
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: ReleaseRule | None = None) -> tuple[str, ...]:
        return ("kind",) if obj else ()

    def write(self, request: HttpRequest, obj: ReleaseRule, form: Any, *, change: bool) -> ReleaseRule:
        return settings.save_rule(actor=actor_of(request), values={"kind": obj.kind, **form.cleaned_data})

    def delete_model(self, request: HttpRequest, obj: ReleaseRule) -> None:
        settings.delete_rule(actor=actor_of(request), rule=obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deleted one by one: Django's deletion of several knows no service."""
        return {}
