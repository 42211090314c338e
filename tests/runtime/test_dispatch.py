"""The dispatcher under the real server: what SIGTERM does to requests in flight and to open streams."""

from __future__ import annotations

import hashlib
import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from valeo.runtime.dispatch import THREADS

PROGRAM = """
import asyncio, hashlib, os, sys, time
from valeo.runtime import server
from valeo.runtime.dispatch import Dispatcher

def pages(environ, start_response):
    time.sleep(0.15)
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/echo":
        body = environ["wsgi.input"].read()
        return [f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode()]
    if environ["PATH_INFO"] == "/headers":
        return [" ".join(environ.keys()).encode()]
    if environ["PATH_INFO"] == "/who":
        return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']}".encode()]
    return [f"{os.getpid()} {environ['PATH_INFO']}".encode()]

async def streams(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    while True:
        await send({"type": "http.response.body", "body": b": still here\\n\\n", "more_body": True})
        await asyncio.sleep(0.05)

server.run(
    Dispatcher(pages=pages, streams=streams), descriptor=int(sys.argv[1]), behind_proxy="proxy" in sys.argv
)
"""


@dataclass
class Servers:
    """Processes on one listening socket, as the supervisor starts them."""

    listener: socket.socket
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        descriptor = self.listener.fileno()
        command = [sys.executable, "-c", PROGRAM, str(descriptor), *arguments]
        self.processes.append(subprocess.Popen(command, pass_fds=[descriptor]))
        return self.processes[-1]

    @contextmanager
    def asking(self, path: str) -> Iterator[http.client.HTTPConnection]:
        """A request under way, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            yield connection
        finally:
            connection.close()


@pytest.fixture
def servers() -> Iterator[Servers]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        made = Servers(listener)
        yield made
        for process in made.processes:
            process.kill()
            process.wait()


def get(servers: Servers, path: str) -> bytes:
    with servers.asking(path) as connection:
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read()


def test_pages_are_wsgi_and_streams_are_not(servers: Servers) -> None:
    servers.start()
    assert get(servers, "/some/page").endswith(b" /some/page")
    with servers.asking("/api/stream/sales") as connection, connection.getresponse() as answer:
        assert answer.getheader("content-type") == "text/event-stream"
        assert answer.read(15) == b": still here\n\n:"


@pytest.mark.parametrize(("arguments", "seen"), [((), b"127.0.0.1 http"), (("proxy",), b"10.9.8.7 https")])
def test_who_asks_is_believed_behind_a_proxy_only(
    servers: Servers, arguments: tuple[str, ...], seen: bytes
) -> None:
    servers.start(*arguments)
    connection = http.client.HTTPConnection("127.0.0.1", servers.port, timeout=20)
    connection.request("GET", "/who", headers={"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https"})
    assert connection.getresponse().read() == seen
    connection.close()


def test_a_header_with_an_underscore_is_nobody_s(servers: Servers) -> None:
    """WSGI would take X_Forwarded_Proto for the header that the proxy has overwritten."""
    servers.start("proxy")
    connection = http.client.HTTPConnection("127.0.0.1", servers.port, timeout=20)
    connection.request("GET", "/headers", headers={"X_Forwarded_Proto": "https", "X-Real": "yes"})
    names = connection.getresponse().read().split()
    connection.close()
    assert b"HTTP_X_REAL" in names
    assert b"HTTP_X_FORWARDED_PROTO" not in names


def test_slow_senders_hold_no_thread(servers: Servers) -> None:
    servers.start()
    get(servers, "/warm")
    slow = [socket.create_connection(("127.0.0.1", servers.port)) for _ in range(3 * THREADS)]
    for each in slow:
        each.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na=")
    time.sleep(0.3)
    begin = time.monotonic()
    assert get(servers, "/page").endswith(b" /page")
    assert time.monotonic() - begin < 5
    for each in slow:
        each.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_arrives_whole(servers: Servers, chunked: bool) -> None:
    servers.start()
    body = bytes(range(256)) * 4096
    pieces = (body[start : start + 70_000] for start in range(0, len(body), 70_000))
    connection = http.client.HTTPConnection("127.0.0.1", servers.port, timeout=20)
    connection.request("POST", "/echo", pieces if chunked else body, encode_chunked=chunked, headers={
        **({"Transfer-Encoding": "chunked"} if chunked else {}),
    })  # fmt: skip
    answer = connection.getresponse().read()
    connection.close()
    assert answer.decode() == f"{len(body)} {hashlib.sha256(body).hexdigest()}"


def test_sigterm_under_load_fails_no_request(servers: Servers) -> None:
    leaving = servers.start()
    servers.start()
    faults: list[object] = []
    answers: list[bytes] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                answers.append(get(servers, "/page"))
            except (OSError, http.client.HTTPException, AssertionError) as fault:
                faults.append(fault)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 15
    while len({answer.split()[0] for answer in answers}) < 2:
        assert time.monotonic() < deadline, "both processes answer"
        time.sleep(0.05)
    leaving.send_signal(signal.SIGTERM)
    assert leaving.wait(timeout=10) == -signal.SIGTERM
    before = len(answers)
    time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(answers) > before, "the other process goes on"


def test_a_request_in_flight_is_answered_by_the_last_process_too(servers: Servers) -> None:
    process = servers.start()
    get(servers, "/warm")
    with servers.asking("/last") as connection:
        time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert connection.getresponse().read().endswith(b" /last")
    assert process.wait(timeout=5) == -signal.SIGTERM


def test_open_streams_end_at_once_and_properly(servers: Servers) -> None:
    process = servers.start()
    with servers.asking("/api/stream/sales") as connection, connection.getresponse() as answer:
        answer.read(14)
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        rest = answer.read()  # raises IncompleteRead where the connection is just cut
    assert rest.endswith(b": still here\n\n")
    assert process.wait(timeout=5) == -signal.SIGTERM
    assert time.monotonic() - begin < 3
