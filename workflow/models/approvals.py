from __future__ import annotations

from typing import ClassVar, Final

import pgtrigger
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from valeo.audit.models import refuse_truncate
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned

#: What was found never changes; it is closed once, with the decision or without, and its text can only be erased. It
#: goes with its document while nobody has decided on that.
_FINDING: Final = """
IF TG_OP = 'DELETE' THEN
  IF OLD.accepted_by_id IS NOT NULL
     OR EXISTS (SELECT 1 FROM workflow_approval a WHERE a.document_id = OLD.document_id) THEN
    RAISE EXCEPTION 'valeo: what was found and decided stands' USING ERRCODE = 'check_violation';
  END IF;
  RETURN OLD;
END IF;
IF (to_jsonb(OLD) - 'is_open' - 'accepted_by_id' - 'text') <> (to_jsonb(NEW) - 'is_open' - 'accepted_by_id' - 'text')
   OR (NEW.text <> OLD.text AND NEW.text <> '{}'::jsonb)
   OR (NEW.is_open AND NEW.accepted_by_id IS NOT NULL)
   OR (NOT OLD.is_open AND (NEW.is_open OR NEW.accepted_by_id IS DISTINCT FROM OLD.accepted_by_id)) THEN
  RAISE EXCEPTION 'valeo: what was found and decided stands' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Decision(models.TextChoices):
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class DocumentException(CompanyOwned):
    """An exception found at submit (or at posting): what a person must decide, and up to which figure it was accepted."""

    document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="exceptions", db_constraint=False
    )
    revision = models.PositiveIntegerField(default=1)
    round = models.PositiveIntegerField(default=1, help_text=_("Counts the submits of this revision"))
    key = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    text = models.JSONField(help_text=_("By language"))
    figure = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=8, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True, help_text=_("Position"))
    rule = models.CharField(max_length=80, blank=True)
    is_open = models.BooleanField(default=True)
    accepted_by = models.ForeignKey(
        "workflow.Approval",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accepted",
        db_constraint=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("document", "id")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("workflow_documentexception", "document", "accepted_by"),
        ]
        triggers: ClassVar[list[object]] = [
            pgtrigger.Trigger(
                name="finding_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_FINDING,
            ),
            refuse_truncate("what was found and decided stands"),
        ]

    def __str__(self) -> str:
        return self.code


class Approval(CompanyOwned):
    """One decision by one person on one content (its hash): kept for ever, voided when the content changes."""

    document = models.ForeignKey(
        "documents.Document", models.PROTECT, related_name="approvals", db_constraint=False
    )
    revision = models.PositiveIntegerField(default=1)
    round = models.PositiveIntegerField(default=1)
    level = models.PositiveIntegerField(default=1)
    rule = models.CharField(max_length=80, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices)
    exceptions = models.JSONField(default=list, help_text=_("Keys, codes and figures decided on"))
    content_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("document", "id")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("workflow_approval", "document"),
        ]
        triggers: ClassVar[list[object]] = [
            pgtrigger.Trigger(
                name="decision_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - 'voided_at' - 'void_reason') "
                    "<> (to_jsonb(NEW) - 'voided_at' - 'void_reason') OR OLD.voided_at IS NOT NULL THEN "
                    "RAISE EXCEPTION 'valeo: a decision stands' USING ERRCODE = 'check_violation'; "
                    "END IF; RETURN NEW;"
                ),
            ),
            refuse_truncate("a decision stands"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.document_id}"
