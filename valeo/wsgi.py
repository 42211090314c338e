"""The pages as a WSGI application; ``valeo.asgi`` puts the streams beside them."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valeo.settings")
application = get_wsgi_application()
