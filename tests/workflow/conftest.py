"""One world per module (tests/support/shared.py) and the short ways to documents in a certain state."""

from __future__ import annotations

from tests.support.shared import shared_world, world  # noqa: F401
