"""What decisions hold about people (contract § 9)."""

from __future__ import annotations

from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal
from workflow.models import Approval, ChangeRequest, DocumentException

_DECISION = personal(
    purpose="Why a document or a change was decided as it was: part of the proof that the books are in order",
    basis=Basis.LEGAL_DUTY,
    retention=Retention.BOOKS,
    erase=Erase.RESTRICT,
)

declare(
    Approval,
    {"reason": _DECISION, "void_reason": _DECISION, **impersonal("content_hash", "exceptions", "rule")},
    label_is_personal=False,
)
declare(
    ChangeRequest,
    {**dict.fromkeys(("old", "new", "reason", "decision_reason"), _DECISION), **impersonal("field")},
    label_is_personal=False,
)
declare(
    DocumentException,
    {"text": _DECISION, **impersonal("code", "key", "rule", "unit")},
    label_is_personal=False,
)
