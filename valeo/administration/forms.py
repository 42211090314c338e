"""Signing in and personal settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from valeo.tenancy.kinds import Theme, UserLanguage


class LoginForm(AuthenticationForm):
    """Says in words what is wrong, and never whether the name or the password was."""

    error_messages = {
        "invalid_login": _("Username or password is wrong."),
        "inactive": _("Username or password is wrong."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Username")
        self.fields["password"].label = _("Password")


class OwnPasswordForm(PasswordChangeForm):
    """Django's, with our words where Django's German ones are stiff."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("The present password is wrong."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password once more")


class PreferencesForm(forms.Form):
    """Language and appearance; a field that is not sent stays as it is."""

    language = forms.ChoiceField(label=_("Language"), choices=UserLanguage.choices, required=False)
    theme = forms.ChoiceField(
        label=_("Appearance"), choices=Theme.choices, required=False, widget=forms.RadioSelect
    )

    def given(self) -> dict[str, str]:
        """The values that were sent."""
        return {name: value for name, value in self.cleaned_data.items() if value}
