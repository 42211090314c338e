"""Celery for installations with Redis: ``python -m valeo.runtime worker`` and ``beat`` start it."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valeo.settings")

app = Celery("valeo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
