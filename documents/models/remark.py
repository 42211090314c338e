from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.constraints import BaseConstraint

from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned


class Remark(CompanyOwned):
    """An internal note or comment: never printed, never part of the frozen content."""

    document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="remarks", db_constraint=False
    )
    text = models.TextField()
    created_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("-created_at", "-id")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_remark", "document"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
