"""Pages and streams, under uvicorn (docs/adr/0002-uvicorn-serves-the-default.md)."""

from __future__ import annotations

import gc

from django.conf import settings
from django.core.checks.urls import check_url_config

from valeo.asgi import application
from valeo.runtime import server


def run(*, descriptor: int | None, host: str, port: int) -> None:
    """Serve on a listening socket inherited from the supervisor, or on host and port."""
    # load all pages now and not while the first visitor waits
    check_url_config(None)
    # what is loaded now lives as long as the process: keep the collector from walking it again and again
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    server.run(
        application,
        descriptor=descriptor,
        host=host,
        port=port,
        behind_proxy=settings.VALEO_BEHIND_PROXY,
    )
