"""``./dev serve``: the whole installation in one process tree."""

from __future__ import annotations

import errno
import fcntl
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from valeo.runtime.environment import BACKLOG, environment
from valeo.runtime.places import RuntimeProblem
from valeo.runtime.postgres import Cluster
from valeo.runtime.prepare import due, logins_file
from valeo.runtime.processes import spawn
from valeo.runtime.supervisor import Process, Supervisor

DEFAULT_PORT = 8000
#: ports tried after the default one when nobody asked for a particular port
OTHER_PORTS = 20
MOST_WEB_PROCESSES = 4
READY_SECONDS = 60.0
#: a predecessor killed by -9 leaves the port within this time
BIND_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the command line says; port None means the default or the next free one."""

    data: Path
    host: str = "127.0.0.1"
    port: int | None = None
    demo: bool = True
    browser: bool = True
    testing: bool = False


def serve(options: ServeOptions) -> None:
    """Run until Ctrl+C or SIGTERM.

    Raises RuntimeProblem with what to do where something is in the way.
    """
    options.data.mkdir(mode=0o711, parents=True, exist_ok=True)
    with _only_one(options.data) as lock:
        listener = _listen(options)
        address = f"http://{_shown(options.host)}:{listener.getsockname()[1]}"
        lock.write(address)
        lock.flush()
        _run(options, listener, address)


def _run(options: ServeOptions, listener: socket.socket, address: str) -> None:
    foreign = os.environ.get("DATABASE_URL")
    cluster = None if foreign else Cluster(options.data, testing=options.testing)
    env = environment(options.data, address, foreign or (cluster.url if cluster else ""))
    supervisor = Supervisor(
        foundation=[cluster] if cluster else [],
        services=[*_web_processes(listener, env), *_workers(env)],
    )
    try:
        if cluster:
            cluster.start()
        if due(options.data, demo=options.demo, foreign_database=bool(foreign)):
            _prepare(options, env)
        supervisor.start()
        listener.close()
        _wait_until_ready(address)
        _greet(options, address)
        supervisor.run()
        _say("\nStopping …")
    except KeyboardInterrupt:
        _say("\nStopped.")
    finally:
        supervisor.stop()


def _web_processes(listener: socket.socket, env: dict[str, str]) -> list[Process]:
    # One listening socket for all: a connection waits in its queue until one process takes it. With a socket per
    # process (SO_REUSEPORT) those in the queue of a process that ends would be lost.
    descriptor = listener.fileno()
    count = int(os.environ.get("VALEO_WEB") or min(os.cpu_count() or 1, MOST_WEB_PROCESSES))
    keep = os.dup(descriptor)
    command = [sys.executable, "-m", "valeo.runtime", "web", "--fd", str(keep)]
    return [Process(f"web {number + 1}", command, env, [keep]) for number in range(max(count, 1))]


def _workers(env: dict[str, str]) -> list[Process]:
    roles = ["worker", "beat"] if env.get("REDIS_URL") else ["worker"]
    return [Process(role, [sys.executable, "-m", "valeo.runtime", role], env) for role in roles]


def _prepare(options: ServeOptions, env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "valeo.runtime", "prepare", "--data", str(options.data)]
    if not options.demo:
        command.append("--no-demo")
    child = spawn(command, env=env)
    try:
        status = child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise
    if status:
        raise RuntimeProblem("The preparation failed, see above.")


def _only_one(data: Path) -> IO[str]:
    """The lock of this data directory; a second server on it would be a mistake.

    Raises RuntimeProblem naming the address of the one that runs.
    """
    file = (data / "serve.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise RuntimeProblem(f"VALEO runs already: {file.read().strip()} (with the data in {data})") from None
    file.truncate(0)
    return file


def _listen(options: ServeOptions) -> socket.socket:
    """The listening socket.

    Raises RuntimeProblem where the port that was asked for is taken.
    """
    if options.port is not None:
        return _bind(options.host, options.port)
    for port in range(DEFAULT_PORT, DEFAULT_PORT + OTHER_PORTS):
        try:
            return _bind(options.host, port, patience=0.0)
        except RuntimeProblem:
            continue
    return _bind(options.host, 0)


def _bind(host: str, port: int, patience: float = BIND_SECONDS) -> socket.socket:
    deadline = time.monotonic() + patience
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise RuntimeProblem(f"Cannot listen on {host}:{port}: {error.strerror}") from error
            if time.monotonic() >= deadline:
                raise RuntimeProblem(f"Port {port} is taken. Choose another one: --port N") from error
            time.sleep(0.1)
        else:
            return listener


def _wait_until_ready(address: str) -> None:
    """Until a page is answered; the socket itself accepts long before."""
    where = address.removeprefix("http://")
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(where, timeout=READY_SECONDS)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise RuntimeProblem("The web processes do not answer, see above.")


def _greet(options: ServeOptions, address: str) -> None:
    _say(f"\nVALEO runs at {address}\n")
    logins = logins_file(options.data)
    if options.demo and logins.exists():
        _say(logins.read_text(encoding="utf-8"))
    _say("Ctrl+C stops it.")
    desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    opener = shutil.which("xdg-open")
    if options.browser and desktop and opener and os.geteuid() != 0:
        subprocess.Popen(
            [opener, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
        )


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104  # compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # talks to the person at the terminal
