from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class Lot(CompanyOwned, PublicId):
    """A lot of an article; made with the first movement that brings it in."""

    article = models.ForeignKey(
        "masterdata.Article", models.PROTECT, related_name="lots", db_constraint=False, db_index=False
    )
    number = models.CharField(_("Lot"), max_length=40)
    received_on = models.DateField(_("Received on"), null=True, blank=True)
    expires_on = models.DateField(_("Expires on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        base_manager_name = "everywhere"
        default_permissions = ()
        verbose_name = _("Lot")
        verbose_name_plural = _("Lots")
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("lot", "article"),
            models.UniqueConstraint(fields=["company", "article", "number"], name="lot_number"),
            models.CheckConstraint(condition=~Q(number=""), name="lot_given"),
        ]

    def __str__(self) -> str:
        return self.number
