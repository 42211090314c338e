"""Forms of the number series' admin pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from numbering.kinds import Reset
from numbering.models import NumberSeries
from valeo.tenancy.models import Branch

PATTERN_HELP = _(
    "Parts: {prefix} {company} {branch} {year} {yy} {number:05d}, of which only the number is needed."
)


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]  # only the stubs are generic
    """A new or an unused series; what fits together the service decides."""

    class Meta:
        model = NumberSeries
        fields = (
            "kind",
            "branch",
            "type_group",
            "valid_from",
            "valid_to",
            "prefix",
            "pattern",
            "first_number",
            "reset",
        )
        help_texts: ClassVar[dict[str, Any]] = {
            "pattern": PATTERN_HELP,
            "type_group": _("Empty: for every document of the kind. Else only for those of this type."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "branch" in self.fields:
            self.fields["branch"].queryset = Branch.objects.all()  # type: ignore[attr-defined]

    def _get_validation_exclusions(self) -> set[str]:
        """The row's own checks are the service's, which names everything in words and beside its field."""
        return {field.name for field in NumberSeries._meta.get_fields()}


class SuccessionForm(forms.Form):
    """What the successor has of its own; kind, branch and type group stay."""

    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    # Django takes declared fields off the class, so its own attribute of that name is untouched
    prefix = forms.CharField(label=_("Prefix"), max_length=20, required=False)  # type: ignore[assignment]
    pattern = forms.CharField(label=_("Pattern"), max_length=80, help_text=PATTERN_HELP)
    first_number = forms.IntegerField(label=_("First number"), min_value=0, max_value=10**12, initial=1)
    reset = forms.ChoiceField(label=_("Reset"), choices=Reset.choices)


class ResetForm(forms.Form):
    """A counter's next number, with the reason that explains what is skipped."""

    year = forms.IntegerField(
        label=_("Year"), min_value=0, max_value=2999, help_text=_("0 where the series runs on.")
    )
    next_value = forms.IntegerField(label=_("Next number"), min_value=0, max_value=10**12)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class VoidForm(forms.Form):
    """Why a reserved number is not used."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
