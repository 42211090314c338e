"""The dispatcher between pages (WSGI in threads) and streams (ASGI)."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.core.handlers.wsgi import WSGIHandler

from valeo.runtime import bodies

STREAMS = "/api/stream/"
#: threads for pages: with one interpreter lock more of them only wait for each other
THREADS = 8


class Dispatcher:
    """Sends ``/api/stream/`` to the asynchronous side and everything else to the pages."""

    def __init__(self, *, pages: WSGIHandler, streams: ASGI3Application) -> None:
        self._pages = WSGIMiddleware(cast("Any", pages), workers=THREADS)
        self._streams = streams
        self._open: set[asyncio.Task[Any]] = set()
        self._draining = False
        self._bodies = bodies.Bodies()

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one connection, or the server's lifespan."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(STREAMS):
            await self._stream(scope, receive, send)
        elif scope["type"] == "http":
            await self._page(scope, receive, send)
        else:
            # websockets: the bridge closes them
            await self._pages(cast("Any", scope), cast("Any", receive), cast("Any", send))

    def drain(self) -> None:
        """End the open streams, so that the server need not wait for them; their browsers come back by themselves."""
        self._draining = True
        for task in self._open:
            task.cancel()

    async def _page(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        # WSGI knows no difference between - and _ in a header's name: X_Forwarded_For would pass as a proxy's
        scope["headers"] = [pair for pair in scope["headers"] if b"_" not in pair[0]]
        if not bodies.has_body(scope):
            await self._pages(cast("Any", scope), cast("Any", receive), cast("Any", send))
            return
        try:
            body = await self._bodies.read(scope, receive)
        except bodies.BodyRefused as refusal:
            if refusal.status is not None:
                await bodies.refuse(send, refusal.status)
            return
        try:
            await self._pages(cast("Any", scope), cast("Any", bodies.again(body, receive)), cast("Any", send))
        finally:
            self._bodies.done(body)

    async def _stream(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a server runs every application in a task
        started = False

        async def watched(event: Any) -> None:
            nonlocal started
            started = started or event["type"] == "http.response.start"
            await send(event)

        self._open.add(task)
        try:
            await self._streams(scope, receive, watched)
        except asyncio.CancelledError:
            if not self._draining:
                raise
            task.uncancel()
            if not started:
                await send(
                    {
                        "type": "http.response.start",
                        "status": 503,
                        "headers": [(b"retry-after", b"1")],
                        "trailers": False,
                    }
                )
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._open.discard(task)

    async def _lifespan(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                self._pages.executor.shutdown(wait=True)
                await send({"type": "lifespan.shutdown.complete"})
                return
