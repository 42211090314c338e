"""24.11.2026, as on every other page (valeo.core.components.formats)."""

from __future__ import annotations

DATE_FORMAT = SHORT_DATE_FORMAT = "d.m.Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d.m.Y H:i"
