"""uvicorn as VALEO runs it: it lets requests in flight end, and open streams go at once."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn

from valeo.runtime.dispatch import Dispatcher
from valeo.runtime.environment import BACKLOG

#: how long requests in flight may take to end after SIGTERM; the supervisor kills a little later
GRACE_SECONDS = 20
#: how long a connection accepted at the last moment may take to send its request
HEARING_SECONDS = 0.25


class DrainingServer(uvicorn.Server):
    """uvicorn waits for what is in flight; open streams would keep it waiting, so they are ended first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, end the streams, let the requests in flight end."""
        for server in self.servers:
            server.close()
        application = self.config.app
        if isinstance(application, Dispatcher):
            application.drain()
        # uvicorn closes whatever has not sent its request yet: whoever was just accepted is heard first
        await asyncio.sleep(HEARING_SECONDS)
        await super().shutdown(sockets)


def run(
    application: Dispatcher,
    *,
    descriptor: int | None = None,
    host: str = "",
    port: int = 0,
    behind_proxy: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT on an inherited listening socket, or on host and port.

    Without a proxy in front nobody is asked who he is: ``X-Forwarded-For`` would be the way around every rate limit.
    """
    options: dict[str, Any] = {
        "lifespan": "on",
        "ws": "none",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": behind_proxy,
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "backlog": BACKLOG,
    }
    config = uvicorn.Config(application, host=host, port=port, **options)
    DrainingServer(config).run(None if descriptor is None else [socket.socket(fileno=descriptor)])
