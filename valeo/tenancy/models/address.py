"""A structured address of our own, printed in its country's format."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

country_code = RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as in DE."), code="country")


class Address(models.Model):
    """Street to country (BG-5)."""

    street = models.CharField(_("street"), max_length=200, blank=True)
    street2 = models.CharField(_("address addition"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DE", validators=[country_code])

    class Meta:
        abstract = True
