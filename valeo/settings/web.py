"""Requests: URL table, middleware, templates, static files."""

from __future__ import annotations

from typing import Any

from valeo.settings import env
from valeo.settings.paths import ARCHIVE_DIR, DATA_DIR
from valeo.settings.security import DEBUG

ROOT_URLCONF = "valeo.urls"
WSGI_APPLICATION = "valeo.wsgi.application"
MIDDLEWARE = [
    "valeo.core.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "valeo.core.errors.DomainErrorMiddleware",
    "valeo.tenancy.middleware.AccessMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [env.BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "valeo.administration.context.workplace",
                "valeo.office.context.frame",
            ],
        },
    },
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [env.BASE_DIR / "static"]
STATIC_ROOT = env.path("VALEO_STATIC", DATA_DIR / "static")
#: hashed names, so a browser may keep a file for a year and still sees the next release at once
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "archive": {"BACKEND": "archive.storage.WriteOnceStorage", "OPTIONS": {"location": str(ARCHIVE_DIR)}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "valeo.core.staticfiles.ModuleStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
