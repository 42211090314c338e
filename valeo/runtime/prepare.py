"""What lies between a running database and serving: migrations, static files, the demo company.

``python -m valeo.runtime prepare`` does what is due, in a process of its own, so that the supervisor stays small
and a second start does not load Django for it at all.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command, get_commands

from valeo.runtime.stamps import Stamp, fingerprint

CHECKOUT = Path(__file__).resolve().parents[2]
DEMO_COMMAND = "load_demo"


def _apps() -> Iterator[Path]:
    """The directories of our own code."""
    for directory in sorted(CHECKOUT.iterdir()):
        if directory.is_dir() and not directory.name.startswith(".") and (directory / "__init__.py").exists():
            yield directory


def _release() -> str:
    """What third-party migrations and static files depend on."""
    return fingerprint([CHECKOUT / "uv.lock"])


def migrations(data: Path) -> Stamp:
    """Stamp of the migration step."""
    files = [file for app in _apps() for file in app.rglob("migrations/*.py")]
    return Stamp(data / "stamps" / "migrations", fingerprint(files, _release()))


def static_files(data: Path) -> Stamp:
    """Stamp of the static files."""
    roots = [CHECKOUT / "static", *(folder for app in _apps() for folder in app.rglob("static"))]
    files = [file for root in roots for file in root.rglob("*") if file.is_file()]
    return Stamp(data / "stamps" / "static", fingerprint(files, _release()))


def logins_file(data: Path) -> Path:
    """Where the text with the demo logins is kept; it exists once the demo company is loaded."""
    return data / "demo-logins.txt"


def due(data: Path, *, demo: bool, foreign_database: bool) -> bool:
    """Whether a preparation is needed. What a database of somebody else has seen we cannot know by a stamp."""
    return (
        foreign_database
        or not migrations(data).current
        or not static_files(data).current
        or (demo and not logins_file(data).exists())
    )


def prepare(data: Path, *, demo: bool) -> None:
    """Do what is due; each step is remembered when it is done."""
    django.setup()
    # the migration is idempotent, so it is run even if the stamp is current: the database may be another one
    _say("Migrating the database …")
    call_command("migrate", interactive=False, verbosity=0)
    migrations(data).set()
    if not static_files(data).current:
        _say("Collecting static files …")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        static_files(data).set()
    if demo and not logins_file(data).exists() and DEMO_COMMAND in get_commands():
        _say("Loading the demo company (once) …")
        call_command(DEMO_COMMAND)
        text = io.StringIO()
        call_command(DEMO_COMMAND, logins=True, stdout=text)
        logins_file(data).write_text(text.getvalue(), encoding="utf-8")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # talks to the person at the terminal
