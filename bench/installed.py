"""An installation of its own for one measurement, with the small world of the tests in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.clients import Target
from bench.session import Session
from tests.support.installation import CHECKOUT, FOREIGN, Installation
from valeo.runtime.postgres import Cluster

#: enough stock for any number of chains
STOCK = "UPDATE inventory_stockbalance SET on_hand = 100000000, value = 100000000 * coalesce(average_cost, 1)"


@contextmanager
def installed(data: Path) -> Iterator[Target]:
    """``./dev serve``'s defaults on data of its own; ends with the block."""
    installation = Installation(data, arguments=("--no-demo", "--port", "0")).start()
    try:
        yield target_of(installation.address, Cluster(data).url, make_world(data))
    finally:
        installation.stop()


def make_world(data: Path) -> dict[str, Any]:
    """Company, people, customer, articles beside the installation's database."""
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    env |= {"VALEO_DATA": str(data), "SECRET_KEY": (data / "secret").read_text().strip()}
    command = [sys.executable, "-m", "tests.support.make_world"]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def target_of(address: str, database: str, world: dict[str, Any]) -> Target:
    """Sign the clerk and the accountant in, and look the keys up that a form carries."""
    cookies = {}
    for person in ("clerk", "accountant"):
        session = Session(address)
        session.login(world["people"][person], world["password"])
        session.get("/")
        cookies[person] = session.cookies
        session.close()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(STOCK)
        company = world["company"]
        find = "SELECT id FROM masterdata_{} WHERE company_id = %s AND {} = %s"
        partner = connection.execute(
            find.format("partner", "customer_number"), [company, world["customer"]]
        ).fetchone()
        assert partner is not None  # noqa: S101 - for the types
        articles = []
        for number in world["articles"]:
            row = connection.execute(find.format("article", "number"), [company, number]).fetchone()
            assert row is not None  # noqa: S101 - for the types
            articles.append((number, row[0]))
    return Target(address, database, cookies, world["customer"], partner[0], articles)
