from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from documents.guards.amounts import amounts_go_once, taken_amounts_stay
from documents.guards.common import COMMON
from documents.kinds import Family, Kind, Measure
from documents.spec import DocumentType, Paper, Source, Traits
from inventory import guards as stock
from inventory.services import reservations
from payments.guards import credit_exception
from sales.document_types.shared import COMMITMENT
from workflow.policies.exceptions import (
    below_cost,
    discount_beyond_limit,
    free_lines,
    manual_taxes,
    quotation_out_of_time,
)  # fmt: skip
from workflow.services.outcomes import accept_sources

SALES_ORDER: Final = DocumentType(
    kind=Kind.SALES_ORDER,
    domain="sales",
    family=Family.COMMITMENT,
    side="output",
    title=_("Sales order"),
    title_plural=_("Sales orders"),
    new_label=_("New sales order"),
    posted_label=_("Confirmed"),
    posted_text=_("%(number)s is confirmed."),
    prefix="SO",
    icon="order",
    partner_role="customer",
    scopes=COMMITMENT,
    traits=Traits(reserves_stock=True, needs_delivery=True, has_planned_supply=True),
    sources=(Source(Kind.QUOTATION, Measure.ORDERED, _("Make an order"), "order", many=False),),
    tracks=frozenset({Measure.DELIVERED, Measure.RETURNED, Measure.INVOICED, Measure.CREDITED}),
    post_on_release=True,
    guards=(*COMMON, amounts_go_once, taken_amounts_stay, *stock.RESERVATION),
    exceptions=(
        credit_exception, discount_beyond_limit, below_cost, free_lines, manual_taxes, quotation_out_of_time,
    ),
    on_post=(reservations.reserve, accept_sources),
    on_cancel=(reservations.release_reservation,),
    on_close=(reservations.adjust_reservation,),
    on_amend=(reservations.adjust_reservation,),
    papers=(
        Paper("confirmation", {"de": "Auftragsbestätigung", "en": "Order confirmation"}),
        Paper("picking_list", {"de": "Kommissionierliste", "en": "Picking list"}, "documents/paper/picking.html", with_prices=False, with_qr=False, leaves=False),
        Paper("proforma", {"de": "Proformarechnung", "en": "Pro forma invoice"}, leaves=False),
    ),
)  # fmt: skip
