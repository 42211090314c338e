"""What a person enters on the stock screens."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.services.entries import StockEntry
from masterdata.forms.fields import ArticleField, FigureField, date_input
from masterdata.models import Warehouse


class EntryForm(forms.Form):
    """Shape only; what is right is decided by the service."""

    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"),
        queryset=Warehouse.objects.filter(active=True).order_by("code"),
        to_field_name="uuid",
    )
    article = ArticleField(label=_("Article"), max_length=32)
    lot = forms.CharField(label=_("Lot"), max_length=40, required=False)
    quantity = FigureField(label=_("Quantity"), max_digits=18, decimal_places=6)
    unit_cost = FigureField(
        label=_("Cost per stock unit"),
        max_digits=20,
        decimal_places=9,
        required=False,
        help_text=_("Empty: the moving average, else the article's standard cost."),
    )
    effective_on = forms.DateField(label=_("Effective on"), required=False, widget=date_input())
    reason = forms.CharField(label=_("Reason"), max_length=300)
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"entry_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def entry(self) -> StockEntry:
        """What was typed, for the service."""
        given = self.cleaned_data
        return StockEntry(
            article=given["article"].uuid,
            warehouse=given["warehouse"].uuid,
            lot=given["lot"],
            quantity=given["quantity"],
            unit_cost=given["unit_cost"],
            effective_on=given["effective_on"],
            reason=given["reason"],
            entry_key=given["entry_key"],
        )


class OpeningForm(EntryForm):
    pass


class CorrectionForm(EntryForm):
    quantity = FigureField(
        label=_("Difference"), max_digits=18, decimal_places=6, help_text=_("Below zero: less than recorded.")
    )
