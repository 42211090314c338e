"""kill -9 in the middle of a posting loop: no gap, no double, nothing acknowledged lost, the audit verifies.

At least 50 kills: a web process, the worker in turn, every tenth time the postmaster. Clients go on as people would:
they try again where a connection breaks, and count only what the server acknowledged.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bench.session import Session, order_form
from tests.support.installation import CHECKOUT, FOREIGN, Installation, wait_for

KILLS = 50
CLIENTS = 3
PACE = 2.0  # seconds between the orders of one client: the worker keeps up with the papers
# Seconds between kills: each role then lives long enough to be at work again, and longer than the supervisor asks of a
# steady process (2.5 s), so that it dies in the middle of work, not in a pause.
PAUSE = 3.0
pytestmark = [pytest.mark.slow]


def program(installation: Installation, module: str, *arguments: str) -> dict[str, Any]:
    """Run a module beside the installation's own database; its last line is JSON."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    env["VALEO_DATA"] = str(installation.data)
    secret = installation.data / "secret"
    env["SECRET_KEY"] = secret.read_text().strip() if secret.exists() else "x" * 60
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


@dataclass(eq=False)  # a thread is told by its identity
class Clerk(threading.Thread):
    """Posts orders until told to stop; remembers what was acknowledged."""

    address: str
    world: dict[str, Any]
    stop: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    broken: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        """One order after the other, at the pace of a person in a hurry: each makes a paper for the worker."""
        session: Session | None = None
        form = order_form(
            self.world["customer"], [(number, "1") for number in self.world["articles"]], "submit"
        )
        while not self.stop.wait(PACE):
            try:
                if session is None:
                    session = self.signed_in()
                answer = session.post("/documents/sales_order/new/", form)
            except (OSError, http.client.HTTPException, RuntimeError):
                self.broken += 1
                time.sleep(0.1)
                continue
            if answer.status == 303 and answer.uuid:
                self.acknowledged.append(answer.uuid)
            elif answer.status in (302, 401, 403):
                session.close()
                session = None
        if session is not None:
            session.close()

    def signed_in(self) -> Session:
        """A new session; closed again where the login meets a dead server."""
        session = Session(self.address, timeout=15)
        try:
            session.login(self.world["people"]["clerk"], self.world["password"])
        except BaseException:
            session.close()
            raise
        return session


def test_kills_lose_nothing(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "data", arguments=("--no-demo", "--port", "0")).start()
    try:
        world = program(installation, "tests.support.make_world")
        stop = threading.Event()
        clerks = [Clerk(installation.address, world, stop) for _ in range(CLIENTS)]
        for clerk in clerks:
            clerk.start()
        wait_for(lambda: all(clerk.acknowledged for clerk in clerks), 60, "every client has posted an order")
        for number in range(1, KILLS + 1):
            _kill(installation, number)
            time.sleep(PAUSE)
        before = sum(len(clerk.acknowledged) for clerk in clerks)
        wait_for(
            lambda: sum(len(clerk.acknowledged) for clerk in clerks) > before,
            60,
            "work goes on after the last kill",
        )
        stop.set()
        for clerk in clerks:
            clerk.join(timeout=60)
        wait_for(lambda: _jobs(installation, world) == 0, 240, "the worker has caught up")
        found = _check(installation, world)
    finally:
        installation.stop()
    acknowledged = {uuid for clerk in clerks for uuid in clerk.acknowledged}
    assert len(acknowledged) > KILLS
    assert sum(clerk.broken for clerk in clerks) > 0, "no request was hit: the kills proved nothing"
    assert found["gaps"] == []
    assert found["doubles"] == []
    assert acknowledged <= set(found["posted"])
    assert found["problems"] == []
    assert found["archived"] == found["revisions"]
    assert found["twice"] == 0


def _kill(installation: Installation, number: int) -> None:
    """A web process, the worker in turn, every tenth time the postmaster; waits where one is just being restarted."""
    role = "postgres" if number % 10 == 0 else "worker" if number % 2 else "web"

    def there() -> str:
        return next((name for name in installation.children() if name.startswith(role)), "")

    wait_for(there, 30, f"{role} runs")
    installation.kill(there())


def _check(installation: Installation, world: dict[str, Any]) -> dict[str, Any]:
    return program(installation, "tests.support.check_world", str(world["company"]))


def _jobs(installation: Installation, world: dict[str, Any]) -> int:
    return int(
        program(installation, "tests.support.check_world", str(world["company"]), "--jobs")["open_jobs"]
    )
