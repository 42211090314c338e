"""The use of a customer's credit limit beside a document, for the editor and the document page."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from documents.case import Case
from documents.hooks import CreditUse
from documents.states import State
from masterdata.models import Partner
from payments.credit import added, taken_back
from payments.selectors.exposure import claims, exposures, promises

ZERO: Final = Decimal(0)


def for_document(case: Case) -> CreditUse | None:
    """Open items, open orders and what this document adds; None where it concerns no customer's credit."""
    if not (promises(case.type) or claims(case.type)):
        return None
    partner_id = case.document.bill_to_id
    limit = Partner.objects.filter(pk=partner_id).values_list("credit_limit", flat=True).first()
    use = exposures([partner_id], own=case.document.pk)[partner_id]
    back = taken_back(case)
    if case.document.state in (State.POSTED, State.CANCELLED) and "amends" not in case.facts:
        this = ZERO
    else:  # of a correction the whole new amount is shown, and the corrected invoice no longer
        this = min(added(case) + back, case.document.gross_company) if back else added(case)
    return CreditUse(open_items=use.open_items - back, open_orders=use.open_orders, this=this, limit=limit)
