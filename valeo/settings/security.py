"""Secrets, hosts, cookies and headers. The defaults are those of production."""

from __future__ import annotations

from urllib.parse import urlparse

from valeo.settings import env
from valeo.settings.paths import DATA_DIR

DEBUG = env.flag("VALEO_DEBUG")
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret")
SECRET_KEY_FALLBACKS = env.listing("SECRET_KEY_FALLBACKS")

#: the address under which people and QR codes reach this installation; its scheme decides on secure cookies
VALEO_PUBLIC_URL = env.text("VALEO_PUBLIC_URL", "https://localhost").rstrip("/")
_PUBLIC = urlparse(VALEO_PUBLIC_URL)
_SECURE = _PUBLIC.scheme == "https"

ALLOWED_HOSTS = env.listing("VALEO_HOSTS") or [_PUBLIC.hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [VALEO_PUBLIC_URL, *env.listing("VALEO_TRUSTED_ORIGINS")]

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _SECURE
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in their forms and in a header of htmx
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "valeo.core.errors.csrf_failure"
LANGUAGE_COOKIE_SECURE = _SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

SECURE_SSL_REDIRECT = _SECURE and env.flag("VALEO_SSL_REDIRECT", default=True)
#: orchestrators ask these without TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
#: a proxy in front says who asks and how; without one these headers are what anybody writes
VALEO_BEHIND_PROXY = env.flag("VALEO_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if VALEO_BEHIND_PROXY else None
SECURE_HSTS_SECONDS = env.number("VALEO_HSTS_SECONDS", 31_536_000) if _SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

#: uploads above this never reach a view as one text in memory
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
#: an editor with 200 lines sends some thousand fields
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
