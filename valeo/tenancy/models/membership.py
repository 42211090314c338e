"""Who belongs to which company, and with which rights."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from valeo.core.constraints import same_company
from valeo.tenancy.base import CompanyOwned, PublicId
from valeo.tenancy.models.company import Company


class RoleGroup(CompanyOwned, PublicId):
    """A role of a company; its scopes are the object permissions of its Django group on the company."""

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    group = models.OneToOneField("auth.Group", on_delete=models.PROTECT, related_name="role", editable=False)
    approval_limit = models.DecimalField(
        _("approval limit"), max_digits=15, decimal_places=2, null=True, blank=True,
        help_text=_("Gross amount in company currency up to which this role approves; empty: any."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "code"], name="rolegroup_code"),
            models.CheckConstraint(
                condition=Q(approval_limit__isnull=True) | Q(approval_limit__gte=0),
                name="rolegroup_limit_positive",
                violation_error_code="approval_limit:negative",
                violation_error_message=_("Zero or more; empty is any amount."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user in a company. Read before a company is in scope, so its manager is plain.

    ``scopes``, ``role_codes`` and ``approval_limit`` repeat what roles, guardian rows and the personal limit say,
    so that a request needs one row; only ``valeo.administration.services.members`` writes them.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    roles = models.ManyToManyField(RoleGroup, through="MembershipRole", related_name="members")
    scopes = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    role_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    personal_limit = models.DecimalField(
        _("personal approval limit"), max_digits=15, decimal_places=2, null=True, blank=True,
        help_text=_("Empty: as the roles say."),
    )  # fmt: skip
    approval_limit = models.DecimalField(
        _("approval limit"), max_digits=15, decimal_places=2, null=True, blank=True, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("member since"), auto_now_add=True)
    # when the bell was last opened
    news_seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        default_permissions = ()
        constraints: ClassVar[list[BaseConstraint]] = [
            models.UniqueConstraint(fields=["company", "id"], name="membership_company_id"),
            models.UniqueConstraint(fields=["user", "company"], name="membership_user_company"),
            models.CheckConstraint(
                condition=Q(personal_limit__isnull=True) | Q(personal_limit__gte=0),
                name="membership_limit_positive",
                violation_error_code="personal_limit:negative",
                violation_error_message=_("Zero or more; empty is any amount."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class MembershipRole(CompanyOwned):
    """A role of a member; both of the same company."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="membership_roles", db_constraint=False
    )
    role = models.ForeignKey(
        RoleGroup, on_delete=models.PROTECT, related_name="membership_roles", db_constraint=False
    )

    class Meta:
        verbose_name = _("role of a member")
        verbose_name_plural = _("roles of members")
        default_permissions = ()
        constraints: ClassVar[list[BaseConstraint]] = [
            *CompanyOwned.Meta.constraints,
            *same_company("membershiprole", "membership", "role"),
            models.UniqueConstraint(fields=["membership", "role"], name="membershiprole_once"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.role_id}"


class CompanyUserObjectPermission(UserObjectPermissionBase):
    """A scope granted to one user; guardian finds this table by its direct key."""

    content_object = models.ForeignKey(Company, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        default_permissions = ()


class CompanyGroupObjectPermission(GroupObjectPermissionBase):
    """A scope granted to a role group."""

    content_object = models.ForeignKey(Company, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()
