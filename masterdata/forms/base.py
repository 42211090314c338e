"""Forms that hand their values to a service and show its refusals beside the fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.forms.formsets import BaseFormSet

from masterdata.forms.fields import ArticleField, FigureField, PartnerField, date_input
from masterdata.models import Article, Partner
from valeo.core.exceptions import Refused


def form_field(field: models.Field[Any, Any], **options: Any) -> forms.Field | None:
    """The form field of a model's field (``formfield_callback``)."""
    if isinstance(field, models.ForeignKey) and field.related_model in (Partner, Article):
        kind = PartnerField if field.related_model is Partner else ArticleField
        return kind(label=_label(field), required=not field.blank, max_length=32)
    if isinstance(field, models.DecimalField):
        return FigureField(
            label=_label(field), required=not field.blank and not field.has_default(),
            max_digits=field.max_digits, decimal_places=field.decimal_places,
        )  # fmt: skip
    if isinstance(field, models.DateField):
        return forms.DateField(label=_label(field), required=not field.blank, widget=date_input())
    if isinstance(field, models.TextField):
        options["widget"] = forms.Textarea(attrs={"rows": 3})
    return field.formfield(**options)


def _label(field: models.Field[Any, Any]) -> str:
    text = str(field.verbose_name)
    return text[:1].upper() + text[1:]


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Reads and shows; what is right is decided by the service alone."""

    def _post_clean(self) -> None:
        """Left out: the service sets and checks the row under its lock."""

    def values(self) -> dict[str, Any]:
        """What was typed, for the service; an emptied figure with a default is left to the default."""
        given = {}
        for name, value in self.cleaned_data.items():
            field: Any = self._meta.model._meta.get_field(name)
            given[name] = field.get_default() if value is None and not field.null else value
        return given

    def refuse(self, refusal: Refused) -> None:
        put_errors(self, refusal)


def put_errors(form: forms.BaseForm, refusal: Refused) -> None:
    """Every reason beside its field, the others above the form."""
    for violation in refusal.violations:
        field = violation.field if violation.field in form.fields else None
        form.add_error(field, forms.ValidationError(str(violation.text), code=violation.code))


def put_row_errors(formset: BaseFormSet[Any], form: forms.BaseForm, refusal: Refused) -> None:
    """Reasons with a line go to that row (1-based, rows that are filled), the others to the form."""
    rows = filled(formset)
    rest = []
    for violation in refusal.violations:
        if violation.line is not None and violation.line <= len(rows):
            row = rows[violation.line - 1]
            name = violation.field if violation.field in row.fields else None
            row.add_error(name, forms.ValidationError(str(violation.text), code=violation.code))
        else:
            rest.append(violation)
    if rest:
        put_errors(form, Refused(rest))


def filled(formset: BaseFormSet[Any]) -> list[Any]:
    """The rows that were typed and not taken out."""
    return (
        [row for row in formset.forms if row.has_changed() and not row.cleaned_data.get("DELETE")]
        if (formset.is_bound)
        else []
    )
