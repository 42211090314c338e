"""What hangs on a partner: further addresses, contact persons, bank accounts, tax status."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from masterdata.kinds import AddressKind, ContactRole, TaxStatus
from masterdata.models.fields import Address, Validity, country_code, no_overlap, unique, validity_order
from masterdata.models.partner import Partner
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId
from valeo.tenancy.kinds import Language


class PartnerAddress(CompanyOwned, PublicId, Address):
    """A further address, such as a farmyard or a construction site."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="addresses", db_constraint=False
    )
    kind = models.CharField(
        _("Kind"),
        max_length=8,
        choices=AddressKind.choices,
        default=AddressKind.DELIVERY,
    )
    name = models.CharField(_("Name"), max_length=120, blank=True)
    gln = models.CharField(_("GLN"), max_length=13, blank=True)
    is_default = models.BooleanField(_("Default"), default=False)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Address")
        verbose_name_plural = _("Addresses")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("partneraddress", "partner"),
            unique(
                "partneraddress_one_default",
                "partner",
                "kind",
                condition=Q(is_default=True),
                text=_("Another one is the default already."),
                at="is_default",
            ),
            country_code("partneraddress"),
        ]

    def __str__(self) -> str:
        return ", ".join(
            part
            for part in (
                self.name,
                self.street,
                f"{self.postal_code} {self.city}".strip(),
            )
            if part
        )


class PartnerContact(CompanyOwned, PublicId):
    """A person at the partner."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="contacts", db_constraint=False
    )
    salutation = models.CharField(_("Salutation"), max_length=20, blank=True)
    first_name = models.CharField(_("First name"), max_length=60, blank=True)
    last_name = models.CharField(_("Last name"), max_length=60)
    position = models.CharField(_("Position"), max_length=60, blank=True)
    role = models.CharField(
        _("Responsible for"),
        max_length=12,
        choices=ContactRole.choices,
        default=ContactRole.GENERAL,
    )
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    mobile = models.CharField(_("Mobile"), max_length=40, blank=True)
    language = models.CharField(_("Language"), max_length=2, choices=Language.choices, blank=True)
    is_default = models.BooleanField(_("Default"), default=False)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Contact person")
        verbose_name_plural = _("Contact persons")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("partnercontact", "partner"),
            unique(
                "partnercontact_one_default",
                "partner",
                condition=Q(is_default=True),
                text=_("Another one is the default already."),
                at="is_default",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)


class PartnerBankAccount(CompanyOwned, PublicId):
    """An account that money goes to or comes from."""

    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        related_name="bank_accounts",
        db_constraint=False,
    )
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    bank_name = models.CharField(_("Bank"), max_length=80, blank=True)
    holder = models.CharField(_("Account holder"), max_length=120, blank=True)
    is_default = models.BooleanField(_("Default"), default=False)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Bank account")
        verbose_name_plural = _("Bank accounts")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("partnerbankaccount", "partner"),
            unique(
                "partnerbankaccount_once", "partner", "iban", text=_("The partner has this account already.")
            ),
            unique(
                "partnerbankaccount_one_default",
                "partner",
                condition=Q(is_default=True),
                text=_("Another one is the default already."),
                at="is_default",
            ),
        ]

    def __str__(self) -> str:
        return self.iban


class PartnerTaxStatus(CompanyOwned, Validity):
    """What the partner is for VAT in a span of time."""

    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        related_name="tax_statuses",
        db_constraint=False,
    )
    status = models.CharField(_("Tax status"), max_length=16, choices=TaxStatus.choices)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Tax status")
        verbose_name_plural = _("Tax statuses")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("partnertaxstatus", "partner"),
            validity_order("partnertaxstatus"),
            no_overlap("partnertaxstatus", "partner"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()
