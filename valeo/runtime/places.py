"""Which operating-system user runs the embedded database, and in which directories.

PostgreSQL refuses to run as root. Started by root it runs as another user, and everything it touches must lie
where that user may enter. Nothing here opens the modes of a parent directory: where the way is barred, the data
lies under ``/var/lib`` in a directory named after the checkout.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

#: sun_path holds 108 bytes with its closing zero
MAX_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
ACCOUNT = "postgres"


class RuntimeProblem(Exception):
    """Something about this machine stops VALEO from running; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system user of the database server; ``switch`` says that we have to become it."""

    name: str
    uid: int
    gid: int
    switch: bool


def server_account() -> Account:
    """Ourselves, or for root Debian's ``postgres``.

    Raises RuntimeProblem where root has no such user.
    """
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=False)
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise RuntimeProblem(
            f"PostgreSQL does not run as root and there is no user {ACCOUNT}: apt-get install postgresql"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)


def mark(data: Path) -> str:
    """Ten characters that stand for one data directory in names elsewhere on the machine."""
    return hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:10]


def may_enter(account: Account, directory: Path) -> bool:
    """Whether the account can reach the directory, or the nearest existing one above it."""
    while not directory.exists():
        directory = directory.parent
    if not account.switch:
        return os.access(directory, os.X_OK)
    probe = subprocess.run(
        ["/usr/bin/test", "-x", str(directory)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        check=False,
        cwd="/",
    )
    return probe.returncode == 0


def home(data: Path, account: Account) -> Path:
    """The directory of the cluster: ``DATA/pg``, or one under ``/var/lib`` where that is out of reach."""
    near = data / "pg"
    if not account.switch or may_enter(account, near):
        return near
    return Path("/var/lib") / f"valeo-{mark(data)}" / "pg"


def socket_directory(pg_home: Path, data: Path, account: Account) -> Path:
    """Where the server's socket lies: beside the data unless that path is too long for a socket."""
    near = pg_home / "run"
    if len(os.fsencode(near / SOCKET_NAME)) <= MAX_SOCKET_PATH:
        return near
    if account.switch:
        return Path("/run") / f"valeo-{mark(data)}"
    runtime = Path(f"/run/user/{account.uid}")
    if runtime.is_dir():
        return runtime / f"valeo-{mark(data)}"
    return Path("/tmp") / f"valeo-{account.uid}-{mark(data)}"  # noqa: S108  # private: see private_directory


def private_directory(directory: Path, account: Account) -> None:
    """Make a directory that only the account (and root) may enter.

    Raises RuntimeProblem where another user's directory or a link has that name.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    try:
        directory.mkdir(mode=0o700)
        os.chown(directory, account.uid, account.gid)
    except FileExistsError:
        pass
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise RuntimeProblem(f"{directory} belongs to somebody else than {account.name}; remove it.")
    directory.chmod(0o700)
