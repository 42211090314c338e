"""The supervisor with real child processes: small Python programs instead of the roles."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.installation import gone, wait_for

STEADY = "import time, sys; print(__import__('os').getpid(), flush=True); time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
#: a supervisor over one child whose program and process ids lie in files
PARENT = """
import os, sys
from pathlib import Path
from valeo.runtime import supervisor as module
from valeo.runtime.supervisor import Process, Supervisor
module.KILL_SECONDS = 1.0
child = Process("child", [sys.executable, "-c", f"import os; open({str(sys.argv[1])!r}, 'a').write(str(os.getpid()) + chr(10)); {sys.argv[2]}"], dict(os.environ))
supervisor = Supervisor(foundation=[], services=[child])
supervisor.start()
supervisor.run()
supervisor.stop()
"""


@pytest.fixture
def pids(tmp_path: Path) -> Path:
    return tmp_path / "pids"


def run(pids: Path, program: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(pids), program], stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: started(pids), 10, "the child starts")
    return process


def started(pids: Path) -> list[int]:
    return [int(line) for line in pids.read_text().split()] if pids.exists() else []


def test_what_dies_is_started_again(pids: Path) -> None:
    process = run(pids, STEADY)
    os.kill(started(pids)[0], signal.SIGKILL)
    wait_for(lambda: len(started(pids)) == 2, 5, "the child is started again")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    assert "child ended with status -9 and is started again" in errors
    assert all(gone(pid) for pid in started(pids))


def test_what_keeps_dying_is_not_started_in_a_busy_loop(pids: Path) -> None:
    process = run(pids, "pass")
    time.sleep(2.5)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    # pauses of 0.5, 1 and 2 seconds, seen at a tick of half a second
    assert 2 <= len(started(pids)) <= 4


def test_ctrl_c_stops_all_and_a_deaf_child_is_killed(pids: Path) -> None:
    process = run(pids, DEAF)
    time.sleep(0.3)  # until it has become deaf
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert 0.9 < time.monotonic() - begin < 5
    assert "does not end and is killed" in errors
    assert gone(started(pids)[0])


def test_a_killed_supervisor_takes_its_children_with_it(pids: Path) -> None:
    process = run(pids, STEADY)
    process.kill()
    process.communicate(timeout=10)
    wait_for(lambda: gone(started(pids)[0]), 5, "the child ends with its parent")
