"""The administrator's pages of companies, people and branding."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Group

from valeo.administration.admin import branding, companies, fiscal, people, records  # noqa: F401 - registers them

# a role's group belongs to one company; its page is that of the role
admin.site.unregister(Group)
