from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from valeo.administration.admin import words
from valeo.administration.modeladmin import BackOfficeModelAdmin, actor_of
from valeo.administration.sections import Section
from valeo.administration.services import members, rights
from valeo.tenancy.models import Membership, RoleGroup, User
from valeo.tenancy.scopes import SCOPES

SCOPE_CHOICES = [(scope, words.scope(scope)) for scope in SCOPES]


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # only the stubs are generic
    """The account; a new one becomes a member of this company at once."""

    new_password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Empty: as it is. All sessions of the user end with a new one."),
    )
    roles = forms.ModelMultipleChoiceField(
        label=_("Roles"),
        queryset=RoleGroup.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    #: the service's name of a value, where the form has another
    names_in_service: ClassVar[dict[str, str]] = {"password": "new_password"}

    class Meta:
        model = User
        fields = ("username", "full_name", "email", "language", "is_active")

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


@admin.register(User)
class UserAdmin(BackOfficeModelAdmin[User]):
    """The accounts of the members of this company."""

    section = Section.PEOPLE
    hint = _("accounts, passwords")
    search_hint = _("Username, name, e-mail")
    form = UserForm
    list_display = ("username", "full_name", "email", "is_active", "last_login")
    search_fields = ("username", "full_name", "email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(memberships__company_id=actor_of(request).company_id)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("username", "full_name", "email", "language", "new_password", "roles")
        return ("username", "full_name", "email", "language", "is_active", "new_password", "last_login")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return () if obj is None else ("username", "last_login")

    def write(self, request: HttpRequest, obj: User, form: Any, *, change: bool) -> User:
        actor, facts = actor_of(request), dict(form.cleaned_data)
        password = facts.pop("new_password", "") or None
        roles = facts.pop("roles", ())
        if not change:
            return members.create_member(actor=actor, password=password, roles=roles, **facts)
        facts.pop("username", None)
        return members.update_user(actor=actor, user=obj, password=password, **facts)


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]  # only the stubs are generic
    """Roles and own scopes of a member. A new one is named by his username: other companies' people aren't listed."""

    username = forms.CharField(label=_("Username"), required=False)
    roles = forms.ModelMultipleChoiceField(
        label=_("Roles"),
        queryset=RoleGroup.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_scopes = forms.MultipleChoiceField(
        label=_("Scopes of his own"),
        choices=SCOPE_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Beside those of the roles."),
    )

    class Meta:
        model = Membership
        fields = ("personal_limit", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["roles"].initial = rights.roles_of(self.instance)
            self.fields["own_scopes"].initial = rights.personal_scopes(self.instance)

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).strip().lower()
        if not self.instance.pk and not User.objects.filter(username=name).exists():
            raise ValidationError(_("No account has this username."), code="unknown-user")
        return name


@admin.register(Membership)
class MembershipAdmin(BackOfficeModelAdmin[Membership]):
    section = Section.PEOPLE
    hint = _("who works in this company, with which roles")
    search_hint = _("Username, name")
    form = MembershipForm
    list_display = ("user_shown", "roles_shown", "approval_limit", "is_active")
    list_select_related = ("user",)
    list_filter = ("is_active",)
    search_fields = ("user__username", "user__full_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        members_here = super().get_queryset(request).filter(company_id=actor_of(request).company_id)
        return members_here.prefetch_related("roles")

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("username", "roles", "personal_limit")
        return ("user_shown", "roles", "own_scopes", "personal_limit", "is_active", "effective")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        return () if obj is None else ("user_shown", "effective")

    @admin.display(description=_("User"), ordering="user__username")
    def user_shown(self, membership: Membership) -> str:
        return str(membership.user)

    @admin.display(description=_("Roles"))
    def roles_shown(self, membership: Membership) -> str:
        return ", ".join(role.name for role in membership.roles.all())

    @admin.display(description=_("Scopes in effect"))
    def effective(self, membership: Membership) -> str:
        return " · ".join(str(words.scope(scope)) for scope in membership.scopes) or "–"

    def write(self, request: HttpRequest, obj: Membership, form: Any, *, change: bool) -> Membership:
        actor, facts = actor_of(request), form.cleaned_data
        if not change:
            user = User.objects.get(username=facts["username"])
            return members.add_member(
                actor=actor, user=user, roles=facts["roles"], personal_limit=facts["personal_limit"]
            )
        return members.update_member(
            actor=actor,
            membership=obj,
            roles=facts["roles"],
            scopes=facts["own_scopes"],
            personal_limit=facts["personal_limit"],
            is_active=facts["is_active"],
        )


class RoleGroupForm(forms.ModelForm):  # type: ignore[type-arg]  # only the stubs are generic
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=SCOPE_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = RoleGroup
        fields = ("code", "name", "approval_limit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["scopes"].initial = rights.scopes_of_role(self.instance)


@admin.register(RoleGroup)
class RoleGroupAdmin(BackOfficeModelAdmin[RoleGroup]):
    section = Section.PEOPLE
    hint = _("what each may do, and up to which amount approve")
    form = RoleGroupForm
    list_display = ("name", "code", "approval_limit")
    fields = ("code", "name", "scopes", "approval_limit")

    def get_readonly_fields(self, request: HttpRequest, obj: RoleGroup | None = None) -> tuple[str, ...]:
        return () if obj is None else ("code",)

    def write(self, request: HttpRequest, obj: RoleGroup, form: Any, *, change: bool) -> RoleGroup:
        actor, facts = actor_of(request), form.cleaned_data
        if change:
            facts = {name: facts[name] for name in ("name", "scopes", "approval_limit")}
            return members.update_role(actor=actor, role=obj, **facts)
        return members.create_role(actor=actor, **facts)
