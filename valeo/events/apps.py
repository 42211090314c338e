from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from valeo.events import nudge


class EventsConfig(AppConfig):
    name = "valeo.events"
    label = "events"
    verbose_name = _("Events and jobs")

    def ready(self) -> None:
        if settings.REDIS_URL:
            # Celery takes a quarter of a second to load, and its tasks need the models loaded before them
            from valeo.events.tasks import start  # noqa: PLC0415

            nudge.on_jobs(start)
