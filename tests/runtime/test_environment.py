from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from valeo.runtime.environment import make_secret
from valeo.settings import env
from valeo.settings.database import database

CHECKOUT = Path(__file__).resolve().parents[2]


def start_settings(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    program = "import valeo.settings as s; print(s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.DEBUG, s.ALLOWED_HOSTS)"
    base = {"PATH": os.environ["PATH"], "VALEO_DATA": str(tmp_path), "DATABASE_URL": "postgresql://u:p@h/n"}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=base | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_secret_stops_the_start(tmp_path: Path) -> None:
    done = start_settings(tmp_path)
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_the_defaults_are_those_of_production(tmp_path: Path) -> None:
    done = start_settings(tmp_path, SECRET_KEY="x" * 60)
    assert done.stdout.split(maxsplit=3) == ["True", "31536000", "False", "['localhost']\n"]


def test_a_plain_address_switches_secure_cookies_off(tmp_path: Path) -> None:
    done = start_settings(tmp_path, SECRET_KEY="x" * 60, VALEO_PUBLIC_URL="http://127.0.0.1:8000")
    assert done.stdout.split(maxsplit=3) == ["False", "0", "False", "['127.0.0.1']\n"]


def test_the_secret_of_a_private_installation_is_made_once_and_private(tmp_path: Path) -> None:
    make_secret(tmp_path)
    first = (tmp_path / "secret").read_text()
    make_secret(tmp_path)
    assert (tmp_path / "secret").read_text() == first
    assert len(first) > 60
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert start_settings(tmp_path).returncode == 0


@pytest.mark.parametrize("value", ["maybe", "2"])
def test_a_wrong_switch_names_the_variable(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("VALEO_DEBUG", value)
    with pytest.raises(ImproperlyConfigured, match="VALEO_DEBUG"):
        env.flag("VALEO_DEBUG")


def test_a_wrong_number_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALEO_SESSION_HOURS", "soon")
    with pytest.raises(ImproperlyConfigured, match="VALEO_SESSION_HOURS"):
        env.number("VALEO_SESSION_HOURS", 1)


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALEO_SESSION_HOURS", "")
    assert env.number("VALEO_SESSION_HOURS", 12) == 12


def test_database_addresses() -> None:
    embedded = database("postgresql://valeo@/valeo?host=/srv/a%20b/run")
    assert (embedded["HOST"], embedded["USER"], embedded["NAME"]) == ("/srv/a b/run", "valeo", "valeo")
    remote = database("postgres://u:p%40ss@db.example:6432/books?sslmode=require")
    assert (remote["HOST"], remote["PORT"], remote["PASSWORD"]) == ("db.example", "6432", "p@ss")
    assert remote["OPTIONS"]["sslmode"] == "require"
    for wrong in ("mysql://u@h/n", "postgresql://h", "h/n"):
        with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
            database(wrong)


def test_env_example_names_exactly_the_variables_that_are_read() -> None:
    example = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?\s*([A-Z][A-Z_]+)=", example, re.MULTILINE))
    read = set()
    for file in [
        *(CHECKOUT / "valeo" / "settings").glob("*.py"),
        *(CHECKOUT / "valeo" / "runtime").glob("*.py"),
    ]:
        source = file.read_text(encoding="utf-8")
        read |= set(re.findall(r"env\.(?:text|flag|number|listing|path|secret)\(\s*\"([A-Z_]+)\"", source))
        read |= set(re.findall(r"os\.environ(?:\.get)?[\[(]\"((?:VALEO|DATABASE|REDIS)_[A-Z_]+)\"", source))
    assert named == read
