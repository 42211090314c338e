"""``./dev serve`` as a whole: second start, what is killed comes back, a clean end."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.support.installation import Installation, gone, wait_for
from valeo.runtime.postgres import Cluster, embedded_url

pytestmark = pytest.mark.xdist_group("serving")


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    # pytest's own tmp_path is private to root, where the database's user may not enter
    directory = Path(tempfile.mkdtemp(prefix="valeo-serve-"))
    directory.chmod(0o711)
    yield directory / "data"
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def prepared(data: Path) -> Path:
    """The data of an installation that was started once."""
    Installation(data, arguments=("--no-demo", "--port", "0")).start().stop()
    return data


@pytest.fixture
def installation(prepared: Path) -> Iterator[Installation]:
    made = Installation(
        prepared, arguments=("--no-demo", "--port", "0"), variables={"VALEO_WEB": "2"}
    ).start()
    yield made
    if made.process is not None:
        made.stop()


def status(installation: Installation, path: str) -> int:
    connection = http.client.HTTPConnection(installation.address.removeprefix("http://"), timeout=20)
    try:
        connection.request("GET", path)
        with connection.getresponse() as answer:
            return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def test_a_second_start_takes_seconds_and_ctrl_c_leaves_nothing(prepared: Path) -> None:
    begin = time.monotonic()
    with Installation(prepared, arguments=("--no-demo", "--port", "0")).start() as installation:
        assert time.monotonic() - begin < 20, "seconds, on a busy machine too"
        assert "Migrating" not in installation.log.rpartition("VALEO runs at")[0].rpartition("Stopping")[2]
        children = installation.children()
        assert {"postgres", "worker", "web 1"} <= set(children)
        assert status(installation, "/readyz") == 200
        assert installation.stop(signal.SIGINT) == 0
    assert all(gone(pid) for pid in children.values())


@pytest.mark.parametrize("role", ["web 1", "worker"])
def test_a_killed_process_is_started_again(installation: Installation, role: str) -> None:
    before = installation.kill(role)
    wait_for(lambda: gone(before) and len(installation.children()) == 4, 30, f"{role} is started again")
    wait_for(lambda: status(installation, "/readyz") == 200, 30, "it serves")


def test_a_killed_database_is_started_again(installation: Installation) -> None:
    for _ in range(2):
        before = installation.kill("postgres")
        wait_for(partial(gone, before), 15, "the old postmaster is gone")
        wait_for(lambda: "postgres" in installation.children(), 60, "a new postmaster")
        wait_for(lambda: status(installation, "/readyz") == 200, 60, "it serves")
    with psycopg.connect(embedded_url(installation.data)) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)


def test_a_killed_supervisor_does_not_block_the_next_start(installation: Installation) -> None:
    assert installation.process is not None
    children = installation.children()
    installation.process.kill()
    installation.process.wait()
    again = Installation(
        installation.data, arguments=("--no-demo", "--port", installation.address.rpartition(":")[2])
    )
    installation.process = None
    with again.start():
        assert status(again, "/readyz") == 200
        wait_for(lambda: all(gone(pid) for pid in children.values()), 15, "the old processes are gone")
        assert again.stop() == 0


def test_a_second_server_on_the_same_data_is_refused(installation: Installation) -> None:
    with pytest.raises(AssertionError, match=f"VALEO runs already: {installation.address}"):
        Installation(installation.data).start()


def test_a_taken_port_is_named(installation: Installation, tmp_path: Path) -> None:
    port = installation.address.rpartition(":")[2]
    with pytest.raises(AssertionError, match=f"Port {port} is taken"):
        Installation(tmp_path / "other", arguments=("--no-demo", "--port", port)).start()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        "redis-server",
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(tmp_path),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)


@pytest.fixture
def server(prepared: Path) -> Iterator[Cluster]:
    """A database server that is not the installation's own."""
    made = Cluster(prepared)
    made.start()
    yield made
    made.stop()


def test_real_servers_take_the_place_of_the_embedded_ones(
    redis_server: str, server: Cluster, tmp_path: Path
) -> None:
    variables = {"REDIS_URL": redis_server, "DATABASE_URL": server.url, "VALEO_WEB": "1"}
    with Installation(tmp_path / "data", ("--no-demo", "--port", "0"), variables).start() as installation:
        assert status(installation, "/readyz") == 200
        assert set(installation.children()) == {"web 1", "worker", "beat"}
        command = [sys.executable, "-m", "celery", "-A", "valeo.celery", "inspect", "ping", "--timeout", "5"]
        secret = (installation.data / "secret").read_text().strip()
        env = {**os.environ, **variables, "SECRET_KEY": secret, "DJANGO_SETTINGS_MODULE": "valeo.settings"}
        wait_for(
            lambda: b"pong" in subprocess.run(command, env=env, check=False, capture_output=True).stdout,
            60,
            "Celery's worker answers",
        )
        assert installation.stop() == 0


def test_sigterm_to_a_web_process_under_load_fails_no_request(installation: Installation) -> None:
    stop, results = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            results.append(status(installation, "/readyz"))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        time.sleep(1)
        pid = installation.children()["web 1"]
        os.kill(pid, signal.SIGTERM)
        wait_for(partial(gone, pid), 10, "the process ends")
    time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join()
    assert set(results) == {200}
    assert len(results) > 100
