"""Accent colour, logo and texts of a company's or a branch's papers and pages."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from valeo.administration import logos
from valeo.core.exceptions import NotFound
from valeo.core.validation import changed, check
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch, Branding, Logo

ADMIN = "admin:all"


@transaction.atomic
def set_branding(
    *,
    actor: Actor,
    branch: Branch | None = None,
    logo: bytes | None = None,
    remove_logo: bool = False,
    **values: Any,
) -> Branding:
    """Change the branding of the company (or of a branch, which gets its own with the first change).

    ``logo`` None keeps the present one. Raises ``Refused`` for a file that is no logo or a colour that is none.
    """
    actor.require(ADMIN)
    if branch is not None and branch.company_id != actor.company_id:
        raise NotFound
    branding = (
        Branding.everywhere.select_for_update(no_key=True)
        .filter(company_id=actor.company_id, branch=branch)
        .first()
    ) or Branding(company_id=actor.company_id, branch=branch)
    before = branding.logo.sha256 if branding.logo_id and branding.logo else ""
    if "accent" in values:
        values["accent"] = str(values["accent"]).strip().lower()
    changes = changed(branding, values)
    check(branding, exclude=["logo"])
    if logo is not None:
        branding.logo = _store(actor.company_id, logos.inspect(logo))
    elif remove_logo:
        branding.logo = None
    after = branding.logo.sha256 if branding.logo else ""
    if before != after:
        changes["logo"] = [before, after]
    if changes or branding.pk is None:
        branding.save()
        journal = Journal(actor)
        label = branch.code if branch else ""
        journal.entry(action="branding.change", obj=branding, label=label, changes=changes)
        journal.flush()
    return branding


def _store(company_id: int, file: logos.LogoFile) -> Logo:
    """The logo's row; the same bytes are kept once."""
    logo: Logo
    logo, _created = Logo.everywhere.get_or_create(
        company_id=company_id,
        sha256=file.sha256,
        defaults={
            "content": file.content,
            "mime_type": file.mime_type,
            "width": file.width,
            "height": file.height,
        },
    )
    return logo
