"""Rate limits (contract § 10): per API token or anonymous address, per user, stricter for login and verification."""

from __future__ import annotations

from valeo.settings import env

RATELIMIT_USE_CACHE = "counters"
RATELIMIT_ENABLE = env.flag("VALEO_RATE_LIMITS", default=True)

# Rates read "count/period" with the period s, m, h or d.
RATE_API = env.text("VALEO_RATE_API", "100/m")
RATE_EXPORT = env.text("VALEO_RATE_EXPORT", "10/m")
RATE_RESET = env.text("VALEO_RATE_RESET", "5/m")
RATE_BROWSER = env.text("VALEO_RATE_BROWSER", "1200/m")
RATE_LOGIN = env.text("VALEO_RATE_LOGIN", "10/m")
RATE_VERIFY = env.text("VALEO_RATE_VERIFY", "30/m")

SILENCED_SYSTEM_CHECKS = [
    # django-ratelimit warns of every backend that is not on its list of three. Ours and Django's own Redis
    # backend are shared by all processes and count by one atomic statement (tests/runtime/test_counters.py).
    "django_ratelimit.W001",
    # HSTS for all subdomains and for browsers' preload lists binds hosts that are not ours to bind.
    "security.W005",
    "security.W021",
    # Pages of our own origin are shown in frames (preview of a paper).
    "security.W019",
]
