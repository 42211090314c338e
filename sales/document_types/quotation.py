from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from documents.guards.amounts import taken_amounts_stay
from documents.guards.common import COMMON
from documents.kinds import Family, Kind, Measure
from documents.spec import DocumentType, Paper, Traits
from sales.document_types.shared import COMMITMENT
from workflow.policies.exceptions import below_cost, discount_beyond_limit, free_lines, manual_taxes
from workflow.services.outcomes import ask_anew

QUOTATION: Final = DocumentType(
    kind=Kind.QUOTATION,
    domain="sales",
    family=Family.COMMITMENT,
    side="output",
    title=_("Quotation"),
    title_plural=_("Quotations"),
    new_label=_("New quotation"),
    posted_label=_("Sent"),
    posted_text=_("%(number)s is sent."),
    prefix="QUO",
    icon="quote",
    partner_role="customer",
    scopes=COMMITMENT,
    traits=Traits(has_validity=True, has_planned_supply=True),
    tracks=frozenset({Measure.ORDERED}),
    post_on_release=True,
    guards=(*COMMON, taken_amounts_stay),
    exceptions=(discount_beyond_limit, below_cost, free_lines, manual_taxes),
    on_amend=(ask_anew,),
    papers=(Paper("quotation", {"de": "Angebot", "en": "Quotation"}),),
)
