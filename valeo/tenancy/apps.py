from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenancyConfig(AppConfig):
    name = "valeo.tenancy"
    label = "tenancy"
    verbose_name = _("Company and people")
