from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from masterdata.forms.base import ServiceForm, form_field
from masterdata.forms.fields import FigureField
from masterdata.models import Article, Unit
from masterdata.services.articles import FIELDS, UnitRow


class ArticleForm(ServiceForm):
    class Meta:
        model = Article
        fields = FIELDS
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "sales_unit", "price_unit"):
            self.fields[name].required = False
        self.fields["number"].help_text = _("Empty: the next number of the series.")
        self.fields["sales_unit"].help_text = self.fields["price_unit"].help_text = _(
            "Empty: the stock unit."
        )


class UnitRowForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.filter(active=True).order_by("code"))
    factor = FigureField(label=_("Stock units in one"), max_digits=18, decimal_places=9)
    text_de = forms.CharField(label=_("Text (German)"), max_length=60, required=False)
    text_en = forms.CharField(label=_("Text (English)"), max_length=60, required=False)
    gtin = forms.CharField(label=_("Barcode (GTIN)"), max_length=14, required=False)

    def row(self) -> UnitRow:
        data = {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}
        return UnitRow(**data)


ArticleUnitFormSet = formset_factory(UnitRowForm, extra=1, can_delete=True)
