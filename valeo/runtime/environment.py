"""The variables that processes of a private installation are started with, and its secret key."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

#: connections that wait for a process to take them
BACKLOG = 2048


def environment(data: Path, address: str, database: str) -> dict[str, str]:
    """The variables of the child processes: what the person set, and our defaults for a private installation."""
    defaults = {
        "DATABASE_URL": database,
        "VALEO_DATA": str(data),
        "VALEO_PUBLIC_URL": address,
        "VALEO_HOSTS": f"127.0.0.1,localhost,[::1],{socket.gethostname()}",
        "PYTHONUNBUFFERED": "1",
    }
    if "SECRET_KEY" not in os.environ:
        make_secret(data)
    return {**defaults, **os.environ, "VALEO_DATA": str(data)}


def make_secret(data: Path) -> None:
    """Make the installation's secret key once, readable by its owner only."""
    file = data / "secret"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as output:
        output.write(secrets.token_urlsafe(64) + "\n")
