"""What comes with a request is read before a thread is given to it.

There are few threads for pages, and reading from a slow connection holds one: some dozen connections that send a
form and never end it would stop everybody's work. So the body is gathered on the asynchronous side, where waiting
costs nothing, within limits of size and time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final, cast

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPRequestEvent, HTTPScope

#: of one request; a form may have 10 MB (settings.DATA_UPLOAD_MAX_MEMORY_SIZE), a logo 2 MB
MOST_BYTES: Final = 12 * 1024 * 1024
#: of all requests of this process that are being read
MOST_BYTES_TOGETHER: Final = 128 * 1024 * 1024
SECONDS: Final = 60.0
_WORDS: Final = {
    408: b"The request came too slowly.",
    413: b"The request is too big.",
    503: b"Too many big requests at once. Try again.",
}


class BodyRefused(Exception):
    """The body is not read on; ``status`` is the answer's, None where the browser has gone."""

    def __init__(self, status: int | None) -> None:
        super().__init__(str(status))
        self.status = status


class Bodies:
    """Reads bodies for one process and knows how much is on its way."""

    def __init__(self) -> None:
        self.held = 0

    async def read(self, scope: HTTPScope, receive: ASGIReceiveCallable) -> bytes:
        """The whole body; raises ``BodyRefused``. ``done`` takes its size back."""
        if _length(scope["headers"]) > MOST_BYTES:
            raise BodyRefused(413)
        chunks: list[bytes] = []
        whole = False
        try:
            async with asyncio.timeout(SECONDS):
                await self._gather(receive, chunks)
            whole = True
        except TimeoutError:
            raise BodyRefused(408) from None
        finally:
            if not whole:
                self.held -= sum(map(len, chunks))
        return b"".join(chunks)

    async def _gather(self, receive: ASGIReceiveCallable, chunks: list[bytes]) -> None:
        size = 0
        while True:
            event = cast("Any", await receive())
            if event["type"] == "http.disconnect":
                raise BodyRefused(None)
            chunks.append(event.get("body", b""))
            size += len(chunks[-1])
            self.held += len(chunks[-1])
            if size > MOST_BYTES:
                raise BodyRefused(413)
            if self.held > MOST_BYTES_TOGETHER:
                raise BodyRefused(503)
            if not event.get("more_body", False):
                return

    def done(self, body: bytes) -> None:
        """The request with this body is answered."""
        self.held -= len(body)


def has_body(scope: HTTPScope) -> bool:
    """Whether anything comes after the headers."""
    chunked = any(name == b"transfer-encoding" for name, _value in scope["headers"])
    return chunked or _length(scope["headers"]) != 0


def _length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """The size that is said; 0 where none is."""
    found = next((value for name, value in headers if name == b"content-length"), b"0")
    return int(found) if found.isdigit() and len(found) < 19 else MOST_BYTES + 1


def again(body: bytes, receive: ASGIReceiveCallable) -> ASGIReceiveCallable:
    """A ``receive`` that gives the body in one piece, and then what comes."""
    given = False

    async def replay() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        event: HTTPRequestEvent = {"type": "http.request", "body": body, "more_body": False}
        return event

    return replay


async def refuse(send: ASGISendCallable, status: int) -> None:
    """The answer to a body that is not taken; the connection ends with it."""
    text = _WORDS[status]
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": text, "more_body": False})
