"""What the open items hold about people: who settled something, and why."""

from __future__ import annotations

from payments.models import OpenItem, Settlement
from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal

_BOOKS = personal(
    purpose="Why an item was blocked or settled and by whom; a reason may name a person",
    basis=Basis.LEGAL_DUTY,
    retention=Retention.BOOKS,
    erase=Erase.RESTRICT,
)
declare(OpenItem, {**impersonal("currency", "side"), "blocked_reason": _BOOKS}, label_is_personal=False)
declare(Settlement, {**impersonal("kind"), "reason": _BOOKS, "created_by": _BOOKS}, label_is_personal=False)
