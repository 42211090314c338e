"""The one entry: ``python -m valeo.runtime ROLE`` (web, stream, worker, beat), and what ``./dev`` needs."""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

from valeo.runtime import prepare, serve
from valeo.runtime.environment import environment, make_secret
from valeo.runtime.places import RuntimeProblem
from valeo.runtime.postgres import Cluster

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("VALEO_DATA") or CHECKOUT / ".valeo")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="valeo.runtime", description=__doc__)
    roles = parser.add_subparsers(dest="role", required=True)
    for name in ("web", "stream"):
        role = roles.add_parser(name)
        role.add_argument("--host", default="0.0.0.0")  # noqa: S104  # a container's own network
        role.add_argument("--port", type=int, default=8000)
        if name == "web":
            role.add_argument("--fd", type=int, help="listening socket inherited from the supervisor")
    roles.add_parser("worker")
    roles.add_parser("beat")
    serve = roles.add_parser("serve")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, help="default: 8000 or the next free one")
    serve.add_argument("--no-demo", action="store_true", help="no demo company")
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
    serve.add_argument("--data", type=Path, default=DATA, help="private directory of the installation")
    serve.add_argument("--testing", action="store_true", help=argparse.SUPPRESS)
    prepare = roles.add_parser("prepare")
    prepare.add_argument("--data", type=Path, default=DATA)
    prepare.add_argument("--no-demo", action="store_true")
    database = roles.add_parser("with-database", help="run a command beside the embedded database")
    database.add_argument("--data", type=Path, default=DATA)
    database.add_argument("--testing", action="store_true")
    database.add_argument("command", nargs=argparse.REMAINDER)
    return parser


def _with_database(data: Path, command: list[str], *, testing: bool) -> int:
    """Run a command with DATABASE_URL set; a server that was down goes down again afterwards."""
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    make_secret(data)
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    cluster = Cluster(data, testing=testing)
    ours = cluster.pid is None
    cluster.start()
    try:
        env = environment(data, os.environ.get("VALEO_PUBLIC_URL", "http://127.0.0.1:8000"), cluster.url)
        return subprocess.run(command, env=env, check=False).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        if ours:
            cluster.stop()


def _run_role(options: argparse.Namespace) -> None:
    # Each role loads its own server, and Django with it: what the other roles and commands do without.
    match options.role:
        case "web":
            from valeo.runtime.roles import web  # noqa: PLC0415  # slow, see above

            web.run(descriptor=options.fd, host=options.host, port=options.port)
        case "stream":
            from valeo.runtime.roles import stream  # noqa: PLC0415  # slow, see above

            stream.run(host=options.host, port=options.port)
        case "worker" | "beat":
            from valeo.runtime.roles import jobs  # noqa: PLC0415  # slow, see above

            jobs.run() if options.role == "worker" else jobs.run_beat()


def main() -> int:
    """Do what the command line names."""
    options = _parser().parse_args()
    logging.Formatter.converter = time.gmtime  # as the processes' own logs
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if options.role == "with-database":  # the command chooses its settings: tests have their own
        return _with_database(options.data.resolve(), options.command, testing=options.testing)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valeo.settings")
    match options.role:
        case "prepare":
            prepare.prepare(options.data, demo=not options.no_demo)
        case "serve":
            serve.serve(
                serve.ServeOptions(
                    data=options.data.resolve(),
                    host=options.host,
                    port=options.port,
                    demo=not options.no_demo,
                    browser=not options.no_browser,
                    testing=options.testing,
                )
            )
        case _:
            _run_role(options)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeProblem as problem:
        sys.exit(f"{problem}")
