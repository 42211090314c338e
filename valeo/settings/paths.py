"""Where this installation keeps its files."""

from __future__ import annotations

from valeo.settings import env

#: the checkout
BASE_DIR = env.BASE_DIR
#: private directory of the installation: embedded database, archive, collected static files
DATA_DIR = env.path("VALEO_DATA", env.BASE_DIR / ".valeo")
MEDIA_ROOT = env.path("VALEO_MEDIA", DATA_DIR / "media")
MEDIA_URL = "/media/"
#: write-once store of issued papers; its files are never changed (manage.py verify_archive)
ARCHIVE_DIR = env.path("VALEO_ARCHIVE_DIR", DATA_DIR / "archive")
