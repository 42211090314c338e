"""Closed lists of the archive."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.kinds import RevisionState

#: revisions that have gone out
ISSUED: Final = (RevisionState.IN_FORCE, RevisionState.SUPERSEDED)


class Media(models.TextChoices):
    """What a file of a set is."""

    DATA = "data", _("Canonical data")
    PDF = "pdf", _("PDF")


TYPES = {Media.DATA: "application/json", Media.PDF: "application/pdf"}


class Retention(models.TextChoices):
    """Why a paper is kept (compliance A6)."""

    VOUCHER = "voucher", _("Booking voucher (§ 147 (3) AO)")
    LETTER = "letter", _("Commercial letter (§ 147 (1) no. 2, 3 AO)")
