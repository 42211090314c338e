from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "valeo.core"
    label = "core"
