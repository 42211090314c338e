"""The boxes of open items: on the document page, and with the credit limit on the partner's page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.case import Case
from documents.panels import Panel
from documents.states import FROZEN
from masterdata.models import Partner
from masterdata.panels import Panel as PartnerPanel
from payments.progress import is_overdue, payment_state
from payments.selectors.exposure import Exposure, exposures
from payments.selectors.lists import ItemFilter, items_of, settlements_of, sums
from valeo.core.components.data import BarPart
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

ZERO: Final = Decimal(0)


def items_box(case: Case, actor: Actor) -> Panel | None:
    """Instalments with what is open of each, and what settled them; the amounts for those who may see the books."""
    if not case.type.traits.opens_items or case.document.state not in FROZEN or not actor.has("finance:read"):
        return None
    rows = items_of(case.document)
    if not rows:
        return None
    today = timezone.localdate()
    for row in rows:
        row.is_overdue = is_overdue(row, today)  # type: ignore[attr-defined]
    return Panel(
        "payments/_document_items.html",
        {
            "rows": rows,
            "settlements": list(settlements_of(case.document)),
            "payment": payment_state(rows, today),
            "currency": case.document.currency,
        },
    )


def partner_box(partner: Partner, actor: Actor) -> PartnerPanel | None:
    """What he owes and what is left of his limit; the open items with their list for those who may see the books."""
    if not partner.is_customer:
        return None
    use = exposures([partner.pk])[partner.pk]
    limit = partner.credit_limit
    context: dict[str, Any] = {
        "use": use,
        "limit": limit,
        "free": None if limit is None else limit - use.total,
        "parts": _parts(use, limit),
        "currency": Company.objects.get(pk=partner.company_id).currency,
    }
    if actor.has("finance:read"):
        found = sums(ItemFilter(partner=partner), timezone.localdate())
        url = f"{reverse('payments:items')}?partner={partner.uuid}"
        context |= {"sums": found, "url": url, "overdue_url": f"{url}&state=overdue"}
    return PartnerPanel("payments/_partner_items.html", context)


def _parts(use: Exposure, limit: Decimal | None) -> list[BarPart]:
    """The limit as a bar: invoices, orders, what is over it."""
    if limit is None:
        return []
    whole = max(limit, use.total)
    if whole <= ZERO:
        return []
    over = max(ZERO, use.total - limit)
    items = max(ZERO, use.open_items)
    orders = max(ZERO, min(use.open_orders, use.total - over - items))
    parts = [
        BarPart(min(items, whole - over) / whole, "3", _("Open items")),
        BarPart(orders / whole, "2", _("Orders not yet invoiced")),
        BarPart(over / whole, "d", _("Over the limit")),
    ]
    return [part for part in parts if part.share]
