from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents.models import fields
from payments.kinds import SettlementKind
from payments.models.item import OpenItem
from valeo.audit.models import refuse_truncate
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class Settlement(CompanyOwned, PublicId):
    """Joins two items of one partner: ``amount`` (above zero, in their currency) is taken off both.

    ``item`` is the one above zero, ``counter_item`` the one below. The amounts in company currency differ where the
    rates did. Taken back by a row that names it in ``reversal_of`` (then the amounts are negative).
    """

    item = models.ForeignKey(OpenItem, models.PROTECT, related_name="settlements", db_constraint=False)
    counter_item = models.ForeignKey(
        OpenItem, models.PROTECT, related_name="counter_settlements", db_constraint=False
    )
    kind = models.CharField(_("Kind"), max_length=9, choices=SettlementKind.choices)
    amount = fields.amount(verbose_name=_("Amount"))
    amount_company = fields.amount(verbose_name=_("Amount in company currency"))
    counter_company = fields.amount(verbose_name=_("Counter amount in company currency"))
    posting_date = models.DateField(_("Posting date"))
    document = models.ForeignKey(
        "documents.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settlements",
        db_constraint=False,
    )
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", db_constraint=False
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("Time"), auto_now_add=True)

    class Meta:
        base_manager_name = "everywhere"
        default_permissions = ()
        verbose_name = _("Settlement")
        verbose_name_plural = _("Settlements")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("settlement", "item", "counter_item", "document", "reversal_of"),
            models.CheckConstraint(condition=Q(kind__in=SettlementKind.values), name="settlement_kind"),
            models.CheckConstraint(condition=~Q(item=F("counter_item")), name="settlement_two_items"),
            models.CheckConstraint(
                condition=Q(reversal_of__isnull=True, amount__gt=0)
                | Q(reversal_of__isnull=False, amount__lt=0),
                name="settlement_amount",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="never_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="RAISE EXCEPTION 'valeo: a settlement is never changed, only taken back' "
                "USING ERRCODE = 'check_violation';",
            ),
            refuse_truncate("a settlement is never changed, only taken back"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
