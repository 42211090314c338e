"""The worker's part."""

from __future__ import annotations

from typing import Any

from archive.services.issue import issue


def issue_set(payload: dict[str, Any]) -> None:
    """Job ``archive.issue``: {"revision": id}. A failure is kept with the job, shown there and tried again."""
    issue(revision_id=int(payload["revision"]))
