from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents import kinds
from documents.models.triggers import REVISION_TRIGGERS
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class Revision(CompanyOwned, PublicId):
    """The frozen content of a document: one row per posting and per amendment, with its verification code.

    ``content`` is the canonical snapshot (documents/snapshot.py); papers are made from it and from nothing else.
    """

    document = models.ForeignKey(
        "documents.Document", models.PROTECT, related_name="revisions", db_constraint=False
    )
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=kinds.RevisionState.choices, default=kinds.RevisionState.PROPOSED
    )
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    proposal = models.JSONField(
        null=True, blank=True, help_text=_("The editor's input of an amendment, as proposed")
    )
    base_version = models.PositiveIntegerField(
        default=0, help_text=_("The document's version that the proposal started from")
    )
    reason = models.CharField(max_length=500, blank=True)
    verify_code = models.CharField(max_length=32, unique=True, null=True, blank=True)
    proposed_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("document", "number", "id")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_revision", "document"),
            models.UniqueConstraint(
                fields=["document", "number"],
                condition=models.Q(state__in=[kinds.RevisionState.IN_FORCE, kinds.RevisionState.SUPERSEDED]),
                name="revision_number",
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(state__in=[kinds.RevisionState.PROPOSED, kinds.RevisionState.PENDING]),
                name="revision_one_open",
            ),
        ]
        triggers: ClassVar[list[object]] = REVISION_TRIGGERS

    def __str__(self) -> str:
        return f"{self.document_id} r{self.number}"
