"""Django's admin with our site (an entry of its own in INSTALLED_APPS, apart from ``valeo.administration``)."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default = False
    default_site = "valeo.administration.adminsite.BackOffice"
