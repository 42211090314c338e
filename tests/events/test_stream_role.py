"""The role that serves streams alone: daphne on its own port, with and without Redis beside it."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from tests.factories.tenancy import make_company, make_member
from tests.support.installation import CHECKOUT
from valeo.events.journal import Journal
from valeo.tenancy.models import Company
from valeo.tenancy.selectors import system_actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet")]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def process(command: list[str], port: int, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Started, listening on the port, and gone afterwards."""
    started = subprocess.Popen(command, cwd=CHECKOUT, env=env)
    try:
        deadline = time.monotonic() + 30
        while True:
            assert started.poll() is None, f"{command} ended"
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, f"{command} does not listen"
                time.sleep(0.05)
        yield started
    finally:
        started.kill()
        started.wait()


@pytest.fixture(params=["alone", "with Redis"])
def redis_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "alone":
        yield ""
        return
    program = shutil.which("redis-server")
    assert program, "redis-server is among the packages that ./dev test installs"
    port = free_port()
    command = [
        program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path), "--loglevel", "warning",
    ]  # fmt: skip
    with process(command, port, dict(os.environ)):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def stream_port(redis_url: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    parameters = connection.get_connection_params()
    host, database_port = parameters.get("host") or "", parameters.get("port") or ""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "valeo.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "VALEO_PUBLIC_URL": "http://127.0.0.1",
        "DATABASE_URL": f"postgresql://{parameters['user']}@/{parameters['dbname']}?host={host}&port={database_port}",
        "REDIS_URL": redis_url,
    }
    command = [sys.executable, "-m", "valeo.runtime", "stream", "--host", "127.0.0.1", "--port", str(port)]
    with process(command, port, env) as started:
        yield port, started


def happen(company: Company, number: int) -> None:
    journal = Journal(system_actor(company.pk))
    journal.event(channel="sales", payload={"n": number})
    with transaction.atomic():
        journal.flush()


@contextmanager
def opened(port: int, cookie: str, path: str = "/api/stream/sales") -> Iterator[http.client.HTTPResponse]:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asking.request("GET", path, headers={"Cookie": f"sessionid={cookie}"} if cookie else {})
        with asking.getresponse() as answer:
            yield answer
    finally:
        asking.close()


def line_with(answer: http.client.HTTPResponse, text: str) -> str:
    """The next line of the stream with this text; the socket's timeout ends a vain wait."""
    while line := answer.readline().decode():
        if text in line:
            return line
    raise AssertionError(f"The stream ended before {text}")


def test_an_event_reaches_a_browser_and_sigterm_ends_it(
    stream_port: tuple[int, subprocess.Popen[bytes]],
) -> None:
    port, started = stream_port
    company = make_company()
    membership = make_member(company, "operator")
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies["sessionid"].value
    with opened(port, cookie) as answer:
        assert (answer.status, answer.getheader("content-type")) == (200, "text/event-stream")
        line_with(answer, "stream-open")
        began = time.monotonic()
        happen(company, 7)
        assert '"n":7' in line_with(answer, '"n"').replace(" ", "")
        assert time.monotonic() - began < 5, "nobody told the hub"
        with opened(port, "") as stranger:
            assert stranger.status in (401, 403)
        with opened(port, cookie, "/") as page:
            assert page.status == 404
        started.send_signal(signal.SIGTERM)
        with suppress(http.client.IncompleteRead):  # daphne cuts it off; browsers come back by themselves
            answer.read()
    assert started.wait(15) in (0, -signal.SIGTERM)
