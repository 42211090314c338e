from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.guards.amounts import amounts_go_once
from documents.guards.common import COMMON
from documents.guards.invoice import INVOICE as INVOICE_GUARDS
from documents.guards.invoice import stocked_lines_come_from_deliveries
from documents.kinds import Family, Kind, Measure
from documents.spec import DocumentType, Paper, Source, Traits
from payments.guards import credit_exception
from payments.services import open_items
from sales import guards
from sales.document_types.shared import INVOICE
from workflow.policies.exceptions import (
    below_cost,
    discount_beyond_limit,
    free_lines,
    manual_taxes,
    price_unlike_source,
)  # fmt: skip
from workflow.services.cancel import cancel_original

SALES_INVOICE: Final = DocumentType(
    kind=Kind.SALES_INVOICE,
    domain="sales",
    family=Family.VOUCHER,
    side="output",
    title=_("Invoice"),
    title_plural=_("Invoices"),
    new_label=_("New invoice"),
    posted_label=_("Posted"),
    posted_text=_("%(number)s is posted."),
    prefix="INV",
    icon="invoice",
    partner_role="customer",
    scopes=INVOICE,
    traits=Traits(is_invoice=True, opens_items=True, stock_only_from_sources=True),
    sources=(
        Source(Kind.DELIVERY_NOTE, Measure.INVOICED, pgettext_lazy("action", "Invoice"), "invoice"),
        Source(Kind.SALES_ORDER, Measure.INVOICED, _("Invoice services"), "invoice"),
    ),
    tracks=frozenset({Measure.CREDITED}),
    type_code="380",
    post_on_release_from=frozenset({Kind.DELIVERY_NOTE}),
    guards=(*COMMON, *INVOICE_GUARDS, stocked_lines_come_from_deliveries, amounts_go_once, *guards.COUNTER),
    exceptions=(
        price_unlike_source, discount_beyond_limit, below_cost, free_lines, manual_taxes, credit_exception,
    ),
    on_post=(cancel_original, open_items.open_for),
    cancel_by="storno",
    cancel_kind=Kind.CREDIT_NOTE,
    papers=(Paper("invoice", {"de": "Rechnung", "en": "Invoice"}),),
    ledger_sign=1,
)  # fmt: skip
