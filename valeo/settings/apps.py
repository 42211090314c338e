"""The apps, lowest floor first, and who may log in."""

from __future__ import annotations

INSTALLED_APPS = [
    "valeo.administration.adminapp.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "valeo.core.staticfiles_app.OurStaticFilesConfig",
    "django.contrib.postgres",
    "django_htmx",
    "guardian",
    "pgtrigger",
    "rest_framework",
    "csp",
    "valeo.core",
    "valeo.health",
    "valeo.limits",
    "valeo.tenancy",
    "valeo.audit",
    "valeo.events",
    "valeo.administration",
    "valeo.styleguide",
    "numbering",
    "gdpr",
    "masterdata",
    "documents",
    "workflow",
    "archive",
    "inventory",
    "payments",
    "sales",
    "valeo.office",
    "valeo.demo",
]
AUTH_USER_MODEL = "tenancy.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
MIGRATION_MODULES: dict[str, str] = {}
