from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section
from valeo.administration.services import companies
from valeo.tenancy.models import Branch, Company, CompanyVatScheme
from valeo.tenancy.selectors import can_approve_count, four_eyes_on

ADDRESS = ("street", "street2", ("postal_code", "city"), "country")


@admin.register(Company)
class CompanyAdmin(BackOfficeModelAdmin[Company]):
    """The company one works in; only the operator of the installation adds another."""

    section = Section.COMPANY
    hint = _("name, address, tax numbers, bank, four eyes")
    list_display = ("name", "code", "city", "currency")
    fieldsets = (
        (None, {"fields": ("code", "name", "legal_name")}),
        (_("Address"), {"fields": ADDRESS}),
        (_("Tax and register"), {"fields": ("vat_id", "tax_number", "register_entry")}),
        (_("Contact"), {"fields": ("contact_person", "phone", "email", "website")}),
        (_("Bank"), {"fields": ("bank_name", "iban", "bic")}),
        (_("Electronic invoices"), {"fields": ("e_address", "e_address_scheme")}),
        (_("Books"), {"fields": ("currency", "fiscal_year_start_month", "language", "time_zone")}),
        (_("Approval"), {"fields": ("four_eyes", "four_eyes_now")}),
        (_("Verification page"), {"fields": ("public_base_url",)}),
    )
    readonly_fields = ("four_eyes_now",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        return super().get_queryset(request).filter(pk=actor_of(request).company_id)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user: Any = request.user
        return bool(user.is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: Company | None = None) -> tuple[str, ...]:
        return ("four_eyes_now",) if obj is None else ("code", "currency", "four_eyes_now")

    @admin.display(description=_("Four eyes now"))
    def four_eyes_now(self, company: Company | None) -> str:
        """What the choice comes to with the present members."""
        if company is None or company.pk is None:
            return "–"
        lines = []
        for domain, label in (("sales", gettext("Sales")), ("purchase", gettext("Purchase"))):
            state = gettext("on") if four_eyes_on(company, domain) else gettext("off")
            count = can_approve_count(company, domain)
            lines.append(
                gettext("%(domain)s: %(state)s (%(count)d can approve)")
                % {"domain": label, "state": state, "count": count}
            )
        return " · ".join(lines)

    def write(self, request: HttpRequest, obj: Company, form: Any, *, change: bool) -> Company:
        if change:
            return companies.update_company(actor=actor_of(request), **form.cleaned_data)
        user: Any = request.user
        return companies.create_company(by=user, owner=user, **form.cleaned_data)


@admin.register(CompanyVatScheme)
class CompanyVatSchemeAdmin(BackOfficeModelAdmin[CompanyVatScheme]):
    """How the company is taxed over time; a change is a new row from a day on."""

    section = Section.COMPANY
    hint = _("regular, § 19, § 24, from a day on")
    may_change = False
    list_display = ("scheme", "valid_from", "valid_to")
    fields = ("scheme", "valid_from")

    def write(self, request: HttpRequest, obj: Any, form: Any, *, change: bool) -> CompanyVatScheme:
        return companies.set_vat_scheme(actor=actor_of(request), **form.cleaned_data)


@admin.register(Branch)
class BranchAdmin(BackOfficeModelAdmin[Branch]):
    section = Section.COMPANY
    hint = _("places with their own series, warehouses and letterhead")
    search_hint = _("Code, name, town")
    list_display = ("code", "name", "city", "is_active")
    search_fields = ("code", "name", "city")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("code", "name", "is_active")}),
        (_("Address"), {"fields": ADDRESS}),
        (_("Contact"), {"fields": ("phone", "email")}),
    )

    def write(self, request: HttpRequest, obj: Branch, form: Any, *, change: bool) -> Branch:
        return companies.save_branch(
            actor=actor_of(request), branch=obj if change else None, **form.cleaned_data
        )
