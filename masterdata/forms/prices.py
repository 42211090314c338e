from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from masterdata.forms.base import ServiceForm, form_field
from masterdata.models import Price, PriceList
from masterdata.services.price_lists import LIST_FIELDS, PRICE_FIELDS


class PriceListForm(ServiceForm):
    class Meta:
        model = PriceList
        fields = LIST_FIELDS
        formfield_callback = form_field


class PriceForm(ServiceForm):
    class Meta:
        model = Price
        fields = PRICE_FIELDS
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].required = False
        self.fields["unit"].help_text = _("Empty: the article's price unit.")
