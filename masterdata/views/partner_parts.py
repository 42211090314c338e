"""Addresses, contact persons, bank accounts and tax status of a partner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from masterdata.forms import AddressForm, BankAccountForm, ContactForm, TaxStatusFormSet
from masterdata.models import Partner, PartnerAddress, PartnerBankAccount, PartnerContact
from masterdata.services.partner_finance import remove_bank_account, save_bank_account, set_tax_statuses
from masterdata.services.partner_parts import remove_address, remove_contact, save_address, save_contact
from masterdata.views.forms import edit, found, posted, version_of
from valeo.core.exceptions import Refused, Violation
from valeo.tenancy.access import scoped

WRITE = ("sales:write", "purchase:write")
TEMPLATE = "masterdata/part_form.html"


def _partner(uuid: UUID) -> Partner:
    partner: Partner = found(Partner.objects.all(), uuid=uuid)
    return partner


def _back(uuid: UUID) -> str:
    return reverse("masterdata:partner", args=[uuid])


@scoped(*WRITE)
def address(request: Any, uuid: UUID, part: UUID | None = None) -> HttpResponse:
    """Add or change an address."""
    partner = _partner(uuid)
    row = (
        found(PartnerAddress.objects.filter(partner=partner), uuid=part)
        if part
        else PartnerAddress(partner=partner)
    )
    form = AddressForm(posted(request), instance=row)

    def save() -> str:
        save_address(actor=request.actor, partner_uuid=uuid, uuid=part, values=form.values())
        return _back(uuid)

    title = _("Change address") if part else _("New address")
    return edit(request, TEMPLATE, form=form, save=save, partner=partner, title=title, back=_back(uuid))


@scoped(*WRITE)
def contact(request: Any, uuid: UUID, part: UUID | None = None) -> HttpResponse:
    """Add or change a contact person."""
    partner = _partner(uuid)
    row = (
        found(PartnerContact.objects.filter(partner=partner), uuid=part)
        if part
        else PartnerContact(partner=partner)
    )
    form = ContactForm(posted(request), instance=row)

    def save() -> str:
        save_contact(actor=request.actor, partner_uuid=uuid, uuid=part, values=form.values())
        return _back(uuid)

    title = _("Change contact person") if part else _("New contact person")
    return edit(request, TEMPLATE, form=form, save=save, partner=partner, title=title, back=_back(uuid))


@scoped("finance:write")
def bank_account(request: Any, uuid: UUID, part: UUID | None = None) -> HttpResponse:
    """Add or change a bank account."""
    partner = _partner(uuid)
    rows = PartnerBankAccount.objects.filter(partner=partner)
    form = BankAccountForm(posted(request), instance=found(rows, uuid=part) if part else PartnerBankAccount())

    def save() -> str:
        waits = save_bank_account(actor=request.actor, partner_uuid=uuid, uuid=part, values=form.values())
        _say_that_it_waits(request, waits=waits is not None)
        return _back(uuid)

    title = _("Change bank account") if part else _("New bank account")
    return edit(request, TEMPLATE, form=form, save=save, partner=partner, title=title, back=_back(uuid))


@scoped("finance:write")
def tax_status(request: Any, uuid: UUID) -> HttpResponse:
    """The history of the tax status."""
    partner = _partner(uuid)
    initial = list(partner.tax_statuses.order_by("valid_from").values("status", "valid_from", "valid_to"))
    rows = TaxStatusFormSet(posted(request), initial=initial, prefix="rows")
    form = forms.Form(posted(request))

    def save() -> str:
        kept = [row for row in rows.forms if row.cleaned_data and not row.cleaned_data.get("DELETE")]
        spans = [row.span() for row in kept if row.has_changed() or row.initial]
        waits = set_tax_statuses(
            actor=request.actor, partner_uuid=uuid, spans=spans, expected_version=version_of(request)
        )
        _say_that_it_waits(request, waits=waits is not None)
        return _back(uuid)

    title = _("Tax status")
    return edit(
        request,
        TEMPLATE,
        form=form,
        rows=rows,
        rows_name=title,
        save=save,
        partner=partner,
        title=title,
        back=_back(uuid),
    )


def _say_that_it_waits(request: Any, *, waits: bool) -> None:
    if waits:
        messages.info(request, _("A second person has to agree to this."))


@scoped(*WRITE, "finance:write")
@require_POST
def remove(request: Any, uuid: UUID, kind: str, part: UUID) -> HttpResponse:
    """Take a part away."""
    if kind == "contacts":
        remove_contact(actor=request.actor, partner_uuid=uuid, uuid=part)
    elif kind == "addresses":
        remove_address(actor=request.actor, partner_uuid=uuid, uuid=part)
    elif kind == "bank-accounts":
        waits = remove_bank_account(actor=request.actor, partner_uuid=uuid, uuid=part)
        _say_that_it_waits(request, waits=waits is not None)
    else:
        raise Refused(Violation("kind-unknown", _("There is nothing of this kind.")))
    return HttpResponseRedirect(_back(uuid))
