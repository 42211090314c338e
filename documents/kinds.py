"""The kinds of documents and the small closed lists they use (contract § 3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    QUOTATION = "quotation", _("Quotation")
    SALES_ORDER = "sales_order", _("Sales order")
    DELIVERY_NOTE = "delivery_note", _("Delivery note")
    SALES_INVOICE = "sales_invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    PURCHASE_REQUEST = "purchase_request", _("Purchase request")
    PURCHASE_ORDER = "purchase_order", _("Purchase order")
    GOODS_RECEIPT = "goods_receipt", _("Goods receipt")
    SUPPLIER_INVOICE = "supplier_invoice", _("Supplier invoice")
    SUPPLIER_CREDIT_NOTE = "supplier_credit_note", _("Supplier credit note")
    SELF_BILLED_INVOICE = "self_billed_invoice", _("Self-billed invoice")


class Family(models.TextChoices):
    COMMITMENT = "commitment", _("Commitment")
    VOUCHER = "voucher", _("Voucher")


COMMITMENTS = (Kind.QUOTATION, Kind.SALES_ORDER, Kind.PURCHASE_REQUEST, Kind.PURCHASE_ORDER)


def family_of(kind: str) -> Family:
    """Fixed by law, not by configuration: the database triggers read the same list."""
    return Family.COMMITMENT if kind in COMMITMENTS else Family.VOUCHER


class LineKind(models.TextChoices):
    ITEM = "item", _("Item")
    SERVICE = "service", _("Service")
    CHARGE = "charge", _("Charge")
    DEPOSIT = "deposit", _("Deposit")
    TEXT = "text", _("Text")
    HEADING = "heading", _("Heading")
    SUBTOTAL = "subtotal", _("Subtotal")


WITHOUT_AMOUNT = (LineKind.TEXT, LineKind.HEADING, LineKind.SUBTOTAL)


class PartyRole(models.TextChoices):
    SELLER = "seller", _("Seller")
    BUYER = "buyer", _("Buyer")
    BILL_TO = "bill_to", _("Invoice to")
    SHIP_TO = "ship_to", _("Deliver to")
    SHIP_FROM = "ship_from", _("Ship from")
    PAYER = "payer", _("Payer")
    PAYEE = "payee", _("Payee")


class Measure(models.TextChoices):
    """What a link feeds on its source line, counted in the source's unit."""

    DELIVERED = "delivered", _("delivered")
    RETURNED = "returned", _("returned")
    INVOICED = "invoiced", _("invoiced")
    CREDITED = "credited", _("credited")
    ORDERED = "ordered", _("ordered")
    RECEIVED = "received", _("received")
    BILLED = "billed", _("billed")
    NONE = "", _("none")


class Relation(models.TextChoices):
    CREATES = "creates", _("creates")
    CORRECTS = "corrects", _("corrects")
    CANCELS = "cancels", _("cancels")
    SETTLES = "settles", _("settles")


class ReasonKind(models.TextChoices):
    NONE = "", _("none")
    STORNO = "storno", _("Cancellation")
    QUANTITY = "quantity", _("Return or short delivery")
    PRICE = "price", _("Price correction")
    BONUS = "bonus", _("Bonus")


class FreeReason(models.TextChoices):
    NONE = "", _("none")
    SAMPLE = "sample", _("Sample")
    REPLACEMENT = "replacement", _("Replacement")
    BONUS = "bonus", _("Bonus")


class Outcome(models.TextChoices):
    NONE = "", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class Progress(models.TextChoices):
    """Fulfilment, invoicing and payment: derived, never typed in."""

    NONE = "", _("not applicable")
    OPEN = "open", _("open")
    PARTIAL = "partial", _("partly")
    COMPLETE = "complete", _("complete")


class TotalsKind(models.TextChoices):
    COMPUTED = "computed", _("computed")
    STATED = "stated", _("stated")


class RevisionState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    PENDING = "pending", _("waiting for approval")
    IN_FORCE = "in_force", _("in force")
    SUPERSEDED = "superseded", _("superseded")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")
