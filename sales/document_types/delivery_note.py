from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from documents.guards.common import COMMON
from documents.kinds import Family, Kind, Measure
from documents.spec import DocumentType, Paper, Source, Traits
from inventory import guards as stock
from payments.guards import credit_exception
from sales import effects
from sales.document_types.shared import DELIVERY
from workflow.policies.exceptions import over_delivery, price_unlike_source

DELIVERY_NOTE: Final = DocumentType(
    kind=Kind.DELIVERY_NOTE,
    domain="sales",
    family=Family.VOUCHER,
    side="output",
    title=_("Delivery note"),
    title_plural=_("Delivery notes"),
    new_label=_("New delivery note"),
    posted_label=_("Delivered"),
    posted_text=_("%(number)s is delivered."),
    prefix="DL",
    icon="truck",
    partner_role="customer",
    scopes=DELIVERY,
    traits=Traits(moves_stock=-1, allows_negative=True),
    sources=(
        Source(Kind.SALES_ORDER, Measure.DELIVERED, _("Deliver"), "truck"),
        Source(Kind.DELIVERY_NOTE, Measure.RETURNED, _("Take back"), "credit", many=False, negate=True),
    ),
    tracks=frozenset({Measure.RETURNED, Measure.INVOICED, Measure.CREDITED}),
    post_on_release=True,
    guards=(*COMMON, *stock.STOCK),
    exceptions=(over_delivery, price_unlike_source, effects.stock_exceptions, credit_exception),
    on_post=(effects.move_goods,),
    cancel_by="reversal",
    papers=(
        Paper(
            "delivery_note",
            {"de": "Lieferschein", "en": "Delivery note"},
            "documents/paper/delivery.html",
            with_prices=False,
        ),
        Paper(
            "delivery_note_prices",
            {"de": "Lieferschein", "en": "Delivery note"},
            "documents/paper/delivery.html",
            leaves=False,
        ),
    ),
)
