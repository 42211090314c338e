"""Tax codes, their dated rates, and the rules that choose a code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from masterdata.kinds import (
    Place,
    Side,
    TaxCategory,
    TaxClass,
    TaxDirection,
    TaxStatus,
    VatIdNeed,
)
from masterdata.models.fields import (
    Validity,
    Versioned,
    no_overlap,
    percent_field,
    percent_range,
    rule,
    unique_code,
    validity_order,
)
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId
from valeo.tenancy.kinds import VatScheme


class TaxCode(CompanyOwned, PublicId, Versioned):
    """A way to tax: EN 16931 category, exemption reason, box of the VAT return, DATEV key."""

    code = models.CharField(_("Code"), max_length=12)
    name_de = models.CharField(_("Name (German)"), max_length=80)
    name_en = models.CharField(_("Name (English)"), max_length=80)
    direction = models.CharField(_("Direction"), max_length=8, choices=TaxDirection.choices)
    category = models.CharField(_("EN 16931 category"), max_length=2, choices=TaxCategory.choices)
    exemption_code = models.CharField(_("Exemption code (BT-121)"), max_length=20, blank=True)
    exemption_text_de = models.CharField(_("Exemption text (German)"), max_length=200, blank=True)
    exemption_text_en = models.CharField(_("Exemption text (English)"), max_length=200, blank=True)
    return_box = models.CharField(_("Box of the VAT return"), max_length=8, blank=True)
    datev_key = models.CharField(_("DATEV key"), max_length=4, blank=True)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Tax code")
        verbose_name_plural = _("Tax codes")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            unique_code("taxcode"),
            # EN 16931 BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10: a reason; BR-S-10, BR-Z-10: none
            rule(
                "taxcode_exemption_reason",
                "exemption_text_de",
                Q(
                    category__in=["S", "Z", "L", "M"],
                    exemption_code="",
                    exemption_text_de="",
                    exemption_text_en="",
                )
                | (
                    Q(category__in=["E", "AE", "K", "G", "O"])
                    & ~Q(exemption_text_de="")
                    & ~Q(exemption_text_en="")
                ),
                _("This category needs an exemption text in both languages; a taxed one has none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name()}"

    def name(self, language: str = "") -> str:
        return self.name_en if (language or get_language() or "de").startswith("en") else self.name_de

    def exemption_text(self, language: str = "") -> str:
        english = (language or get_language() or "de").startswith("en")
        return self.exemption_text_en if english else self.exemption_text_de


class TaxRate(CompanyOwned, Validity):
    """The percentage of a code in a span of supply dates (§ 27 (1) UStG)."""

    code = models.ForeignKey(TaxCode, on_delete=models.CASCADE, related_name="rates", db_constraint=False)
    percent = percent_field(_("Percent"))

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Tax rate")
        verbose_name_plural = _("Tax rates")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("taxrate", "code"),
            validity_order("taxrate"),
            no_overlap("taxrate", "code"),
            percent_range("taxrate", "percent"),
        ]

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} %"


class TaxRule(CompanyOwned, Validity, Versioned):
    """Which code applies where; an empty condition matches all, the highest priority wins."""

    priority = models.PositiveSmallIntegerField(_("Priority"), default=100)
    side = models.CharField(_("Side"), max_length=8, choices=Side.choices)
    tax_class = models.CharField(
        _("Tax class of the article"),
        max_length=16,
        choices=TaxClass.choices,
        blank=True,
    )
    vat_scheme = models.CharField(_("Our VAT scheme"), max_length=20, choices=VatScheme.choices, blank=True)
    tax_status = models.CharField(
        _("Tax status of the partner"),
        max_length=16,
        choices=TaxStatus.choices,
        blank=True,
    )
    ship_from = models.CharField(_("Shipped from"), max_length=8, choices=Place.choices, default=Place.ANY)
    ship_to = models.CharField(_("Shipped to"), max_length=8, choices=Place.choices, default=Place.ANY)
    vat_id = models.CharField(
        _("VAT ID of the partner"),
        max_length=8,
        choices=VatIdNeed.choices,
        default=VatIdNeed.ANY,
    )
    code = models.ForeignKey(
        TaxCode,
        verbose_name=_("Tax code"),
        on_delete=models.PROTECT,
        related_name="rules",
        db_constraint=False,
    )
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Tax rule")
        verbose_name_plural = _("Tax rules")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("taxrule", "code"),
            validity_order("taxrule"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["company", "side", "-priority"], name="taxrule_by_priority")
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.priority}"
