"""One address for pages and streams.

``/api/stream/`` is asynchronous: an open stream holds neither a thread nor a database connection. Everything else
is Django as WSGI in a few threads that keep their database connections; as plain ASGI a synchronous Django loses
five sixths of its speed (docs/adr/0002-uvicorn-serves-the-default.md).
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from valeo.runtime.dispatch import Dispatcher

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valeo.settings")
pages = get_wsgi_application()

from valeo.events.stream import stream_app  # noqa: E402  # needs Django set up by the line above

application = Dispatcher(pages=pages, streams=stream_app)
