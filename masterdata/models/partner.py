from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from masterdata.kinds import Incoterm, InvoiceFormat, LegalForm, StornoTypeCode
from masterdata.models.fields import (
    Address,
    Searchable,
    Versioned,
    country_code,
    currency_code,
    given,
    money_field,
    not_negative,
    percent_field,
    percent_range,
    rule,
    unique,
)
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId
from valeo.tenancy.kinds import Language


class Partner(CompanyOwned, PublicId, Address, Searchable, Versioned):
    """A customer, a supplier or both; its own address is the legal one.

    ``credit_limit``: empty is no limit, 0 is prepayment only. ``vat_id_valid``: empty means not asked yet.
    """

    is_customer = models.BooleanField(_("Customer"), default=True)
    is_supplier = models.BooleanField(_("Supplier"), default=False)
    customer_number = models.CharField(_("Customer number"), max_length=32, blank=True)
    supplier_number = models.CharField(_("Supplier number"), max_length=32, blank=True)
    name = models.CharField(_("Name"), max_length=120)
    name_extra = models.CharField(_("Name, second line"), max_length=120, blank=True)
    legal_form = models.CharField(
        _("Legal form"),
        max_length=8,
        choices=LegalForm.choices,
        default=LegalForm.BUSINESS,
    )
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    website = models.CharField(_("Website"), max_length=120, blank=True)
    group = models.ForeignKey(
        "masterdata.PartnerGroup", verbose_name=_("Partner group"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="partners", db_constraint=False,
    )  # fmt: skip
    language = models.CharField(_("Language of papers"), max_length=2, choices=Language.choices, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")

    bill_to = models.ForeignKey(
        "self", verbose_name=_("Invoices go to"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="billed_for", db_constraint=False,
    )  # fmt: skip
    ship_to = models.ForeignKey(
        "self", verbose_name=_("Goods go to"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="shipped_for", db_constraint=False,
    )  # fmt: skip
    price_list = models.ForeignKey(
        "masterdata.PriceList", verbose_name=_("Price list"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="customers", db_constraint=False,
    )  # fmt: skip
    purchase_price_list = models.ForeignKey(
        "masterdata.PriceList", verbose_name=_("Supplier's price list"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="suppliers", db_constraint=False,
    )  # fmt: skip
    payment_term = models.ForeignKey(
        "masterdata.PaymentTerm", verbose_name=_("Payment terms"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="customers", db_constraint=False,
    )  # fmt: skip
    purchase_payment_term = models.ForeignKey(
        "masterdata.PaymentTerm", verbose_name=_("Supplier's payment terms"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="suppliers", db_constraint=False,
    )  # fmt: skip
    credit_limit = money_field(_("Credit limit"), null=True, blank=True)
    tolerance = percent_field(_("Over-delivery tolerance in %"), null=True, blank=True)
    carrier = models.ForeignKey(
        "masterdata.Carrier", verbose_name=_("Carrier"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="partners", db_constraint=False,
    )  # fmt: skip
    incoterm = models.CharField(_("Incoterm"), max_length=3, choices=Incoterm.choices, blank=True)
    incoterm_place = models.CharField(_("Incoterm place"), max_length=80, blank=True)

    vat_id = models.CharField(_("VAT ID"), max_length=16, blank=True)
    vat_id_valid = models.BooleanField(_("VAT ID confirmed"), null=True, blank=True)
    vat_id_checked_on = models.DateField(_("VAT ID checked on"), null=True, blank=True)
    vat_id_check_reference = models.CharField(_("Reference of the check"), max_length=40, blank=True)
    tax_number = models.CharField(_("Tax number"), max_length=24, blank=True)

    invoice_format = models.CharField(
        _("Invoice format"),
        max_length=12,
        choices=InvoiceFormat.choices,
        default=InvoiceFormat.PDF,
    )
    e_address = models.CharField(_("Electronic address"), max_length=120, blank=True)
    e_address_scheme = models.CharField(_("Scheme of the electronic address"), max_length=4, blank=True)
    buyer_reference = models.CharField(_("Buyer reference or Leitweg-ID"), max_length=80, blank=True)
    own_number_there = models.CharField(_("Our number at the partner"), max_length=40, blank=True)
    storno_type_code = models.CharField(
        _("Type code of a cancellation"), max_length=3, choices=StornoTypeCode.choices,
        default=StornoTypeCode.CREDIT_NOTE,
    )  # fmt: skip
    self_billing_agreed_on = models.DateField(_("Self-billing agreed on"), null=True, blank=True)

    notes = models.TextField(_("Internal notes"), max_length=2000, blank=True)
    blocked = models.BooleanField(_("Blocked"), default=False)
    blocked_reason = models.CharField(_("Reason of the block"), max_length=200, blank=True)
    active = models.BooleanField(_("Active"), default=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("Partner")
        verbose_name_plural = _("Partners")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company(
                "partner", "group", "bill_to", "ship_to", "price_list", "purchase_price_list", "payment_term",
                "purchase_payment_term", "carrier",
            ),
            unique("partner_customer_number", "customer_number", condition=~Q(customer_number=""), text=_("This number is taken.")),
            unique("partner_supplier_number", "supplier_number", condition=~Q(supplier_number=""), text=_("This number is taken.")),
            rule("partner_role", "is_customer", Q(is_customer=True) | Q(is_supplier=True), _("A partner is a customer, a supplier or both.")),
            given("partner", "name"),
            rule("partner_block_has_a_reason", "blocked_reason", Q(blocked=False) | ~Q(blocked_reason=""), _("A block needs a reason.")),
            *not_negative("partner", "credit_limit"),
            percent_range("partner", "tolerance"),
            country_code("partner"),
            currency_code("partner"),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["company", "sort_name", "id"], name="partner_by_name"),
            models.Index(fields=["company", "-changed_at", "-id"], name="partner_by_change"),
            models.Index(fields=["company", "vat_id"], name="partner_by_vat_id"),
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="partner_search"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def number(self) -> str:
        """The customer number, for a mere supplier the supplier number."""
        return self.customer_number or self.supplier_number
