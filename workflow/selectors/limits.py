"""What a company has set as its limits."""

from __future__ import annotations

from valeo.tenancy.reference import Reference
from workflow.models import CompanyLimits


def limits(reference: Reference | None = None) -> CompanyLimits:
    """The company's limits; the defaults where it never set any. Read them, never change them."""
    if reference is None:
        return _limits()
    return reference.get("limits", _limits)


def _limits() -> CompanyLimits:
    return CompanyLimits.objects.first() or CompanyLimits()
