"""Languages, times, catalogues."""

from __future__ import annotations

from valeo.settings import env

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [env.BASE_DIR / "locale"]
#: dates as people of the two countries write them, where Django formats them itself
FORMAT_MODULE_PATH = ["valeo.formats"]
