"""Kinds that have number series, and the small closed lists of numbering."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeriesKind(models.TextChoices):
    """The eleven document kinds (contract § 3), partners and articles."""

    QUOTATION = "quotation", _("Quotation")
    SALES_ORDER = "sales_order", _("Sales order")
    DELIVERY_NOTE = "delivery_note", _("Delivery note")
    SALES_INVOICE = "sales_invoice", _("Sales invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    PURCHASE_REQUEST = "purchase_request", _("Purchase request")
    PURCHASE_ORDER = "purchase_order", _("Purchase order")
    GOODS_RECEIPT = "goods_receipt", _("Goods receipt")
    SUPPLIER_INVOICE = "supplier_invoice", _("Supplier invoice")
    SUPPLIER_CREDIT_NOTE = "supplier_credit_note", _("Supplier credit note")
    SELF_BILLED_INVOICE = "self_billed_invoice", _("Self-billed invoice")
    CUSTOMER = "customer", _("Customer")
    SUPPLIER = "supplier", _("Supplier")
    ARTICLE = "article", _("Article")


class Reset(models.TextChoices):
    NEVER = "never", _("runs on")
    CALENDAR = "calendar", _("each calendar year")
    FISCAL = "fiscal", _("each fiscal year")


class NumberState(models.TextChoices):
    USED = "used", _("used")
    RESERVED = "reserved", _("reserved")
    VOID = "void", _("void")


#: prefix of each kind's default series (contract § 3)
PREFIXES: dict[str, str] = {
    SeriesKind.QUOTATION: "QUO",
    SeriesKind.SALES_ORDER: "SO",
    SeriesKind.DELIVERY_NOTE: "DL",
    SeriesKind.SALES_INVOICE: "INV",
    SeriesKind.CREDIT_NOTE: "CN",
    SeriesKind.PURCHASE_REQUEST: "PR",
    SeriesKind.PURCHASE_ORDER: "PO",
    SeriesKind.GOODS_RECEIPT: "GR",
    SeriesKind.SUPPLIER_INVOICE: "PINV",
    SeriesKind.SUPPLIER_CREDIT_NOTE: "PCN",
    SeriesKind.SELF_BILLED_INVOICE: "SBI",
    SeriesKind.CUSTOMER: "C",
    SeriesKind.SUPPLIER: "S",
    SeriesKind.ARTICLE: "A",
}
#: what the numbers' columns and the counters hold; with room for as many numbers as anybody gives
HIGHEST: int = 10**12
LONGEST: int = 40
LONGEST_TIMELESS: int = 32

#: kinds whose numbers belong to things without a date, and so run on
TIMELESS = (SeriesKind.CUSTOMER, SeriesKind.SUPPLIER, SeriesKind.ARTICLE)
