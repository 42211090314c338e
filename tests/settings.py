"""The settings under test: the project's own, on fixed values, with a quick password hash."""

from __future__ import annotations

import os

os.environ.setdefault("SECRET_KEY", "for-tests-only-and-long-enough-to-pass-every-check-0123456789")
os.environ["VALEO_PUBLIC_URL"] = "http://testserver"

from valeo.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# one person of the tests asks faster than any person
RATE_BROWSER = "1000000/m"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# nothing is collected for the tests: files are found where they lie
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns of a missing one
