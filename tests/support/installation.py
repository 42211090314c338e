"""A whole installation as ``./dev serve`` runs it, for tests that kill parts of it or look at it in a browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

CHECKOUT = Path(__file__).resolve().parents[2]
#: variables of the test run that an installation of its own must not see
FOREIGN = {
    "DATABASE_URL",
    "SECRET_KEY",
    "VALEO_PUBLIC_URL",
    "VALEO_DATA",
    "VALEO_HOSTS",
    "DJANGO_SETTINGS_MODULE",
}
#: one person of a measurement asks faster than any person
UNHURRIED = {"VALEO_RATE_BROWSER": "1000000/m"}


@dataclass
class Installation:
    """``python -m valeo.runtime serve`` with data of its own."""

    data: Path
    arguments: tuple[str, ...] = ("--no-demo",)
    variables: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def start(self, seconds: float = 180) -> Installation:
        """Start it and wait for the address it prints."""
        outside = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        env = UNHURRIED | outside | self.variables
        command = [sys.executable, "-m", "valeo.runtime", "serve", "--data", str(self.data), "--no-browser"]
        begin = len(self.log)
        with self.log_file.open("a") as log:
            self.process = subprocess.Popen(
                [*command, *self.arguments], cwd=CHECKOUT, env=env, stdout=log, stderr=log, text=True
            )
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(r"VALEO runs at (\S+)\s", self.log[begin:]):
                self.address = found[1]
                return self
            time.sleep(0.05)
        self.process.kill()
        self.process.wait()
        raise AssertionError(f"The installation does not start:\n{self.log[begin:]}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind, whatever failed before."""
        if self.process is not None:
            self.stop()

    @property
    def log_file(self) -> Path:
        """Where its output goes: beside the data."""
        return self.data.parent / f"{self.data.name}.log"

    @property
    def log(self) -> str:
        """What it printed so far."""
        return self.log_file.read_text() if self.log_file.exists() else ""

    def children(self) -> dict[str, int]:
        """Process ids of its children by role: ``web 1``…, ``worker``, ``postgres``."""
        assert self.process is not None
        found: dict[str, int] = {}
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((directory / "stat").read_text().rpartition(")")[2].split()[1])
                words = (directory / "cmdline").read_bytes().decode().split("\0")
            except (OSError, ValueError):
                continue
            if parent != self.process.pid or words == [""]:
                continue
            role = "postgres" if words[0].endswith("postgres") else words[3] if len(words) > 3 else ""
            if "celery" in words:  # a worker or beat that went on as Celery
                role = words[5]
            if role == "web":
                role = f"web {sum(name.startswith('web') for name in found) + 1}"
            found[role] = int(directory.name)
        return found

    def kill(self, role: str) -> int:
        """SIGKILL one child; returns the process id it had."""
        pid = self.children()[role]
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop(self, sign: signal.Signals = signal.SIGINT, seconds: float = 60) -> int:
        """End it and return its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(sign)
        status = self.process.wait(seconds)
        self.process = None
        return status


def gone(pid: int) -> bool:
    """Whether no such process runs any more (a zombie does not run)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def wait_for(condition: object, seconds: float, what: str) -> None:
    """Wait until ``condition()`` holds; fail with ``what`` otherwise."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"Not within {seconds} s: {what}")
