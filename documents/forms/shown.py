"""Forms that show what was typed, word for word; reading is done beside them (``reader``), without building forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

Choices = Sequence[tuple[str, Any]]


class ShownForm(forms.Form):
    """Never bound: ``initial`` is what the fields show, ``problems`` what stands beside them."""

    def __init__(self, *args: Any, choices: dict[str, Choices] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: dict[str, list[str]] = {}
        for name, options in (choices or {}).items():
            if name in self.fields:
                self.fields[name].choices = options  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        """The errors are those that were put beside the fields."""
        self._errors = ErrorDict(
            {name: self.error_class(texts, renderer=self.renderer) for name, texts in self.problems.items()}
        )
        self.cleaned_data = {}

    def put(self, name: str, text: str) -> bool:
        """Place a problem beside its field; False where the form has no such field to show it at."""
        if name not in self.fields or self[name].is_hidden:
            return False
        self.problems.setdefault(name, []).append(text)
        self.full_clean()
        return True


def text(label: Any = "", *, multi: int = 0, help_text: Any = "", **attrs: Any) -> forms.CharField:
    """A text field; ``multi`` is its number of rows."""
    widget = forms.Textarea(attrs={"rows": multi, **attrs}) if multi else forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)


def figure(label: Any = "", **attrs: Any) -> forms.CharField:
    return text(label, inputmode="decimal", autocomplete="off", **attrs)


def day(label: Any = "", **attrs: Any) -> forms.CharField:
    return text(label, inputmode="numeric", autocomplete="off", **attrs)


def flag(label: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


def select(label: Any = "", choices: Choices = (), **attrs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.Select(attrs=attrs))


def hidden() -> forms.CharField:
    return forms.CharField(required=False, widget=forms.HiddenInput)
