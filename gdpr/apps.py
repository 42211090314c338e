from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gdpr import registry


class GdprConfig(AppConfig):
    name = "gdpr"
    verbose_name = _("Data protection")

    def ready(self) -> None:
        registry.load()
