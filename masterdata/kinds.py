"""The closed lists of the master data (contract § 2 and § 3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    """Decides the duty to issue an e-invoice."""

    BUSINESS = "business", _("Business")
    CONSUMER = "consumer", _("Consumer")
    PUBLIC = "public", _("Public body")


class TaxStatus(models.TextChoices):
    """What a partner is for VAT; with validity, since small businesses grow and farmers opt."""

    REGULAR = "regular", _("Regular business")
    SMALL_BUSINESS = "small_business", _("Small business (§ 19 UStG)")
    FLAT_RATE_FARMER = "flat_rate_farmer", _("Flat-rate farmer (§ 24 UStG)")
    CONSUMER = "consumer", _("Consumer")
    PUBLIC_BODY = "public_body", _("Public body")
    EU_BUSINESS = "eu_business", _("Business in another EU country")
    THIRD_COUNTRY = "third_country", _("Outside the EU")


class TaxClass(models.TextChoices):
    """What an article is for VAT; the rules turn it into a tax code."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    SERVICE = "service", _("Service on its own")
    FARM_PRODUCE = "farm_produce", _("Agricultural produce")
    ZERO = "zero", _("Zero rate (§ 12 (3) UStG)")
    EXEMPT = "exempt", _("Exempt (§ 4 UStG)")
    REVERSE_CHARGE = "reverse_charge", _("Reverse charge goods (§ 13b UStG)")
    NOT_TAXABLE = "not_taxable", _("Not taxable")


class TaxCategory(models.TextChoices):
    """EN 16931 category (UNCL 5305)."""

    STANDARD = "S", _("S – taxed")
    ZERO = "Z", _("Z – zero rate")
    EXEMPT = "E", _("E – exempt")
    REVERSE_CHARGE = "AE", _("AE – reverse charge")
    INTRA_COMMUNITY = "K", _("K – intra-community supply")
    EXPORT = "G", _("G – export")
    OUTSIDE = "O", _("O – not taxable")
    CANARY = "L", _("L – Canary Islands")
    CEUTA = "M", _("M – Ceuta and Melilla")


class TaxDirection(models.TextChoices):
    OUTPUT = "output", _("Output tax")
    INPUT = "input", _("Input tax")
    BOTH = "both", _("Output and input tax")


class Side(models.TextChoices):
    SALES = "sales", _("Sales")
    PURCHASE = "purchase", _("Purchase")


class Place(models.TextChoices):
    """A country as a tax rule sees it, from our company's country."""

    ANY = "any", _("Anywhere")
    DOMESTIC = "domestic", _("Our country")
    EU = "eu", _("Another EU country")
    THIRD = "third", _("Outside the EU")


class VatIdNeed(models.TextChoices):
    ANY = "any", _("With or without VAT ID")
    VALID = "valid", _("Only with a valid VAT ID")
    NONE = "none", _("Only without a valid VAT ID")


class PriceMode(models.TextChoices):
    NET = "net", _("Net prices")
    GROSS = "gross", _("Gross prices")


class ArticleKind(models.TextChoices):
    ITEM = "item", _("Item")
    SERVICE = "service", _("Service")
    CHARGE = "charge", _("Charge")
    DEPOSIT = "deposit", _("Deposit")


class AddressKind(models.TextChoices):
    DELIVERY = "delivery", _("Delivery address")
    BILLING = "billing", _("Invoice address")
    PICKUP = "pickup", _("Pick-up address")
    OTHER = "other", _("Other address")


class ContactRole(models.TextChoices):
    GENERAL = "general", _("General")
    ORDERS = "orders", _("Orders")
    DELIVERIES = "deliveries", _("Deliveries")
    INVOICES = "invoices", _("Invoices")


class InvoiceFormat(models.TextChoices):
    PAPER = "paper", _("Paper")
    PDF = "pdf", _("PDF")
    ZUGFERD = "zugferd", "ZUGFeRD"
    XRECHNUNG = "xrechnung", "XRechnung"
    PEPPOL = "peppol", "Peppol"


class StornoTypeCode(models.TextChoices):
    """UNTDID 1001 code that the partner's system expects on a cancelling document."""

    CREDIT_NOTE = "381", _("381 – credit note")
    CORRECTED_INVOICE = "384", _("384 – corrected invoice")


class WarehouseKind(models.TextChoices):
    OWN = "own", _("Own warehouse")
    EXTERNAL = "external", _("External warehouse")
    CONSIGNMENT = "consignment", _("Consignment at the customer")
    TRANSIT = "transit", _("Goods in transit")


class Incoterm(models.TextChoices):
    """Incoterms 2020."""

    NONE = "", _("none")
    EXW = "EXW", _("EXW – ex works")
    FCA = "FCA", _("FCA – free carrier")
    CPT = "CPT", _("CPT – carriage paid to")
    CIP = "CIP", _("CIP – carriage and insurance paid to")
    DAP = "DAP", _("DAP – delivered at place")
    DPU = "DPU", _("DPU – delivered at place unloaded")
    DDP = "DDP", _("DDP – delivered duty paid")
    FAS = "FAS", _("FAS – free alongside ship")
    FOB = "FOB", _("FOB – free on board")
    CFR = "CFR", _("CFR – cost and freight")
    CIF = "CIF", _("CIF – cost, insurance and freight")


class SkontoBase(models.TextChoices):
    """What the cash discount is taken of."""

    GROSS = "gross", _("Gross amount")
    NET = "net", _("Net amount")
