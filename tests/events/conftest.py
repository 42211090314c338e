from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from valeo.events import jobs, nudge, stream


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Payloads of the job ``test.note``, in the order of its handling."""
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(jobs, "_types", {})
    jobs.register("test.note", seen.append)
    return seen


@pytest.fixture
def quiet() -> Iterator[None]:
    """No thread of ours keeps a database connection when the test's tables are emptied."""
    yield
    stream.close_checker()
    nudge.settle()
