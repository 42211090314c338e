from __future__ import annotations

from tests.support.shared import shared_world, world  # noqa: F401
