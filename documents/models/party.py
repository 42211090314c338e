from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents import kinds
from documents.models import fields
from documents.models.triggers import CHILD_TRIGGERS
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned


class Party(CompanyOwned):
    """A party as printed: copied at creation, refreshed at submit unless edited here, frozen at posting."""

    document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="parties", db_constraint=False, db_index=False
    )
    role = models.CharField(max_length=9, choices=kinds.PartyRole.choices)
    partner = models.ForeignKey(
        "masterdata.Partner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    is_edited = models.BooleanField(default=False)
    name = models.CharField(max_length=200, help_text=_("BT-27, BT-44, BT-70"))
    name_2 = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True, help_text=_("BT-41, BT-56"))
    phone = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=254, blank=True)
    street = models.CharField(max_length=200, blank=True)
    street_2 = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="DE")
    vat_id = models.CharField(max_length=20, blank=True, help_text=_("BT-31, BT-48"))
    vat_checked_on = models.DateField(null=True, blank=True)
    vat_check_reference = models.CharField(max_length=60, blank=True)
    tax_number = models.CharField(max_length=40, blank=True, help_text=_("BT-32"))
    number = models.CharField(
        max_length=40, blank=True, help_text=_("Our number for the partner, or his for us")
    )
    e_address = models.CharField(max_length=200, blank=True)
    e_scheme = models.CharField(max_length=4, blank=True)

    class Meta:
        base_manager_name = "everywhere"
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_party", "document", "partner"),
            models.UniqueConstraint(fields=["document", "role"], name="party_role"),
        ]
        triggers: ClassVar[list[object]] = CHILD_TRIGGERS

    @property
    def place(self) -> str:
        """Street, postal code and town in one line."""
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.street, town) if part)

    def __str__(self) -> str:
        return self.name


class TaxGroup(CompanyOwned):
    """The VAT breakdown (BG-23): one row per (category, rate)."""

    document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="tax_groups", db_constraint=False, db_index=False
    )
    tax_code = models.ForeignKey(
        "masterdata.TaxCode",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    category = models.CharField(max_length=2, help_text=_("BT-118"))
    rate = fields.percent(help_text=_("BT-119"))
    net = fields.amount(help_text=_("BT-116"))
    tax = fields.amount(help_text=_("BT-117"))
    gross = fields.amount()
    net_company = fields.amount()
    tax_company = fields.amount()
    stated_net = fields.amount_or_none()
    stated_tax = fields.amount_or_none()
    exemption_code = models.CharField(max_length=40, blank=True, help_text=_("BT-121"))
    exemption_text = models.CharField(max_length=300, blank=True, help_text=_("BT-120"))

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("document", "-rate", "category")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_taxgroup", "document", "tax_code"),
            models.UniqueConstraint(fields=["document", "category", "rate"], name="taxgroup_key"),
        ]
        triggers: ClassVar[list[object]] = CHILD_TRIGGERS

    def __str__(self) -> str:
        return f"{self.category} {self.rate}"


class Instalment(CompanyOwned):
    """What is due when; Skonto as days, percent and base."""

    document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="instalments", db_constraint=False, db_index=False
    )
    position = models.PositiveIntegerField()
    due = models.DateField()
    share = fields.percent(default=100)
    amount = fields.amount()
    skonto_days = models.PositiveIntegerField(null=True, blank=True)
    skonto_until = models.DateField(null=True, blank=True)
    skonto_percent = fields.percent_or_none()
    skonto_base = fields.amount_or_none()

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("document", "position")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_instalment", "document"),
            models.UniqueConstraint(fields=["document", "position"], name="instalment_position"),
        ]
        triggers: ClassVar[list[object]] = CHILD_TRIGGERS

    def __str__(self) -> str:
        return f"{self.due} {self.amount}"
