"""Form fields that read what people type: figures in their language, partners and articles by their number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from masterdata.models import Article, Partner
from valeo.core import typed


class FigureField(forms.DecimalField):
    """1.234,56 to a German reader, 1,234.56 to an English one; with both signs either form is clear."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        decimals = 9 if self.decimal_places is None else self.decimal_places
        digits = 18 if self.max_digits is None else self.max_digits - decimals
        try:
            return typed.number(value, decimals=decimals, digits=digits)
        except typed.Unreadable as problem:
            raise ValidationError(problem.text, code=problem.code) from problem

    def prepare_value(self, value: Any) -> Any:
        return typed.shown(value) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class NumberedField(forms.CharField):
    """A row named by its number; type-ahead fills it."""

    def find(self, number: str) -> Any:
        """The row, or None."""
        raise NotImplementedError

    def by_key(self, key: int) -> Any:
        """The row of a model's initial value."""
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not number:
            return None
        row = self.find(number)
        if row is None:
            raise ValidationError(_("There is nothing with this number."), code="not-found")
        return row

    def prepare_value(self, value: Any) -> Any:
        row = self.by_key(value) if isinstance(value, int) else value
        return getattr(row, "number", row)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((self.prepare_value(initial) or "") != (data or ""))


class PartnerField(NumberedField):
    def find(self, number: str) -> Partner | None:
        return Partner.objects.filter(
            Q(customer_number__iexact=number) | Q(supplier_number__iexact=number)
        ).first()

    def by_key(self, key: int) -> Partner | None:
        return Partner.objects.filter(pk=key).first()


class ArticleField(NumberedField):
    def find(self, number: str) -> Article | None:
        return Article.objects.filter(number__iexact=number).select_related("price_unit").first()

    def by_key(self, key: int) -> Article | None:
        return Article.objects.filter(pk=key).first()


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
