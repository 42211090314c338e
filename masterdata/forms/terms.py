from __future__ import annotations

from decimal import Decimal

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from masterdata.forms.base import ServiceForm, form_field
from masterdata.forms.fields import FigureField
from masterdata.kinds import SkontoBase
from masterdata.models import PaymentTerm
from masterdata.services.terms import FIELDS
from masterdata.terms import TermPart


class TermForm(ServiceForm):
    class Meta:
        model = PaymentTerm
        fields = FIELDS
        formfield_callback = form_field


class TermPartForm(forms.Form):
    share = FigureField(label=_("Share in %"), max_digits=6, decimal_places=3)
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=730, required=False)
    end_of_month = forms.BooleanField(label=_("From the end of the month"), required=False)
    months = forms.IntegerField(label=_("Months later"), min_value=0, max_value=24, required=False)
    fixed_day = forms.IntegerField(
        label=_("On this day of the month"), min_value=1, max_value=31, required=False
    )
    skonto_days = forms.IntegerField(
        label=_("Cash discount days"), min_value=0, max_value=730, required=False
    )
    skonto_percent = FigureField(
        label=_("Cash discount in %"),
        max_digits=6,
        decimal_places=3,
        min_value=0,
        max_value=100,
        required=False,
    )
    skonto_base = forms.ChoiceField(label=_("Cash discount on"), choices=SkontoBase.choices)

    def part(self, position: int) -> TermPart:
        data = self.cleaned_data
        return TermPart(
            position=position, share=data["share"], days=data["days"] or 0, end_of_month=data["end_of_month"],
            months=data["months"] or 0, fixed_day=data["fixed_day"], skonto_days=data["skonto_days"] or 0,
            skonto_percent=data["skonto_percent"] or Decimal(0), skonto_base=data["skonto_base"],
        )  # fmt: skip


TermPartFormSet = formset_factory(TermPartForm, extra=1, can_delete=True)
