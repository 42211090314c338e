"""The credit limit as an exception that a person decides (contract § 4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from documents.case import Case
from documents.findings import ExceptionFound
from payments.credit import added
from payments.selectors.exposure import claims, exposures, limit_under_lock, promises
from valeo.core.components import formats

ZERO: Final = Decimal(0)
FOUND: Final = "payments.credit"


def credit_exception(case: Case) -> Iterator[ExceptionFound]:
    """Over the credit limit of the recipient of the invoice; the figure is the amount beyond it.

    No limit: never. Limit 0: prepayment only, so whatever is not covered by what he paid. Only a document that adds to
    the exposure asks. Takes the recipient's row lock, so two orders at once do not both fit.
    """
    facts = _facts(case)
    if facts is None:
        return
    over, limit, name = facts["over"], facts["limit"], facts["name"]
    currency = case.company.currency
    if limit:
        text = _("%(name)s is over the credit limit of %(limit)s by %(over)s.")
    else:
        text = _("%(name)s is supplied against prepayment only: %(over)s unpaid.")
    values = {"name": name, "limit": formats.money(limit, currency), "over": formats.money(over, currency)}
    yield ExceptionFound("over-credit-limit", text % values, figure=over, unit=currency, data=facts["data"])


def _facts(case: Case) -> dict[str, Any] | None:
    """Found once per state of the document, since the texts are asked for in every language."""
    kept = case.facts.get(FOUND)
    state = str(case.document.state)
    if kept is None or kept[0] != state:
        kept = case.facts[FOUND] = (state, _find(case))
    found: dict[str, Any] | None = kept[1]
    return found


def _find(case: Case) -> dict[str, Any] | None:
    if not (promises(case.type) or claims(case.type)):
        return None
    more = added(case)
    if more <= ZERO:
        return None
    partner = limit_under_lock(case.document.bill_to_id)
    if partner is None:
        return None
    limit = partner.credit_limit or ZERO
    use = exposures([partner.pk], own=case.document.pk)[partner.pk]
    over = use.total + more - limit
    if over <= ZERO:
        return None
    data = {
        "open_items": str(use.open_items),
        "open_orders": str(use.open_orders),
        "added": str(more),
        "limit": str(limit),
    }
    return {"over": over, "limit": limit, "name": partner.name, "data": data}
