from __future__ import annotations

from typing import Any, ClassVar, Final

import pgtrigger
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from archive.kinds import Media, Retention
from valeo.audit.models import refuse_truncate
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId

_TEXT: Final = "archived papers are never changed or deleted"
APPEND_ONLY: Final[list[Any]] = [
    pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"RAISE EXCEPTION 'valeo: {_TEXT}' USING ERRCODE = 'check_violation';",
    ),
    refuse_truncate(_TEXT),
]


class ArchivedFile(CompanyOwned):
    """Bytes in the write-once store under ``name``, which is made of the company and their SHA-256."""

    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("size"))
    media_type = models.CharField(_("type"), max_length=60)
    name = models.CharField(_("name in the store"), max_length=200)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("archived file")
        verbose_name_plural = _("archived files")
        default_permissions = ()
        base_manager_name = "everywhere"
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "sha256"], name="archivedfile_sha256"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="archivedfile_sha256_format"
            ),
        ]
        triggers: ClassVar[list[Any]] = APPEND_ONLY

    def __str__(self) -> str:
        return self.sha256[:12]


class ArchivedPaper(CompanyOwned, PublicId):
    """One file of the set of a document's revision; a second copy is the same paper in another language or size."""

    document = models.ForeignKey(
        "documents.Document", models.PROTECT, related_name="archived", db_constraint=False
    )
    revision = models.ForeignKey(
        "documents.Revision", models.PROTECT, related_name="archived", db_constraint=False, db_index=False
    )
    file = models.ForeignKey(ArchivedFile, models.PROTECT, related_name="papers", db_constraint=False)
    media = models.CharField(_("kind of file"), max_length=4, choices=Media.choices)
    paper = models.CharField(
        _("paper"), max_length=40, blank=True, help_text=_("Empty for the canonical data.")
    )
    language = models.CharField(_("language"), max_length=5, blank=True)
    page_size = models.CharField(_("page size"), max_length=6, blank=True)
    is_copy = models.BooleanField(_("second copy"), default=False)
    template_version = models.CharField(_("template version"), max_length=20)
    retention = models.CharField(_("kept as"), max_length=10, choices=Retention.choices)
    retain_until = models.DateField(_("kept until"))
    created_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("archived paper")
        verbose_name_plural = _("archived papers")
        default_permissions = ()
        base_manager_name = "everywhere"
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("archive_archivedpaper", "document", "revision", "file"),
            models.UniqueConstraint(
                fields=["revision", "media", "paper", "language", "page_size"], name="archivedpaper_once"
            ),
            models.CheckConstraint(condition=models.Q(media__in=Media.values), name="archivedpaper_media"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("company", "retain_until", name="archivedpaper_retention"),
        ]
        triggers: ClassVar[list[Any]] = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.paper or self.media} {self.language}".strip()
