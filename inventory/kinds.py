"""Why stock moved."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MovementKind(models.TextChoices):
    DELIVERY = "delivery", _("Delivery")
    RETURN = "return", _("Return")
    RECEIPT = "receipt", _("Goods receipt")
    OPENING = "opening", _("Opening balance")
    CORRECTION = "correction", _("Correction")
    REVERSAL = "reversal", _("Reversal")
    REVALUATION = (
        "revaluation",
        _("Revaluation"),
    )  # value only: what was sold below zero cost more or less than thought
