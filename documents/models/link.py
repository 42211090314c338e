from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents import kinds
from documents.models import fields
from documents.models.triggers import LINK_TRIGGERS
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned


class Link(CompanyOwned):
    """Joins a source line and a target line and says which measure it feeds, in the source's unit.

    A link that passes through (an invoice of a delivery also counts on the order line) names the step in ``via``:
    it counts only while the documents at both its ends and at the step are live.
    """

    source_document = models.ForeignKey(
        "documents.Document", models.PROTECT, related_name="links_out", db_constraint=False
    )
    source_line = models.ForeignKey(
        "documents.Line", models.PROTECT, null=True, blank=True, related_name="links_out", db_constraint=False
    )
    target_document = models.ForeignKey(
        "documents.Document", models.CASCADE, related_name="links_in", db_constraint=False
    )
    target_line = models.ForeignKey(
        "documents.Line", models.CASCADE, null=True, blank=True, related_name="links_in", db_constraint=False
    )
    via = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="passed_on", db_constraint=False
    )
    relation = models.CharField(max_length=8, choices=kinds.Relation.choices, default=kinds.Relation.CREATES)
    measure = models.CharField(max_length=10, choices=kinds.Measure.choices, blank=True)
    quantity = fields.quantity(help_text=_("In the source line's unit"))
    counts = models.BooleanField(
        default=True, help_text=_("False: a credit that neither brought goods back nor reopens")
    )
    replaces = models.BooleanField(default=False, help_text=_("A return that is to be delivered again"))

    class Meta:
        base_manager_name = "everywhere"
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company(
                "documents_link", "source_document", "source_line", "target_document", "target_line", "via"
            ),
        ]
        triggers: ClassVar[list[object]] = LINK_TRIGGERS

    def __str__(self) -> str:
        return f"{self.source_document_id} {self.relation} {self.target_document_id}"
