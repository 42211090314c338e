from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from valeo.runtime.places import server_account
from valeo.runtime.postgres import Cluster, programs
from valeo.runtime.tuning import configuration


@pytest.fixture
def data() -> Iterator[Path]:
    # pytest's own tmp_path is private to root, where the server's user may not enter
    directory = Path(tempfile.mkdtemp(prefix="valeo-pg-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def cluster(data: Path) -> Iterator[Cluster]:
    made = Cluster(data)
    made.start()
    yield made
    made.stop()


def test_starts_on_a_private_socket_without_port_or_password(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url) as connection:
        row = connection.execute(
            "SELECT current_user, current_setting('listen_addresses'), current_setting('synchronous_commit'),"
            " current_setting('fsync'), usesuper FROM pg_user WHERE usename = current_user"
        ).fetchone()
    assert row == ("valeo", "", "on", "on", False)
    found = cluster.socket.stat()
    assert found.st_mode & 0o077 == 0
    assert found.st_uid == server_account().uid


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_runs_as_another_user_under_root(cluster: Cluster) -> None:
    assert Path(f"/proc/{cluster.pid}").stat().st_uid == server_account().uid != 0


def test_recovers_after_kill_9_and_loses_nothing_acknowledged(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE written (id int)")
    for number in range(3):
        # the open connection's backend holds the shared memory when the postmaster is gone
        connection = psycopg.connect(cluster.url, autocommit=True)
        connection.execute("INSERT INTO written VALUES (%s)", [number])
        assert cluster.pid is not None
        os.kill(cluster.pid, signal.SIGKILL)
        wait_until_down(cluster)
        cluster.start()
        with psycopg.connect(cluster.url) as again:
            assert again.execute("SELECT count(*) FROM written").fetchone() == (number + 1,)
        connection.close()


def test_a_second_command_adopts_the_running_server(cluster: Cluster) -> None:
    second = Cluster(cluster.data)
    second.start()
    assert second.pid == cluster.pid
    assert second.poll() is None
    cluster.stop()
    assert second.poll() == -1


def test_stops_cleanly_and_quickly(cluster: Cluster) -> None:
    connection = psycopg.connect(cluster.url)
    begin = time.monotonic()
    cluster.stop()
    assert time.monotonic() - begin < 5
    assert cluster.pid is None
    assert not (cluster.files / "postmaster.pid").exists()
    connection.close()


def test_an_interrupted_initdb_leaves_nothing_in_the_way(data: Path) -> None:
    cluster = Cluster(data)
    half = cluster.home / "fresh"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15")
    os.chown(cluster.home, server_account().uid, server_account().gid)
    cluster.start()
    assert cluster.poll() is None
    cluster.stop()


def test_tests_may_switch_triggers_off_the_installation_may_not(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SET session_replication_role = replica")
    testing = Cluster(cluster.data, testing=True)
    testing.start()
    with psycopg.connect(testing.url) as connection:
        connection.execute("SET session_replication_role = replica")


def test_the_configuration_follows_the_memory() -> None:
    small, large = (configuration(Path("/run/x"), testing=False, memory=size) for size in (512, 64_000))
    assert "shared_buffers = '128MB'" in small
    assert "shared_buffers = '1024MB'" in large


def test_only_usable_versions_count() -> None:
    assert int(programs().parent.name) >= 15


def wait_until_down(cluster: Cluster) -> None:
    deadline = time.monotonic() + 5
    while cluster.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
