from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from masterdata.forms.base import ServiceForm, form_field
from masterdata.forms.fields import date_input
from masterdata.kinds import TaxStatus
from masterdata.models import Partner, PartnerAddress, PartnerBankAccount, PartnerContact
from masterdata.services.partner_finance import ACCOUNT_FIELDS, StatusSpan
from masterdata.services.partner_parts import ADDRESS_FIELDS, CONTACT_FIELDS
from masterdata.services.partners import FIELDS, FINANCE_FIELDS


class PartnerForm(ServiceForm):
    """Who may not change limits and terms does not get the fields."""

    reason = forms.CharField(
        label=_("Reason for the change"), required=False, max_length=200,
        help_text=_("Shown to the second person where one has to agree."),
    )  # fmt: skip
    accept_duplicate = forms.BooleanField(label=_("It is another one: create it"), required=False)

    class Meta:
        model = Partner
        fields = FIELDS
        formfield_callback = form_field

    def __init__(self, *args: Any, finance: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not finance:
            for name in FINANCE_FIELDS:
                del self.fields[name]
        if self.instance.pk is None:
            del self.fields["reason"]
        else:
            del self.fields["accept_duplicate"]
        self.fields["customer_number"].help_text = _("Empty: the next number of the series.")
        self.fields["supplier_number"].help_text = _("Empty: the next number of the series.")
        self.fields["country"].help_text = _("Two letters, as in DE.")
        if finance:
            self.fields["credit_limit"].help_text = _("Empty: no limit. 0: prepayment only.")

    def values(self) -> dict[str, Any]:
        extra = {"reason", "accept_duplicate"}
        self.cleaned_data = {name: value for name, value in self.cleaned_data.items() if name not in extra}
        return super().values()


class AddressForm(ServiceForm):
    class Meta:
        model = PartnerAddress
        fields = ADDRESS_FIELDS
        formfield_callback = form_field


class ContactForm(ServiceForm):
    class Meta:
        model = PartnerContact
        fields = CONTACT_FIELDS
        formfield_callback = form_field


class BankAccountForm(ServiceForm):
    class Meta:
        model = PartnerBankAccount
        fields = ACCOUNT_FIELDS
        formfield_callback = form_field


class BlockForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class TaxStatusForm(forms.Form):
    status = forms.ChoiceField(label=_("Tax status"), choices=TaxStatus.choices)
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=date_input())
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=date_input())

    def span(self) -> StatusSpan:
        data = self.cleaned_data
        return StatusSpan(data["status"], data["valid_from"], data["valid_to"])


TaxStatusFormSet = formset_factory(TaxStatusForm, extra=1, can_delete=True)
