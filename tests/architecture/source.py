"""Our own source, parsed once, for the tests of its shape."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
APPS = (
    "archive",
    "documents",
    "gdpr",
    "inventory",
    "masterdata",
    "numbering",
    "payments",
    "purchase",
    "sales",
    "valeo",
    "workflow",
)


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def where(self) -> str:
        return str(self.path.relative_to(CHECKOUT))


def _module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(path, name, text, ast.parse(text))


@cache
def modules(*, tests: bool = False) -> tuple[Module, ...]:
    """The modules of the apps, or those of the tests; migrations are Django's."""
    roots = ("tests",) if tests else APPS
    files = [file for root in roots for file in sorted((CHECKOUT / root).rglob("*.py"))]
    return tuple(_module(file) for file in files if "migrations" not in file.parts)


def files(pattern: str) -> list[Path]:
    """Files of the apps, templates and static folders that match; what comes from elsewhere is left out."""
    roots = [CHECKOUT / root for root in (*APPS, "templates", "static")]
    found = [file for root in roots for file in sorted(root.rglob(pattern))]
    return [file for file in found if "vendor" not in file.parts]
