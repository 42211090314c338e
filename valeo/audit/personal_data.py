"""What the audit record holds about people: only in texts that can be erased (contract § 9)."""

from __future__ import annotations

from valeo.audit.models import AuditEntry, AuditHead, AuditText
from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal

declare(AuditHead, impersonal("hash"))
declare(
    AuditEntry,
    impersonal(
        "action", "object_type", "label", "from_state", "to_state", "changes", "data", "seals", "request_id",
        "content_hash", "prev_hash", "hash",
    ),
)  # fmt: skip
declare(
    AuditText,
    {
        "parts": personal(
            purpose="Who did what, and why: the proof that the books were kept in order",
            basis=Basis.LEGAL_DUTY,
            retention=Retention.BOOKS,
            erase=Erase.CLEAR,
        )
    },
    label_is_personal=False,
)
