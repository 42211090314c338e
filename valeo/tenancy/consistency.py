"""Whether guardian's rows and the membership's own columns say the same."""

from __future__ import annotations

from guardian.shortcuts import get_perms

from valeo.tenancy.models import Membership


def deviations() -> list[str]:
    """One line per membership whose scopes differ from what django-guardian grants its user on the company."""
    lines = []
    for membership in Membership.objects.select_related("user", "company").order_by("id"):
        granted = set(get_perms(membership.user, membership.company)) if membership.user.is_active else set()
        if membership.user.is_superuser:  # guardian answers "everything" without looking
            continue
        held = set(membership.scopes) if membership.user.is_active else set()
        if granted != held:
            difference = ", ".join(sorted(granted ^ held))
            lines.append(f"{membership.user.username} in {membership.company.code}: {difference}")
    return lines
