"""A running installation for the browser: a database of its own, two web processes, the worker.

The migrated database is kept as a template and the collected static files lie in a directory of their own, so a
second start takes seconds. Each pytest process has its own database, data directory and ports.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse, urlunparse

import psycopg
from django.conf import settings
from psycopg import sql

from tests.support.installation import CHECKOUT, FOREIGN
from valeo.runtime.prepare import migrations, static_files

WEB = 2
START_SECONDS = 120.0
TEMPLATE = "valeo_e2e_template"
#: people of the tests sign in often, and all from one address
LIMITS = {
    "VALEO_RATE_LOGIN": "10000/m",
    "VALEO_RATE_BROWSER": "100000/m",
    "VALEO_RATE_VERIFY": "10000/m",
    "VALEO_RATE_API": "100000/m",
}


@dataclass
class House:
    """``scene`` is what tests/e2e/scene.py tells about the world it made."""

    data: Path
    name: str
    variables: dict[str, str] = field(default_factory=dict)
    ports: list[int] = field(default_factory=list)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    scene: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def other_address(self) -> str:
        """The same installation through its second web process; cookies know no port."""
        return f"http://127.0.0.1:{self.ports[1]}"

    @property
    def log(self) -> str:
        return (self.data / "house.log").read_text(encoding="utf-8")

    def run(self, *arguments: str) -> None:
        """A command of this installation, to its end."""
        subprocess.run([sys.executable, *arguments], cwd=CHECKOUT, env=self.variables, check=True)

    def start(self) -> None:
        roles = [["web", "--host", "127.0.0.1", "--port", str(port)] for port in self.ports]
        with (self.data / "house.log").open("a", encoding="utf-8") as log:
            for role in (*roles, ["worker"]):
                self.processes.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "valeo.runtime", *role],
                        cwd=CHECKOUT,
                        env=self.variables,
                        stdout=log,
                        stderr=log,
                        text=True,
                    )
                )
        for port in self.ports:
            self._wait_for(port)

    def _wait_for(self, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and all(process.poll() is None for process in self.processes):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == http.client.OK:
                    return
            except OSError:
                time.sleep(0.05)
            finally:
                connection.close()
        raise AssertionError(f"The installation does not start:\n{self.log}")

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def running(worker: str) -> Iterator[House]:
    """The house of one pytest process, from its database to its end."""
    data = Path(settings.DATA_DIR) / "e2e" / worker
    data.mkdir(parents=True, exist_ok=True)
    (data / "house.log").unlink(missing_ok=True)
    ports = _free_ports(WEB)
    house = House(data, f"valeo_e2e_{worker}", ports=ports)
    house.variables = _variables(data, house.name, f"http://127.0.0.1:{ports[0]}")
    try:
        _make_database(house)
        files = static_files(data)
        if not files.current:
            house.run("manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "0")
            files.set()
        told = data / "scene.json"
        house.run("-m", "tests.e2e.scene", str(told))
        house.scene = json.loads(told.read_text(encoding="utf-8"))
        house.start()
        yield house
    finally:
        house.stop()
        with _server() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(house.name))
            )


def _variables(data: Path, name: str, address: str) -> dict[str, str]:
    outside = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    return outside | LIMITS | {
        "DATABASE_URL": _url(name),
        "VALEO_DATA": str(data),
        "VALEO_PUBLIC_URL": address,
        "VALEO_HOSTS": "127.0.0.1,localhost",
        "SECRET_KEY": "for-the-browser-tests-only-and-long-enough-0123456789-abcdefgh",
        "DJANGO_SETTINGS_MODULE": "valeo.settings",
        "PYTHONPATH": str(CHECKOUT),
    }  # fmt: skip


def _make_database(house: House) -> None:
    """A copy of the migrated template; the template is made anew where a migration has changed."""
    wanted = migrations(house.data)
    with _server() as connection:
        # one process makes the template, the others wait for it
        connection.execute("SELECT pg_advisory_lock(20261124)")
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE]
        ).fetchone()
        if row is None or row[0] != wanted.value:
            _create(connection, TEMPLATE, "template0")
            made = {**house.variables, "DATABASE_URL": _url(TEMPLATE)}
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=CHECKOUT,
                env=made,
                check=True,
            )
            connection.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(TEMPLATE), sql.Literal(wanted.value)
                )
            )
        _create(connection, house.name, TEMPLATE)


def _create(connection: psycopg.Connection[Any], name: str, template: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    )


def _server() -> psycopg.Connection[Any]:
    return psycopg.connect(_url("postgres"), autocommit=True)


def _url(name: str) -> str:
    """The server of the test run, another database on it."""
    return urlunparse(urlparse(settings.DATABASE_URL)._replace(path=f"/{name}"))


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _each in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports
