"""How a company's or a branch's papers and pages look."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId

hex_colour = RegexValidator(
    r"^#[0-9a-f]{6}\Z", _("A colour as # and six digits, as in #1f6f4a."), code="colour"
)


class Logo(CompanyOwned):
    """A logo's bytes, never changed: an archived paper can be made again with the logo it was made with."""

    content = models.BinaryField(_("content"))
    mime_type = models.CharField(_("type"), max_length=20)
    sha256 = models.CharField("SHA-256", max_length=64)
    width = models.PositiveIntegerField(_("width"), help_text=_("Pixels, or the units of an SVG."))
    height = models.PositiveIntegerField(_("height"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        default_permissions = ()
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "sha256"], name="logo_sha256"),
            models.CheckConstraint(
                condition=Q(mime_type__in=["image/png", "image/jpeg", "image/svg+xml"]), name="logo_mime_type"
            ),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="logo_sha256_format"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Branding(CompanyOwned, PublicId):
    """One for the company (no branch) and at most one for each branch.

    Empty bank and tax lines are made from the company's own fields.
    """

    branch = models.ForeignKey(
        "tenancy.Branch",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    accent = models.CharField(_("accent colour"), max_length=7, default="#1f5f8b", validators=[hex_colour])
    logo = models.ForeignKey(
        Logo, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    header_text_de = models.TextField(_("header text (German)"), blank=True)
    header_text_en = models.TextField(_("header text (English)"), blank=True)
    footer_text_de = models.TextField(_("footer text (German)"), blank=True)
    footer_text_en = models.TextField(_("footer text (English)"), blank=True)
    bank_lines = models.TextField(_("bank lines"), blank=True)
    tax_lines = models.TextField(_("tax lines"), blank=True)

    class Meta:
        verbose_name = _("branding")
        verbose_name_plural = pgettext_lazy("several", "branding")
        default_permissions = ()
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("branding", "branch", "logo"),
            models.UniqueConstraint(
                fields=["company", "branch"], name="branding_one_each", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(accent__regex="^#[0-9a-f]{6}$"), name="branding_accent_format"
            ),
        ]

    def __str__(self) -> str:
        return str(self.branch) if self.branch_id else str(_("Company"))

    def header_text(self, language: str) -> str:
        return self.header_text_de if language == "de" else self.header_text_en

    def footer_text(self, language: str) -> str:
        return self.footer_text_de if language == "de" else self.footer_text_en
