from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from documents import kinds
from documents.models import fields
from documents.models.triggers import DOCUMENT_TRIGGERS
from documents.states import ACTIONS, State
from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId


class Document(FSMModelMixin, CompanyOwned, PublicId):
    """One row per document of every kind. What differs by kind stands in its ``DocumentType``."""

    kind = models.CharField(max_length=24, choices=kinds.Kind.choices)
    branch = models.ForeignKey(
        "tenancy.Branch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    type_code = models.CharField(max_length=3, blank=True, help_text=_("UNTDID 1001 (BT-3)"))
    number = models.CharField(max_length=40, blank=True)
    revision = models.PositiveIntegerField(default=1)
    state = FSMField(max_length=12, choices=State.choices, default=State.DRAFT, protected=True)
    outcome = models.CharField(max_length=10, choices=kinds.Outcome.choices, blank=True)
    outcome_reason = models.CharField(max_length=500, blank=True)
    reason_kind = models.CharField(max_length=10, choices=kinds.ReasonKind.choices, blank=True)

    partner = models.ForeignKey(
        "masterdata.Partner", models.PROTECT, related_name="documents", db_constraint=False, db_index=False
    )
    bill_to = models.ForeignKey("masterdata.Partner", models.PROTECT, related_name="+", db_constraint=False)
    language = models.CharField(max_length=5, default="de")
    currency = models.CharField(max_length=3, default="EUR")
    exchange_rate = fields.price(default=1)
    rate_date = models.DateField(null=True, blank=True)
    rate_source = models.CharField(max_length=60, blank=True)
    rate_typed = models.BooleanField(
        null=True,
        editable=False,
        help_text=_("A person's rate, not the table's; empty: from before this was kept"),
    )
    price_mode = models.CharField(
        max_length=5, default="net", choices=[("net", _("net")), ("gross", _("gross"))]
    )
    payment_term = models.ForeignKey(
        "masterdata.PaymentTerm",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    terms_text = models.CharField(max_length=500, blank=True)
    buyer_reference = models.CharField(max_length=100, blank=True, help_text=_("BT-10, Leitweg-ID"))
    partner_reference = models.CharField(
        max_length=100, blank=True, help_text=_("BT-13, the partner's own number")
    )
    carrier = models.CharField(max_length=60, blank=True)
    incoterm = models.CharField(max_length=60, blank=True)
    warehouse = models.ForeignKey(
        "masterdata.Warehouse",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    header_text = models.TextField(blank=True)
    footer_text = models.TextField(blank=True)
    non_binding = models.BooleanField(default=False)

    document_date = models.DateField(help_text=_("BT-2; decides the year of the number"))
    date_is_set = models.BooleanField(
        default=False, help_text=_("Set by a person; else the posting day counts")
    )
    supply_from = models.DateField(null=True, blank=True)
    supply_to = models.DateField(null=True, blank=True)
    posting_date = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    terms_date = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    totals_kind = models.CharField(
        max_length=8, choices=kinds.TotalsKind.choices, default=kinds.TotalsKind.COMPUTED
    )
    line_total = fields.amount()
    allowance_total = fields.amount()
    charge_total = fields.amount()
    net_total = fields.amount()
    tax_total = fields.amount()
    gross_total = fields.amount()
    prepaid_total = fields.amount()
    rounding = fields.amount()
    payable_total = fields.amount()
    net_company = fields.amount()
    tax_company = fields.amount()
    gross_company = fields.amount()
    payable_company = fields.amount()
    cost_total = fields.amount(help_text=_("Company currency; for the margin, never printed"))

    fulfilment = models.CharField(max_length=8, choices=kinds.Progress.choices, blank=True)
    invoicing = models.CharField(max_length=8, choices=kinds.Progress.choices, blank=True)
    payment = models.CharField(max_length=8, choices=kinds.Progress.choices, blank=True)

    search_text = models.TextField(
        blank=True, editable=False, help_text=_("Upper-cased number, partner, references")
    )
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField(auto_now=True)
    edited_by = models.ForeignKey("tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False)
    submitted_by = models.ForeignKey(
        "tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.ForeignKey("tenancy.User", models.PROTECT, null=True, related_name="+", db_index=False)
    posted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        base_manager_name = "everywhere"
        ordering = ("-document_date", "-id")
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("documents_document", "branch", "partner", "bill_to", "payment_term", "warehouse"),
            models.UniqueConstraint(
                fields=["company", "kind", "number"], condition=~models.Q(number=""), name="document_number"
            ),
            models.CheckConstraint(
                condition=models.Q(number="") | models.Q(state__in=[State.POSTED, State.CANCELLED]),
                name="document_number_posted",
            ),
            models.CheckConstraint(
                condition=~models.Q(number="") | ~models.Q(state=State.POSTED), name="document_posted_number"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=kinds.Kind.values), name="document_kind"),
            models.CheckConstraint(condition=models.Q(exchange_rate__gt=0), name="document_rate"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["company", "kind", "-document_date", "-id"], name="document_list"),
            models.Index(
                fields=["company", "kind", "state", "-document_date", "-id"], name="document_state_list"
            ),
            models.Index(
                fields=["company", "partner", "-document_date", "-id"], name="document_partner_list"
            ),
            # what is still to do is a sliver of all documents: navigation, tabs and dashboard count it on every page
            models.Index(
                fields=["company", "kind", "-document_date", "-id"],
                condition=models.Q(state=State.POSTED)
                & (
                    models.Q(fulfilment__in=["open", "partial"])
                    | models.Q(invoicing__in=["open", "partial"])
                    | models.Q(payment__in=["open", "partial"])
                ),
                name="document_unfinished",
            ),
            GinIndex(OpClass(Upper("search_text"), name="gin_trgm_ops"), name="document_search"),
        ]
        triggers: ClassVar[list[object]] = DOCUMENT_TRIGGERS

    def __str__(self) -> str:
        return self.number or self.draft_reference

    @property
    def draft_reference(self) -> str:
        """What stands for the number before there is one; means nothing, is never printed as a number."""
        return f"#{self.uuid.hex[:6].upper()}"

    @property
    def is_commitment(self) -> bool:
        return kinds.family_of(self.kind) == kinds.Family.COMMITMENT

    # The explicit transitions; sources and targets are read from the one table.
    @transition(state, source=list(ACTIONS["submit"].sources), target=ACTIONS["submit"].target)
    def submit(self) -> None: ...

    @transition(state, source=list(ACTIONS["approve"].sources), target=ACTIONS["approve"].target)
    def approve(self) -> None: ...

    @transition(state, source=list(ACTIONS["post"].sources), target=ACTIONS["post"].target)
    def post(self) -> None: ...

    @transition(state, source=list(ACTIONS["reject"].sources), target=ACTIONS["reject"].target)
    def reject(self) -> None: ...

    @transition(state, source=list(ACTIONS["withdraw"].sources), target=ACTIONS["withdraw"].target)
    def withdraw(self) -> None: ...

    @transition(state, source=list(ACTIONS["revise"].sources), target=ACTIONS["revise"].target)
    def revise(self) -> None: ...

    @transition(state, source=list(ACTIONS["reopen"].sources), target=ACTIONS["reopen"].target)
    def reopen(self) -> None: ...

    @transition(state, source=list(ACTIONS["discard"].sources), target=ACTIONS["discard"].target)
    def discard(self) -> None: ...

    @transition(state, source=list(ACTIONS["cancel"].sources), target=ACTIONS["cancel"].target)
    def cancel(self) -> None: ...
