"""The embedded PostgreSQL: Debian's server programs on a private directory of the checkout.

No TCP port, no password: the socket lies in a directory that only the server's user may enter. The application
connects as an ordinary role that owns its database and nothing else.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from valeo.runtime.places import (
    Account,
    RuntimeProblem,
    home,
    may_enter,
    private_directory,
    server_account,
    socket_directory,
)
from valeo.runtime.processes import spawn
from valeo.runtime.tuning import configuration

OLDEST_VERSION = 15  # unique indexes with nulls not distinct
PROGRAMS = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"
ROLE = DATABASE = "valeo"
#: after kill -9 the old backends hold the shared memory for a moment, so a start may need several attempts
ATTEMPTS_SECONDS = 20.0
#: how long recovery after a crash may take; ended half-way it would begin anew
RECOVERY_SECONDS = 600.0
STOP_SECONDS = 15.0
LOG_LIMIT = 5_000_000


def embedded_url(data: Path) -> str:
    """The DATABASE_URL of the embedded server with this data directory, whether it runs or not."""
    account = server_account()
    directory = socket_directory(home(data, account), data, account)
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(directory), safe='/')}"


def programs(version: str | None = None) -> Path:
    """The newest usable server programs, or those of the version that made the data.

    Raises RuntimeProblem where there are none.
    """
    found = {path.parent.parent.name: path.parent for path in PROGRAMS.glob("*/bin/postgres")}
    usable = {name: path for name, path in found.items() if name.isdigit() and int(name) >= OLDEST_VERSION}
    if version is not None:
        if version not in usable:
            raise RuntimeProblem(
                f"The database was made by PostgreSQL {version}: apt-get install postgresql-{version}"
            )
        return usable[version]
    if not usable:
        raise RuntimeProblem(f"No PostgreSQL {OLDEST_VERSION} or newer here: apt-get install postgresql")
    return usable[max(usable, key=int)]


def _told_to_stop() -> bool:
    """Whether the supervisor, which takes signals between its steps, has one waiting."""
    return bool(signal.sigpending() & {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


@dataclass
class Cluster:
    """One embedded server. ``testing`` drops what only guards against a crash of the machine (fsync)."""

    data: Path
    testing: bool = False
    _process: subprocess.Popen[bytes] | None = None

    name = "postgres"

    @cached_property
    def account(self) -> Account:
        return server_account()

    @cached_property
    def home(self) -> Path:
        return home(self.data, self.account)

    @cached_property
    def socket(self) -> Path:
        return socket_directory(self.home, self.data, self.account)

    @property
    def files(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return embedded_url(self.data)

    def start(self) -> None:
        """Bring the server up, or adopt the one that already runs on this data; make what is missing.

        Raises RuntimeProblem with the end of the server's log where it does not come up.
        """
        self._prepare()
        deadline = time.monotonic() + ATTEMPTS_SECONDS
        while not self._try_start():
            if time.monotonic() > deadline or _told_to_stop():
                raise RuntimeProblem(f"PostgreSQL does not start:\n{self._log_end()}")
            time.sleep(0.2)
        self._make_role_and_database()

    def poll(self) -> int | None:
        """None while the server runs, else the exit status of the postmaster (-1 where it was not our child)."""
        if self._process is not None:
            return self._process.poll()
        return None if self._ready_pid() else -1

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, while it is up."""
        return self._running_pid()

    def terminate(self) -> None:
        """Ask the server to end; connections are closed, nothing acknowledged is lost."""
        pid = self._running_pid()
        if pid is not None:
            os.kill(pid, signal.SIGINT)

    def kill(self) -> None:
        """End it at once."""
        self.stop()

    def stop(self) -> None:
        """Stop the server: fast, then at once, so that nothing is left behind."""
        pid = self._running_pid()
        for sign, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0)):
            if pid is None:
                break
            os.kill(pid, sign)
            pid = self._wait_gone(pid, seconds)
        if self._process is not None:
            self._process.wait(timeout=5)
            self._process = None

    # ------------------------------------------------------------------ the parts of starting

    def _prepare(self) -> None:
        """Directories, the cluster itself and its configuration."""
        self.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        if self.account.switch and not may_enter(self.account, self.home.parent):
            self.home.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        private_directory(self.home, self.account)
        private_directory(self.socket, self.account)
        if not self.files.exists():
            self._initialise()
        settings = self.files / "valeo.conf"
        settings.write_text(configuration(self.socket, testing=self.testing), encoding="utf-8")
        os.chown(settings, self.account.uid, self.account.gid)

    def _initialise(self) -> None:
        """Run initdb in a directory beside, renamed when it is whole: an interrupted one leaves no half cluster."""
        fresh = self.home / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        command = [programs() / "initdb", "-D", fresh, "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8"]
        command += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
        done = subprocess.run(
            [str(part) for part in command],
            user=self.account.uid if self.account.switch else None,
            group=self.account.gid if self.account.switch else None,
            extra_groups=[] if self.account.switch else None,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeProblem(f"initdb failed:\n{done.stderr}")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude 'valeo.conf'\n")
        fresh.rename(self.files)

    def _try_start(self) -> bool:
        """One attempt. True when a server of ours accepts connections."""
        if self._running_pid():
            # another command's server, or one that is still going down: wait for what becomes of it
            return self._accepts()
        process = self._spawn()
        deadline = time.monotonic() + RECOVERY_SECONDS
        while process.poll() is None and time.monotonic() < deadline and not _told_to_stop():
            if self._ready_pid() == process.pid and self._accepts():
                self._process = process
                return True
            time.sleep(0.02)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait()
        return False

    def _spawn(self) -> subprocess.Popen[bytes]:
        log = self.home / "server.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.unlink()
        version = (self.files / "PG_VERSION").read_text().strip()
        with log.open("ab") as output:
            return spawn(
                [str(programs(version) / "postgres"), "-D", str(self.files)],
                account=self.account,
                # a supervisor killed by -9 takes its server down: SIGINT is PostgreSQL's fast shutdown
                death_signal=signal.SIGINT,
                output=output,
                cwd="/",
            )

    def _make_role_and_database(self) -> None:
        """The application's role and database; for tests also the one setting that switches triggers off."""
        with psycopg.connect(self._admin(), autocommit=True) as connection:
            role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
            if self.testing:
                connection.execute(
                    sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(role)
                )

    # ------------------------------------------------------------------ looking at it

    def _admin(self) -> str:
        return f"host={self.socket} user={SUPERUSER} dbname=postgres connect_timeout=5"

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self._admin()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _lines(self) -> list[str]:
        try:
            return (self.files / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _running_pid(self) -> int | None:
        """The postmaster named in its pid file, if such a process lives and is one."""
        lines = self._lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return None
        return pid if str(self.files).encode() in command else None

    def _ready_pid(self) -> int | None:
        lines = self._lines()
        return self._running_pid() if len(lines) > 7 and lines[7].strip() == "ready" else None

    def _wait_gone(self, pid: int, seconds: float) -> int | None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is not None:
                self._process.poll()  # reap it, a zombie still has its /proc entry
            if self._running_pid() != pid:
                return None
            time.sleep(0.02)
        return pid

    def _log_end(self) -> str:
        try:
            return (self.home / "server.log").read_text(errors="replace")[-2000:]
        except OSError:
            return "(no log)"
