"""What the stock ledger holds about people: who moved something, and why."""

from __future__ import annotations

from inventory.models import Lot, Reservation, StockBalance, StockMovement
from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal

declare(
    StockMovement,
    {
        **impersonal("lot", "kind"),
        "reason": personal(
            purpose="Why the stock was changed; a reason may name a person",
            basis=Basis.LEGAL_DUTY,
            retention=Retention.BOOKS,
            erase=Erase.RESTRICT,
        ),
        "created_by": personal(
            purpose="Who changed the stock",
            basis=Basis.LEGAL_DUTY,
            retention=Retention.BOOKS,
            erase=Erase.RESTRICT,
        ),
    },
    label_is_personal=False,
)
declare(StockBalance, impersonal("lot"))
declare(Reservation, {})
declare(Lot, impersonal("number"))
