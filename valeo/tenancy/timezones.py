"""Time zones that a company may have."""

from __future__ import annotations

import zoneinfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value: str) -> None:
    """An IANA name such as Europe/Berlin; raises ``ValidationError``."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("This time zone is not known."), code="time_zone")
