"""People who sign in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from valeo.tenancy.kinds import Theme, UserLanguage

username_format = RegexValidator(
    r"^[a-z0-9][a-z0-9._@+-]*\Z", _("Small letters, digits and . _ @ + - only."), code="username"
)


class UserManager(BaseUserManager["User"]):
    """Usernames are kept in small letters; people may type them as they like."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").strip().lower())

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A user with a hashed password; None makes one that cannot sign in."""
        user = self.model(username=username.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; which companies and which rights are in ``Membership``."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("username"), max_length=80, unique=True, validators=[username_format])
    full_name = models.CharField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=4, choices=UserLanguage.choices, default=UserLanguage.AUTO
    )
    theme = models.CharField(_("appearance"), max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Take this away instead of deleting the account.")
    )
    date_joined = models.DateTimeField(_("created at"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["username"]
        constraints: ClassVar[list[BaseConstraint]] = [
            models.CheckConstraint(condition=Q(username=Lower("username")), name="user_username_small"),
            models.CheckConstraint(condition=Q(language__in=UserLanguage.values), name="user_language_known"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="user_theme_known"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name or self.username

    @property
    def is_staff(self) -> bool:
        """Django's admin asks for it; ours decides by ``admin:all`` in the current company."""
        return self.is_superuser
