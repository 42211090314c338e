"""The benchmark runs to its end and sees no error; what it measures on a busy machine proves nothing here."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.installation import CHECKOUT, FOREIGN

pytestmark = [pytest.mark.slow]


def test_orders_and_chains_beside_bare_sql() -> None:
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    command = [sys.executable, "-m", "bench", "--seconds", "3", "--clients", "2"]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode in (0, 1), done.stderr[-3000:]
    table = [line for line in done.stdout.splitlines() if line.startswith(("| order |", "| chain |"))]
    assert len(table) >= 4, done.stdout
    for row in table:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert float(cells[2]) > 0  # the product
        assert float(cells[4]) > 0  # bare SQL
        assert cells[-2:] == ["0", "0"], row  # errors, lock errors
