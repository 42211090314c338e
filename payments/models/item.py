from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from documents.models import fields
from payments.kinds import Side
from valeo.audit.models import refuse_truncate
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId

_OPEN = ("open_amount", "open_company", "settled_at", "blocked", "blocked_reason", "due")
_FROZEN = f"""
IF (to_jsonb(OLD){"".join(f" - '{name}'" for name in _OPEN)}) <> (to_jsonb(NEW){"".join(f" - '{name}'" for name in _OPEN)}) THEN
  RAISE EXCEPTION 'valeo: an open item keeps what it was opened with' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class OpenItem(CompanyOwned, PublicId):
    """What one instalment of a document, or a payment, leaves open: ONE signed table for both sides.

    Plus is what the partner owes us, minus what we owe him (a credit, a supplier's invoice, a payment received).
    ``partner`` is the recipient of the invoice or the payee. Only the open amounts move, through settlements.
    """

    partner = models.ForeignKey(
        "masterdata.Partner", models.PROTECT, related_name="open_items", db_constraint=False, db_index=False,
        verbose_name=_("Partner"),
    )  # fmt: skip
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="open_items", db_constraint=False,
        db_index=False, verbose_name=_("Document"),
    )  # fmt: skip
    position = models.PositiveIntegerField(_("Instalment"), default=1)
    side = models.CharField(_("Side"), max_length=8, choices=Side.choices)
    due = models.DateField(_("Due"))
    posting_date = models.DateField(_("Posting date"))
    currency = models.CharField(_("Currency"), max_length=3)
    amount = fields.amount(verbose_name=_("Amount"))
    amount_company = fields.amount(verbose_name=_("Amount in company currency"))
    open_amount = fields.amount(verbose_name=_("Open"))
    open_company = fields.amount(verbose_name=_("Open in company currency"))
    skonto_until = models.DateField(_("Cash discount until"), null=True, blank=True)
    skonto_percent = models.DecimalField(
        _("Cash discount in %"), max_digits=9, decimal_places=4, null=True, blank=True
    )
    skonto_base = models.DecimalField(
        _("Cash discount on"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    settled_at = models.DateTimeField(_("Settled"), null=True, blank=True)
    blocked = models.BooleanField(_("Blocked"), default=False)
    blocked_reason = models.CharField(_("Reason of the block"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        base_manager_name = "everywhere"
        default_permissions = ()
        verbose_name = _("Open item")
        verbose_name_plural = _("Open items")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("openitem", "partner", "document"),
            models.UniqueConstraint(fields=["document", "position"], name="openitem_document_position"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="openitem_side"),
            models.CheckConstraint(condition=~Q(amount=0), name="openitem_amount"),
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0, open_amount__gte=0, open_amount__lte=F("amount"), open_company__gte=0
                )
                | Q(amount__lt=0, open_amount__lte=0, open_amount__gte=F("amount"), open_company__lte=0),
                name="openitem_open_within_amount",
            ),
            models.CheckConstraint(
                condition=~Q(open_amount=0) | Q(open_company=0), name="openitem_settled_in_both"
            ),
            models.CheckConstraint(
                condition=Q(open_amount=0, settled_at__isnull=False)
                | ~Q(open_amount=0) & Q(settled_at__isnull=True),
                name="openitem_settled_at",
            ),
            models.CheckConstraint(
                condition=Q(blocked=False) | ~Q(blocked_reason=""), name="openitem_block_has_a_reason"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["company", "due", "id"], condition=Q(settled_at__isnull=True), name="openitem_open_by_due"),
            models.Index(fields=["company", "due", "id"], name="openitem_by_due"),
            models.Index(
                fields=["company", "partner", "side"], include=["open_company"], condition=Q(settled_at__isnull=True),
                name="openitem_open_of_partner",
            ),
        ]  # fmt: skip
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Trigger(
                name="keeps_its_origin", when=pgtrigger.Before, operation=pgtrigger.Update, func=_FROZEN
            ),
            pgtrigger.Trigger(
                name="never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="RAISE EXCEPTION 'valeo: an open item is settled, never deleted' USING ERRCODE = 'check_violation';",
            ),
            refuse_truncate("an open item is settled, never deleted"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
