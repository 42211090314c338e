"""Partners: list, page, form, block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from masterdata import hooks
from masterdata.forms import BlockForm, PartnerForm
from masterdata.kinds import LegalForm
from masterdata.listing import Page
from masterdata.models import Partner, PartnerGroup
from masterdata.panels import panels_of
from masterdata.selectors.partners import matching
from masterdata.services.partners import (
    block_partner,
    create_partner,
    set_partner_active,
    unblock_partner,
    update_partner,
)  # fmt: skip
from masterdata.views.forms import edit, found, posted, version_of
from masterdata.views.lists import Choice, Filter, ListScreen, may_write, yes_no
from valeo.tenancy.access import scoped
from valeo.tenancy.scopes import READ_SCOPES

WRITE = ("sales:write", "purchase:write")


def _roles() -> Sequence[Choice]:
    return (
        Choice("customer", gettext_lazy("Customers"), lambda rows: rows.filter(is_customer=True)),
        Choice("supplier", gettext_lazy("Suppliers"), lambda rows: rows.filter(is_supplier=True)),
    )


def _forms() -> Sequence[Choice]:
    return [
        Choice(value, label, lambda rows, value=value: rows.filter(legal_form=value))  # type: ignore[misc]
        for value, label in LegalForm.choices
    ]


def _groups() -> Sequence[Choice]:
    return [
        Choice(group.code, str(group), lambda rows, pk=group.pk: rows.filter(group_id=pk))  # type: ignore[misc]
        for group in PartnerGroup.objects.order_by("code")
    ]


class PartnerList(ListScreen):
    template_name = "masterdata/partner_list.html"
    table_template = "masterdata/_partner_table.html"
    title = gettext_lazy("Partners")
    placeholder = gettext_lazy("Number, name, place, VAT ID")
    sorts: ClassVar[dict[str, str]] = {
        "name": "sort_name", "number": "customer_number", "city": "city", "changed": "changed_at",
    }  # fmt: skip
    default_sort = "name"
    filters = (
        Filter("role", gettext_lazy("Role"), _roles),
        Filter("form", gettext_lazy("Legal form"), _forms),
        Filter("group", gettext_lazy("Partner group"), _groups),
        yes_no("blocked", gettext_lazy("Blocked"), "blocked"),
        yes_no("active", gettext_lazy("Active"), "active", preset="yes"),
    )

    def rows(self) -> QuerySet[Partner]:
        return Partner.objects.select_related("group", "payment_term")

    def search(self, rows: QuerySet[Partner], text: str) -> QuerySet[Partner]:
        return matching(rows, text)

    def extend(self, page: Page) -> dict[str, Any]:
        free = hooks.free_credit([row.pk for row in page.rows])
        for row in page.rows:
            row.free_credit = free.get(row.pk)
        return {"shows_credit": bool(free)}


@scoped(*READ_SCOPES)
def partner_page(request: Any, uuid: UUID) -> HttpResponse:
    """All about one partner."""
    rows = Partner.objects.select_related(
        "group",
        "payment_term",
        "purchase_payment_term",
        "price_list",
        "purchase_price_list",
        "bill_to",
        "ship_to",
        "carrier",
    ).prefetch_related("addresses", "contacts", "bank_accounts", "tax_statuses", "payment_term__instalments")
    partner = found(rows, uuid=uuid)
    context = {
        "partner": partner,
        "panels": panels_of(partner, request.actor),
        "may_write": may_write(request),
        "may_finance": request.actor.has("finance:write"),
    }
    return render(request, "masterdata/partner_detail.html", context)


@scoped(*WRITE)
def partner_new(request: Any) -> HttpResponse:
    form = PartnerForm(posted(request), finance=request.actor.has("finance:write"))
    if request.GET.get("role") == "supplier" and request.method != "POST":
        form.initial.update(is_supplier=True, is_customer=False)

    def save() -> str:
        accept = form.cleaned_data.get("accept_duplicate", False)
        partner = create_partner(actor=request.actor, values=form.values(), accept_duplicate=accept)
        return reverse("masterdata:partner", args=[partner.uuid])

    done, back = _("The partner has been created."), reverse("masterdata:partners")
    return edit(request, "masterdata/partner_form.html", form=form, save=save, done=done, back=back)


@scoped(*WRITE, "finance:write")
def partner_edit(request: Any, uuid: UUID) -> HttpResponse:
    partner = found(Partner.objects.all(), uuid=uuid)
    form = PartnerForm(posted(request), instance=partner, finance=request.actor.has("finance:write"))
    back = reverse("masterdata:partner", args=[uuid])

    def save() -> str:
        reason = form.cleaned_data.get("reason", "")
        done = update_partner(
            actor=request.actor,
            uuid=uuid,
            values=form.values(),
            expected_version=version_of(request),
            reason=reason,
        )
        if done.withheld:
            messages.info(request, _("A second person has to agree to the credit limit."))
        return back

    return edit(request, "masterdata/partner_form.html", form=form, save=save, partner=partner, back=back)


@scoped(*WRITE, "finance:write")
@require_POST
def partner_block(request: Any, uuid: UUID) -> HttpResponse:
    """Block with a reason, or unblock where none is sent along."""
    form = BlockForm(request.POST)
    if request.POST.get("action") == "unblock":
        unblock_partner(actor=request.actor, uuid=uuid)
    else:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        block_partner(actor=request.actor, uuid=uuid, reason=reason)
    return HttpResponseRedirect(reverse("masterdata:partner", args=[uuid]))


@scoped(*WRITE)
@require_POST
def partner_active(request: Any, uuid: UUID) -> HttpResponse:
    set_partner_active(actor=request.actor, uuid=uuid, active=request.POST.get("active") == "yes")
    return HttpResponseRedirect(reverse("masterdata:partner", args=[uuid]))
