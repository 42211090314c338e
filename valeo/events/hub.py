"""The hub of a process: reads each company's new live events once and hands them to the streams that are open.

Two database connections however many streams there are: one listens for nudges, one reads. Both are opened with the
first stream and closed a little after the last.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import logging
import weakref
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection as django_connection
from psycopg import sql

from valeo.events.nudge import LIVE
from valeo.events.selectors import REPLAY_LIMIT, as_message, domain_of

#: the hub looks by itself this often, should a nudge be lost
POLL_SECONDS: Final = 1.0
#: connections are kept this long without a stream: pages come and go
LINGER_SECONDS: Final = 10.0
RETRY_SECONDS: Final = 1.0
QUEUE_LENGTH: Final = 256
READ_BATCH: Final = 500
logger = logging.getLogger(__name__)

_EVENTS: Final = """
SELECT seq, channel, payload, created_at FROM events_liveevent
 WHERE company_id = %s AND seq > %s ORDER BY seq LIMIT %s
"""
_REPLAY: Final = """
SELECT seq, channel, payload, created_at FROM events_liveevent
 WHERE company_id = %s AND seq > %s AND seq <= %s AND channel = ANY(%s) ORDER BY seq LIMIT %s
"""
_HEADS: Final = "SELECT company_id, seq FROM events_eventhead WHERE company_id = ANY(%s)"
_OLDEST: Final = "SELECT min(seq) FROM events_liveevent WHERE company_id = %s"


@dataclass(frozen=True, slots=True)
class Message:
    """One event as bytes on the wire; encoded once for all streams."""

    seq: int
    channel: str
    wire: bytes
    #: of an event of the workflow channel
    domain: str = ""


@dataclass(eq=False, slots=True)
class Client:
    """An open stream: what it hears, and what waits to be sent to it."""

    company_id: int
    channels: frozenset[str]
    #: domains of the workflow channel that the listener may not read
    hidden: frozenset[str] = frozenset()
    user_id: int = 0
    queue: asyncio.Queue[Message] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))
    #: the client was too slow and its queue was emptied: it has to read its page again
    lost: bool = False

    def hears(self, message: Message) -> bool:
        return message.channel in self.channels and message.domain not in self.hidden

    def offer(self, message: Message) -> None:
        """Queue a message; a full queue is emptied, so that a slow client costs no memory."""
        if not self.hears(message):
            return
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            self.lost = True
        self.queue.put_nowait(message)


def encode(event: str, data: Any, event_id: int | None = None) -> bytes:
    """One event in django-eventstream's format."""
    # importing it needs settings and loads its models' machinery; only processes with streams do
    from django_eventstream.utils import sse_encode_event  # noqa: PLC0415

    text = json.dumps(data, cls=DjangoJSONEncoder, separators=(",", ":"))
    return str(sse_encode_event(event, text, event_id)).encode()


class Hub:
    """Belongs to one event loop; everything in it runs there."""

    def __init__(self) -> None:
        self._clients: dict[int, set[Client]] = {}
        self._cursors: dict[int, int] = {}
        self._names: dict[int, str] = {}
        self._dirty: set[int] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._reading = asyncio.Lock()
        self._reader: psycopg.AsyncConnection[Any] | None = None
        self._listening = asyncio.Event()

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return sum(len(clients) for clients in self._clients.values())

    def streams_of(self, user_id: int) -> int:
        """How many of them are one user's."""
        return sum(client.user_id == user_id for clients in self._clients.values() for client in clients)

    async def join(self, client: Client, company: str) -> int:
        """Begin to hear the company's events; returns the id of its last one so far."""
        company_id = client.company_id
        self._start()
        # from here on nudges arrive, so what is committed after the cursor is read below is not missed
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RETRY_SECONDS):
                await self._listening.wait()
        self._names[company_id] = company
        if company_id not in self._cursors:
            heads = dict(await self._fetch(_HEADS, [[company_id]]))
            self._cursors.setdefault(company_id, heads.get(company_id, 0))
        self._clients.setdefault(company_id, set()).add(client)
        return self._cursors[company_id]

    def leave(self, client: Client) -> None:
        """Stop hearing; the last one of a company takes its cursor along."""
        clients = self._clients.get(client.company_id, set())
        clients.discard(client)
        if not clients:
            self._clients.pop(client.company_id, None)
            self._cursors.pop(client.company_id, None)

    async def replay(self, client: Client, since: int, until: int) -> list[Message] | None:
        """What the client has missed; None when that is too much or no longer kept, so it has to read its page again."""
        oldest = (await self._fetch(_OLDEST, [client.company_id]))[0][0]
        if since > until or (oldest is not None and since < oldest - 1) or (oldest is None and since < until):
            return None
        rows = await self._fetch(
            _REPLAY, [client.company_id, since, until, sorted(client.channels), REPLAY_LIMIT + 1]
        )
        if len(rows) > REPLAY_LIMIT:
            return None
        messages = [self._message(client.company_id, *row) for row in rows]
        return [message for message in messages if client.hears(message)]

    # -- the two tasks

    def _start(self) -> None:
        self._tasks = [task for task in self._tasks if not task.done()]
        if not self._tasks:
            self._listening.clear()
            self._tasks = [asyncio.create_task(self._run())]

    async def _run(self) -> None:
        """Listen and read while there are streams, and through failures of the database."""
        idle_since: float | None = None
        clock = asyncio.get_running_loop().time
        listener = asyncio.create_task(self._listen())
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._wake.wait()
                self._wake.clear()
                idle_since = None if self._clients else idle_since or clock()
                if idle_since is not None and clock() - idle_since > LINGER_SECONDS:
                    return
                try:
                    await self._read_new()
                except (psycopg.Error, OSError):
                    logger.warning("Live events could not be read; trying again", exc_info=True)
                    await self._close_reader()
                    await asyncio.sleep(RETRY_SECONDS)
        finally:
            listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listener
            await self._close_reader()
            # this task counts as ended only when it has returned; a stream that came meanwhile starts another one
            self._tasks.clear()
            if self._clients:
                self._start()

    async def _listen(self) -> None:
        while True:
            try:
                async with await _connect() as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(LIVE)))
                    self._listening.set()
                    self._dirty.update(self._clients)
                    self._wake.set()
                    async for notice in connection.notifies():
                        self._dirty.update(json.loads(notice.payload or "[]"))
                        self._wake.set()
            except (psycopg.Error, OSError):
                logger.warning("The listener lost the database; trying again", exc_info=True)
            self._listening.clear()
            await asyncio.sleep(RETRY_SECONDS)

    async def _read_new(self) -> None:
        """Read what nudges told of; without a nudge look at the heads of all companies that someone hears."""
        dirty, self._dirty = self._dirty, set()
        if not dirty and self._clients:
            heads = await self._fetch(_HEADS, [list(self._clients)])
            dirty = {company_id for company_id, seq in heads if seq > self._cursors.get(company_id, seq)}
        for company_id in dirty & set(self._clients):
            await self._read_company(company_id)

    async def _read_company(self, company_id: int) -> None:
        while company_id in self._cursors:
            rows = await self._fetch(_EVENTS, [company_id, self._cursors[company_id], READ_BATCH])
            if company_id not in self._cursors:
                return  # the last stream of the company ended meanwhile
            for row in rows:
                message = self._message(company_id, *row)
                self._cursors[company_id] = message.seq
                for client in self._clients.get(company_id, ()):
                    client.offer(message)
            if len(rows) < READ_BATCH:
                return

    def _message(
        self, company_id: int, seq: int, channel: str, payload: dict[str, Any], at: dt.datetime
    ) -> Message:
        data = as_message(self._names.get(company_id, ""), seq, channel, at, payload)
        return Message(seq, channel, encode(channel, data, seq), domain_of(channel, payload))

    # -- the reading connection

    async def _fetch(self, query: str, parameters: Collection[Any]) -> list[tuple[Any, ...]]:
        async with self._reading:
            if self._reader is None or self._reader.closed:
                self._reader = await _connect()
            cursor = await self._reader.execute(query.encode(), list(parameters))
            return list(await cursor.fetchall())

    async def _close_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            await reader.close()


async def _connect() -> psycopg.AsyncConnection[Any]:
    parameters = {
        name: value
        for name, value in django_connection.get_connection_params().items()
        if name not in {"cursor_factory", "context"}
    }
    return await psycopg.AsyncConnection.connect(**parameters, autocommit=True)


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
