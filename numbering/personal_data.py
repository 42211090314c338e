"""What numbering holds about people: nothing but the id of who reserved a number (contract § 9)."""

from __future__ import annotations

from numbering.models import IssuedNumber, NumberSeries
from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal

declare(NumberSeries, impersonal("type_group", "prefix", "pattern"))
declare(
    IssuedNumber,
    {
        "reason": personal(
            purpose="Why a number is not used: explains the gap to an auditor",
            basis=Basis.LEGAL_DUTY,
            retention=Retention.BOOKS,
            erase=Erase.RESTRICT,
        ),
        **impersonal("number", "document_type"),
    },
    label_is_personal=False,
)
