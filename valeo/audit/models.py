"""The append-only record of everything that happened, hash-chained per company."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from valeo.audit.canonical import GENESIS
from valeo.tenancy.base import CompanyOwned

_REFUSE = "RAISE EXCEPTION 'valeo: {text}' USING ERRCODE = 'check_violation';"

#: Gives the company's next sequence and links the entry to the one before. The head stays locked until commit, so the
#: sequence is commit order without gaps; therefore entries are written last in a transaction.
_LINK = f"""
LOOP
  SELECT h.seq + 1, h.hash INTO NEW.seq, NEW.prev_hash
    FROM audit_audithead h WHERE h.company_id = NEW.company_id FOR UPDATE;
  EXIT WHEN FOUND;
  INSERT INTO audit_audithead (company_id, seq, hash) VALUES (NEW.company_id, 0, '{GENESIS}')
    ON CONFLICT (company_id) DO NOTHING;
END LOOP;
NEW.hash := encode(sha256(convert_to(
  NEW.prev_hash || '|' || NEW.content_hash || '|' || NEW.seq || '|' || NEW.id, 'UTF8')), 'hex');
UPDATE audit_audithead SET seq = NEW.seq, hash = NEW.hash WHERE company_id = NEW.company_id;
RETURN NEW;
"""  # noqa: S608 - constants only


def refuse_truncate(text: str) -> pgtrigger.Trigger:
    """Row triggers don't see TRUNCATE; this one does. Switched off in the tests' database only."""
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=_REFUSE.format(text=text) + " RETURN NULL;",
    )


class AuditHead(models.Model):
    """Where a company's chain stands. Written by the trigger on ``AuditEntry`` alone."""

    company = models.OneToOneField(
        "tenancy.Company", on_delete=models.PROTECT, primary_key=True, related_name="+", editable=False
    )
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        default_permissions = ()
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="only_by_entries",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="IF pg_trigger_depth() < 2 THEN "
                + _REFUSE.format(text="the head of the audit chain moves with its entries only")
                + " END IF; RETURN NEW;",
            ),
            refuse_truncate("the head of the audit chain moves with its entries only"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.seq}"


class AuditEntry(CompanyOwned):
    """One thing that happened. References are soft: an entry outlives what it tells about.

    Texts that may name a person (user's name, label, reason, personal fields) are in ``AuditText``; ``seals`` holds
    their keyed hashes. ``seq``, ``prev_hash`` and ``hash`` are the trigger's.
    """

    seq = models.BigIntegerField(_("number"), editable=False)
    version = models.SmallIntegerField(editable=False)
    at = models.DateTimeField(_("time"))
    user_id = models.BigIntegerField(_("user"), null=True)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=80, blank=True)
    object_id = models.BigIntegerField(null=True)
    object_uuid = models.UUIDField(null=True)
    label = models.CharField(_("object"), max_length=200, blank=True)
    from_state = models.CharField(_("from"), max_length=30, blank=True)
    to_state = models.CharField(_("to"), max_length=30, blank=True)
    changes = models.JSONField(_("changes"), default=dict)
    data = models.JSONField(_("details"), default=dict)
    seals = models.JSONField(default=dict)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    content_hash = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        default_permissions = ()
        base_manager_name = "everywhere"
        ordering: ClassVar[list[str]] = ["-seq"]
        constraints: ClassVar[list[BaseConstraint]] = [
            # the base's unique (company, id) is left out: nothing refers to entries by a composite key
            models.UniqueConstraint(fields=["company", "seq"], name="auditentry_seq"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["company", "object_type", "object_id", "seq"], name="auditentry_object"),
            models.Index(fields=["company", "at"], name="auditentry_at"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(name="link", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_LINK),
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_REFUSE.format(text="audit entries are never changed or deleted"),
            ),
            refuse_truncate("audit entries are never changed or deleted"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"

    def part(self, name: str) -> Any:
        """A personal text (user, label, reason, changes, personal); None where it never was or was erased."""
        text: AuditText | None = getattr(self, "text", None)
        return text.parts[name][1] if text is not None and name in text.parts else None

    @property
    def user_name(self) -> str:
        return self.part("user") or ""

    @property
    def object_label(self) -> str:
        return self.label or self.part("label") or ""

    @property
    def reason(self) -> str:
        return self.part("reason") or ""

    @property
    def all_changes(self) -> dict[str, Any]:
        """Changed fields, with those that could be erased and were not."""
        return {**self.changes, **(self.part("changes") or {})}


class AuditText(CompanyOwned):
    """The personal text of an entry: ``parts`` maps user, label, reason, changes, personal to [key, text].

    Erasing a part (Art. 17 GDPR) takes key and text away; its seal in the entry stays, and says nothing any more.
    """

    id = None  # type: ignore[assignment]
    entry = models.OneToOneField(
        AuditEntry, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="text"
    )
    parts = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        base_manager_name = "everywhere"
        constraints: ClassVar[list[BaseConstraint]] = []
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="only_erased",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
IF TG_OP = 'DELETE' OR NEW.entry_id <> OLD.entry_id OR NEW.company_id <> OLD.company_id
   OR NOT NEW.parts <@ OLD.parts
   OR EXISTS (SELECT 1 FROM jsonb_each(NEW.parts) p WHERE p.value IS DISTINCT FROM OLD.parts -> p.key) THEN
  {_REFUSE.format(text="the text of an audit entry can only be erased")}
END IF;
RETURN NEW;
""",  # noqa: S608 - constants only
            ),
            refuse_truncate("the text of an audit entry can only be erased"),
        ]

    def __str__(self) -> str:
        return str(self.entry_id)
