from __future__ import annotations

from typing import ClassVar, Final

import pgtrigger
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from valeo.audit.models import refuse_truncate
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId

#: What was asked for never changes, nor does a decision; their texts can only be erased (contract § 9).
_STANDS: Final = """
IF TG_OP = 'DELETE'
   OR (to_jsonb(OLD) - 'old' - 'new' - 'reason' - 'state' - 'decided_by_id' - 'decided_at' - 'decision_reason' - 'version')
      <> (to_jsonb(NEW) - 'old' - 'new' - 'reason' - 'state' - 'decided_by_id' - 'decided_at' - 'decision_reason' - 'version')
   OR (NEW.old IS DISTINCT FROM OLD.old AND coalesce(NEW.old, 'null') <> 'null'::jsonb)
   OR (NEW.new IS DISTINCT FROM OLD.new AND coalesce(NEW.new, 'null') <> 'null'::jsonb)
   OR (NEW.reason <> OLD.reason AND NEW.reason <> '')
   OR (OLD.state <> 'pending' AND (
         (OLD.state, OLD.decided_by_id, OLD.decided_at, OLD.version)
           IS DISTINCT FROM (NEW.state, NEW.decided_by_id, NEW.decided_at, NEW.version)
         OR (NEW.decision_reason <> OLD.decision_reason AND NEW.decision_reason <> ''))) THEN
  RAISE EXCEPTION 'valeo: a change that was asked for and its decision stand' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ChangeRequest(CompanyOwned, PublicId):
    """A change of credit limit, bank data or tax status that waits for a second person (contract § 4)."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for approval")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    partner = models.ForeignKey(
        "masterdata.Partner", models.PROTECT, related_name="change_requests", db_constraint=False
    )
    field = models.CharField(max_length=40)
    old = models.JSONField(null=True, blank=True)
    new = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    requested_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("-requested_at", "-id")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("workflow_changerequest", "partner"),
            models.UniqueConstraint(
                fields=["partner", "field"],
                condition=models.Q(state="pending"),
                name="changerequest_one_open",
            ),
        ]
        triggers: ClassVar[list[object]] = [
            pgtrigger.Trigger(
                name="decision_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_STANDS,
            ),
            refuse_truncate("a change that was asked for and its decision stand"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
