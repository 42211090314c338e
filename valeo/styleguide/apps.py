from __future__ import annotations

from django.apps import AppConfig


class StyleguideConfig(AppConfig):
    name = "valeo.styleguide"
    label = "styleguide"
