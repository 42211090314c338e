from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """What a signed-in person sees around the documents: navigation, dashboard, search."""

    name = "valeo.office"
    label = "office"
