"""``/api/stream/<channels>``: live events for a browser or a program, as an ASGI application.

A stream holds neither a thread nor a database connection. Who may hear is asked when it opens and again with every
keep-alive, in one thread for all streams, so a logout or a right taken away ends it within a minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Final
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpRequest, HttpResponse

from valeo.core import errors_api
from valeo.core.exceptions import DomainError, NotPermitted, NotSignedIn, TooManyRequests
from valeo.events.hub import Client, Message, encode, hub
from valeo.events.selectors import channels_of, hidden_domains, missing_scopes
from valeo.tenancy.selectors import actor_of
from valeo.tenancy.signin import default_membership, membership_of_session

PREFIX: Final = "/api/stream/"
KEEP_ALIVE_SECONDS: Final = 20.0
#: a session is asked again after this time; several tabs of one session share the answer
CHECK_SECONDS: Final = 15.0
RETRY_MILLISECONDS: Final = 2000
#: open streams of one user in one process: a stream a tab; more is no person
MOST_STREAMS: Final = 50
#: what the browser gets when it has to read its page again (django-eventstream's name)
RESET: Final = "stream-reset"
_HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens, in which company."""

    company_id: int
    company: str
    user_id: int
    #: domains that the workflow channel keeps from him
    hidden: frozenset[str]


async def stream_app(scope: Any, receive: Receive, send: Send) -> None:
    """Answer one HTTP connection."""
    if scope["type"] != "http":
        return
    try:
        if scope["method"] != "GET":
            raise _method_not_allowed()
        channels = channels_of(scope["path"].removeprefix(PREFIX))
        session_key = _session_key(scope)
        who = await _checked(session_key, channels)
        if hub().streams_of(who.user_id) >= MOST_STREAMS:
            raise TooManyRequests(int(CHECK_SECONDS))
    except DomainError as refusal:
        await _refuse(scope, send, refusal)
        return
    except (DatabaseError, psycopg.Error):
        await _unavailable(send)
        return
    client = Client(who.company_id, frozenset(channels), who.hidden, who.user_id)
    try:
        await _stream(scope, receive, send, client=client, who=who, session_key=session_key)
    finally:
        hub().leave(client)


async def _stream(
    scope: Any, receive: Receive, send: Send, *, client: Client, who: Listener, session_key: str
) -> None:
    """Opening, what was missed, then what happens, until the browser goes or may no longer hear."""
    since = _since(scope)
    try:
        last = await hub().join(client, who.company)
        opening = await _opening(client, since, last)
    except (psycopg.Error, OSError):
        await _unavailable(send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": opening, "more_body": True})
    gone = asyncio.create_task(_until_gone(receive))
    pump = asyncio.create_task(_pump(send, client, last, session_key))
    try:
        await asyncio.wait({gone, pump}, return_when=asyncio.FIRST_COMPLETED)
        browser_there = not gone.done()
    finally:
        for task in (gone, pump):
            task.cancel()
        ended = await asyncio.gather(gone, pump, return_exceptions=True)
    fault = ended[1]
    if isinstance(fault, Exception) and not isinstance(fault, OSError):
        raise fault
    if browser_there:
        with contextlib.suppress(OSError):  # it went just now
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _opening(client: Client, since: int | None, last: int) -> bytes:
    """The pause before a reconnect, where we stand, and what was missed since the id that the browser knows."""
    start = f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    if since is None or since == last:
        return start + encode("stream-open", {}, last)
    missed = await hub().replay(client, since, last)
    if missed is None:
        return start + encode(RESET, {}, last)
    return start + b"".join(message.wire for message in missed) + encode("stream-open", {}, last)


async def _pump(send: Send, client: Client, last: int, session_key: str) -> None:
    """Send what is queued; a keep-alive where nothing is, and then ask again who listens."""
    checked = time.monotonic()
    while True:
        message = await _next(client)
        if message is not None:
            if client.lost:
                client.lost = False
                await _write(send, encode(RESET, {}, message.seq - 1))
            if message.seq > last:
                await _write(send, message.wire)
            if time.monotonic() - checked < KEEP_ALIVE_SECONDS:
                continue
        checked = time.monotonic()
        if not await _still_allowed(session_key, client):
            return
        await _write(send, b": keep-alive\n\n")


async def _next(client: Client) -> Message | None:
    """The next message; None when there was none for a while."""
    # not wait_for: before Python 3.12 it swallows a cancellation that comes together with a message
    try:
        async with asyncio.timeout(KEEP_ALIVE_SECONDS):
            return await client.queue.get()
    except TimeoutError:
        return None


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


# -- who listens


async def _still_allowed(session_key: str, client: Client) -> bool:
    try:
        who = await _checked(session_key, client.channels)
    except DomainError:
        return False
    except (DatabaseError, psycopg.Error):
        return True  # the database is away: nothing can be sent either; asked again with the next keep-alive
    # the browser comes back by itself, with the rights that it has now
    return (who.company_id, who.user_id, who.hidden) == (client.company_id, client.user_id, client.hidden)


#: one thread for all checks, with a kept database connection of its own
_checker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stream-check")
_answers: dict[tuple[str, frozenset[str]], tuple[float, Listener]] = {}


async def _checked(session_key: str, channels: Any) -> Listener:
    """The listener behind a session; raises ``NotSignedIn`` or ``NotPermitted`` with the missing scopes."""
    key = (session_key, frozenset(channels))
    now = time.monotonic()
    known = _answers.get(key)
    if known and now - known[0] < CHECK_SECONDS:
        return known[1]
    _answers.pop(key, None)
    listener = await asyncio.get_running_loop().run_in_executor(
        _checker, _check, session_key, tuple(channels)
    )
    for old in [each for each, (at, _) in _answers.items() if now - at >= CHECK_SECONDS]:
        del _answers[old]
    _answers[key] = (now, listener)
    return listener


def _check(session_key: str, channels: tuple[str, ...]) -> Listener:
    close_old_connections()
    if not session_key:
        raise NotSignedIn
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    session = store(session_key)
    membership = membership_of_session(session) or default_membership(session)
    if membership is None:
        raise NotSignedIn
    actor = actor_of(membership)
    missing = missing_scopes(actor, channels)
    if missing:
        raise NotPermitted(missing)
    return Listener(
        membership.company_id, str(membership.company.uuid), membership.user_id, hidden_domains(actor)
    )


def close_checker() -> None:
    """Close the checking thread's database connection and forget its answers (tests, before a database goes)."""
    _answers.clear()
    _checker.submit(lambda: connection.close()).result()  # noqa: PLW0108 - each thread has its own connection


def _header(scope: Any, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def _session_key(scope: Any) -> str:
    cookies = SimpleCookie()
    with contextlib.suppress(CookieError):
        cookies.load(_header(scope, b"cookie"))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def _since(scope: Any) -> int | None:
    """``Last-Event-ID`` of a reconnect, else ``?since=``; None for neither or for what is no number."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    text = _header(scope, b"last-event-id") or query.get("since", [""])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


# -- refusals


def _method_not_allowed() -> DomainError:
    error = DomainError(code="method-not-allowed")
    error.status = 405
    return error


async def _refuse(scope: Any, send: Send, refusal: DomainError) -> None:
    request = HttpRequest()
    request.path = scope["path"]
    request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
    response: HttpResponse = errors_api.respond(request, refusal)
    headers = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content, "more_body": False})


async def _unavailable(send: Send) -> None:
    headers = [(b"retry-after", b"2"), (b"content-type", errors_api.CONTENT_TYPE.encode())]
    body = json.dumps(
        {"type": "urn:valeo:problem:unavailable", "status": 503, "code": "unavailable"}
    ).encode()
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
