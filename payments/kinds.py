"""The closed lists of the open items."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    SUPPLIER = "supplier", _("Supplier")


class SettlementKind(models.TextChoices):
    PAYMENT = "payment", _("Payment")
    CREDIT = "credit", _("Credit")
    NETTING = "netting", _("Netting")
    SKONTO = "skonto", _("Cash discount")
    WRITE_OFF = "write_off", _("Write-off")
