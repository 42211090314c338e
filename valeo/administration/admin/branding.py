from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from valeo.administration import logos
from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section
from valeo.administration.services import branding
from valeo.tenancy.models import Branch, Branding

TEXTS = (
    "header_text_de", "header_text_en", "footer_text_de", "footer_text_en", "bank_lines", "tax_lines",
)  # fmt: skip


class BrandingForm(forms.ModelForm):  # type: ignore[type-arg]  # only the stubs are generic
    accent = forms.CharField(label=_("Accent colour"), widget=forms.TextInput(attrs={"type": "color"}))
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/svg+xml"}),
        help_text=_("PNG, JPG or SVG, at most 2 MB. Empty: the present one stays."),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        model = Branding
        fields = ("branch", "accent", *TEXTS)
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in TEXTS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("logo", None)  # the field takes a file, the model's is a reference
        if "branch" in self.fields:
            self.fields["branch"] = forms.ModelChoiceField(
                label=_("Branch"), queryset=Branch.objects.filter(is_active=True), required=True
            )

    def clean_logo(self) -> bytes | None:
        """The bytes of a new file; what is more than allowed is not even read."""
        file = self.cleaned_data["logo"]
        return None if not file else bytes(file.read(logos.MAX_BYTES + 1))

    def _post_clean(self) -> None:
        """The row's reference to a logo is the service's: the bytes stay out of the instance."""
        content = self.cleaned_data.pop("logo", None)
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        self.cleaned_data["logo"] = content


@admin.register(Branding)
class BrandingAdmin(BackOfficeModelAdmin[Branding]):
    """One row for the company, and one for each branch that has its own letterhead."""

    section = Section.COMPANY
    hint = _("logo, colour, header, footer, bank and tax lines of the papers")
    form = BrandingForm
    list_display = ("__str__", "accent_shown", "logo_shown")
    list_select_related = ("branch", "logo")
    readonly_fields = ("preview",)

    def get_fields(self, request: HttpRequest, obj: Branding | None = None) -> tuple[str, ...]:
        first = ("branch", "accent", "logo") if obj is None else ("accent", "preview", "logo", "remove_logo")
        return (*first, *TEXTS)

    @admin.display(description=_("Accent colour"))
    def accent_shown(self, row: Branding) -> SafeString:
        # an attribute and no style: the content security policy forbids those
        swatch = '<svg class="swatch" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" fill="{}"/></svg>'
        return format_html(swatch + '<span class="code">{}</span>', row.accent, row.accent)

    @admin.display(description=_("Logo"))
    def logo_shown(self, row: Branding) -> str:
        return gettext("yes") if row.logo_id is not None else gettext("no")

    @admin.display(description=_("Present logo"))
    def preview(self, row: Branding) -> SafeString | str:
        if row.logo is None:
            return "–"
        return format_html(
            '<img class="logo-preview" src="{}?{}" alt="{}">',
            reverse("branding:logo", args=[row.uuid]),
            row.logo.sha256[:8],
            _("Logo"),
        )

    def write(self, request: HttpRequest, obj: Branding, form: Any, *, change: bool) -> Branding:
        facts = dict(form.cleaned_data)
        branch = obj.branch if change else facts.pop("branch")
        return branding.set_branding(
            actor=actor_of(request),
            branch=branch,
            logo=facts.pop("logo", None),
            remove_logo=facts.pop("remove_logo", False),
            **facts,
        )
