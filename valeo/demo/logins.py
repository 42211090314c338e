"""The demo logins: one password per installation, made up here and kept in a file that only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings

from valeo.demo.data import companies
from valeo.demo.data.people import PEOPLE, WORDS

FILE: Final = "demo-logins.txt"
OWNER_ONLY: Final = 0o600
FOUR_DIGITS: Final = 9000


def make_password() -> str:
    """Three words and four digits, about 28 bits: easy to type, for a demo on a private address only."""
    words = [secrets.choice(WORDS) for _ in range(3)]
    return "-".join([*words, str(1000 + secrets.randbelow(FOUR_DIGITS))])


def file() -> Path:
    """Where the text is kept; ``./dev serve`` prints it."""
    return Path(settings.DATA_DIR) / FILE


def text(password: str, hints: str) -> str:
    """The table of the logins, and what to try first."""
    width = max(len(person.username) for person in PEOPLE)
    names = max(len(person.full_name) for person in PEOPLE)
    rows = [f"  {'user':{width}}  {'name':{names}}  role"]
    rows += [
        f"  {one.username:{width}}  {one.full_name:{names}}  {one.title}{' (in both companies)' if one.second else ''}"
        for one in PEOPLE
    ]
    head = f"Demo logins for {companies.MAIN['name']}; the password of all of them is\n\n  {password}\n"
    return "\n".join([head, *rows, "", hints]).rstrip() + "\n"


def write(content: str) -> Path:
    """Readable by the owner only, from the first byte on."""
    where = file()
    where.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as output:
        os.fchmod(output.fileno(), OWNER_ONLY)
        output.write(content)
    return where
