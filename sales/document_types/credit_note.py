from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.guards.common import COMMON
from documents.guards.invoice import INVOICE as INVOICE_GUARDS
from documents.kinds import Family, Kind, Measure
from documents.spec import DocumentType, Paper, Source, Traits
from payments.services import open_items
from sales import guards
from sales.document_types.shared import INVOICE
from sales.selectors import goods_back_need
from sales.services import take_goods_back
from workflow.policies.exceptions import manual_taxes
from workflow.services.cancel import cancel_original

CREDIT_NOTE: Final = DocumentType(
    kind=Kind.CREDIT_NOTE,
    domain="sales",
    family=Family.VOUCHER,
    side="output",
    title=_("Credit note"),
    title_plural=_("Credit notes"),
    new_label=_("New credit note"),
    posted_label=_("Posted"),
    posted_text=_("%(number)s is posted."),
    prefix="CN",
    icon="credit",
    partner_role="customer",
    scopes=INVOICE,
    traits=Traits(is_invoice=True, opens_items=True),
    sources=(
        Source(
            Kind.SALES_INVOICE,
            Measure.CREDITED,
            pgettext_lazy("action", "Credit"),
            "credit",
            many=False,
            relation="corrects",
        ),
    ),
    type_code="381",
    approval="always",
    guards=(*COMMON, *INVOICE_GUARDS, *guards.CREDIT),
    exceptions=(manual_taxes,),
    post_needs=(goods_back_need,),
    on_post=(cancel_original, take_goods_back, open_items.reduce_by),
    cancel_by="counter",
    cancel_kind=Kind.SALES_INVOICE,
    papers=(Paper("credit_note", {"de": "Rechnungskorrektur", "en": "Credit note"}),),
    ledger_sign=-1,
)
