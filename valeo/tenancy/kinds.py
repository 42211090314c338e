"""Choices of the tenancy models."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PeriodState(models.TextChoices):
    """What may still be posted in a month."""

    OPEN = "open", _("Open")
    CLOSED_FOR_VOUCHERS = "closed_for_vouchers", _("Closed for vouchers")
    CLOSED = "closed", _("Closed")


class VatScheme(models.TextChoices):
    """How the company itself is taxed (UStG)."""

    REGULAR = "regular", _("Regular taxation")
    SMALL_BUSINESS_19 = "small_business_19", _("Small business (§ 19 UStG)")
    FLAT_RATE_24 = "flat_rate_24", _("Flat-rate farmer (§ 24 UStG)")


class FourEyes(models.TextChoices):
    """An approver is neither creator, submitter nor last editor."""

    AUTO = "auto", _("Automatic: on when two members can approve")
    ON = "on", _("On")
    OFF = "off", _("Off")


class Language(models.TextChoices):
    """Languages of papers and screens."""

    DE = "de", "Deutsch"
    EN = "en", "English"


class UserLanguage(models.TextChoices):
    """A user's language; automatic follows the browser."""

    AUTO = "auto", _("As the browser says")
    DE = "de", "Deutsch"
    EN = "en", "English"


class Theme(models.TextChoices):
    """Light and dark."""

    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
