from __future__ import annotations

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "archive"

    def ready(self) -> None:
        from archive.tasks import issue_set  # noqa: PLC0415 - models exist only now
        from archive.views import papers  # noqa: PLC0415 - likewise
        from documents import panels  # noqa: PLC0415 - likewise
        from valeo.events import jobs  # noqa: PLC0415 - likewise

        jobs.register("archive.issue", issue_set)
        panels.register("actions", papers, order=50)
