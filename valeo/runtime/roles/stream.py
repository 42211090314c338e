"""Streams only, under daphne; the ingress sends ``/api/stream/`` here."""

from __future__ import annotations

import django
from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server

django.setup()

from valeo.events.stream import stream_app  # noqa: E402  # needs Django set up by the line above


def run(*, host: str, port: int) -> None:
    """Serve on host and port until SIGTERM; browsers come back to another process by themselves."""
    Server(
        application=stream_app,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        server_name="",
        application_close_timeout=2,
    ).run()
