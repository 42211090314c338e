"""Typed reading of the environment in one place.

Every variable is read through these functions, so ``.env.example`` can be held against them by a test.
A value of the wrong type stops the start with the variable's name.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]

#: names that were read, in order of reading
declared: dict[str, str] = {}


def _read(name: str, default: str) -> str:
    declared[name] = default
    # an empty variable means "not set": compose files and CI systems pass unset ones on as empty
    return os.environ.get(name, "").strip() or default


def text(name: str, default: str = "") -> str:
    """A string."""
    return _read(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off."""
    value = _read(name, str(default)).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = _read(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def listing(name: str, default: str = "") -> list[str]:
    """Strings separated by commas."""
    return [part.strip() for part in _read(name, default).split(",") if part.strip()]


def path(name: str, default: Path) -> Path:
    """A directory or file; relative ones are taken from the checkout."""
    return BASE_DIR / _read(name, str(default))


def secret(name: str, file: Path) -> str:
    """A secret from the variable, else from the private file that ``./dev`` makes; none stops the start."""
    value = _read(name, "")
    if value:
        return value
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise ImproperlyConfigured(f"{name} is not set. Set it to a long random text.") from error
