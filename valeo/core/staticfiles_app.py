"""Django's staticfiles app without the files of packages that no page of ours uses."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig


class OurStaticFilesConfig(StaticFilesConfig):
    """htmx is in ``static/vendor``; django-htmx brings further versions, which name files that it doesn't bring."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx"]
