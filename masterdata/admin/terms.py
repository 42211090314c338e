"""Payment terms; their instalments are edited on the back office's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from masterdata.models import PaymentTerm
from masterdata.services.terms import parts_of, update_payment_term
from masterdata.terms import describe
from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section


@admin.register(PaymentTerm)
class PaymentTermAdmin(BackOfficeModelAdmin[PaymentTerm]):
    section = Section.TAXES
    hint = _("names, texts, which is the standard")
    intro = _(
        "Days, shares and Skonto are entered under payment terms in the navigation; here are their names and texts."
    )
    may_add = False
    exclude = ("company",)
    list_display = ("code", "name_de", "name_en", "in_words", "is_default", "active")
    readonly_fields = ("in_words",)
    ordering = ("code",)

    @admin.display(description=_("In words"))
    def in_words(self, term: PaymentTerm) -> str:
        return describe(parts_of(term))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("instalments")

    def write(self, request: HttpRequest, obj: Any, form: Any, *, change: bool) -> PaymentTerm:
        return update_payment_term(actor=actor_of(request), uuid=obj.uuid, values=form.cleaned_data)
