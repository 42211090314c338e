"""The company: one legal entity that keeps its own books here; its branches and its VAT scheme."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from valeo.core.components import formats
from valeo.tenancy.base import CompanyOwned, PublicId
from valeo.tenancy.kinds import FourEyes, Language, VatScheme
from valeo.tenancy.models.address import Address
from valeo.tenancy.scopes import SCOPES
from valeo.tenancy.timezones import validate_time_zone

code_format = RegexValidator(r"^[A-Z0-9]{1,8}\Z", _("1 to 8 capital letters and digits."), code="code")
currency_format = RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, as in EUR."), code="currency")


class Company(PublicId, Address):
    """A tenant. Its scopes are object permissions on this row (contract § 2)."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(
        _("code"),
        max_length=8,
        unique=True,
        validators=[code_format],
        help_text=_("Short, for number patterns."),
    )
    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(
        _("legal name"), max_length=200, help_text=_("As printed on invoices (BT-27).")
    )
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    register_entry = models.CharField(_("register entry"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    contact_person = models.CharField(_("contact person"), max_length=200, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    bank_name = models.CharField(_("bank"), max_length=200, blank=True)
    e_address = models.CharField(_("electronic address"), max_length=200, blank=True, help_text=_("BT-34."))
    e_address_scheme = models.CharField(
        _("scheme of the electronic address"),
        max_length=10,
        blank=True,
        help_text=_("EAS code, as in EM or 9930."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[currency_format])
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.DE)
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Europe/Berlin", validators=[validate_time_zone]
    )
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        _("fiscal year begins in month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    four_eyes = models.CharField(
        _("four eyes"), max_length=4, choices=FourEyes.choices, default=FourEyes.AUTO
    )
    public_base_url = models.URLField(
        _("public address"), blank=True, help_text=_("Where the QR codes lead; empty: the installation's.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        default_permissions = ()
        permissions = [(scope, f"Scope {scope}") for scope in SCOPES]
        constraints: ClassVar[list[BaseConstraint]] = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9]{1,8}$"), name="company_code_format"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="company_currency_format"
            ),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="company_country_format"),
            models.CheckConstraint(
                condition=Q(four_eyes__in=FourEyes.values), name="company_four_eyes_known"
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year_start_month__range=(1, 12)), name="company_fiscal_start_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CompanyVatScheme(CompanyOwned):
    """The company's own VAT scheme in a time; ``valid_to`` is the last day, empty is open."""

    scheme = models.CharField(
        _("VAT scheme"), max_length=20, choices=VatScheme.choices, default=VatScheme.REGULAR
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("VAT scheme")
        verbose_name_plural = _("VAT schemes")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["valid_from"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(scheme__in=VatScheme.values), name="companyvatscheme_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="companyvatscheme_order"
            ),
            ExclusionConstraint(
                name="companyvatscheme_no_overlap",
                expressions=[
                    ("company", RangeOperators.EQUAL),
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

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} ({formats.day(self.valid_from)})"


class Branch(CompanyOwned, PublicId, Address):
    """An optional dimension inside a company: of documents, warehouses, series and letterhead."""

    code = models.CharField(_("code"), max_length=8, validators=[code_format])
    name = models.CharField(_("name"), max_length=200)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "code"], name="branch_code"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9]{1,8}$"), name="branch_code_format"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
