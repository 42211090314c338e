"""The kit keeps its own rules: sizes, no inline code, no text outside the catalogue, light pages."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from valeo.core.components.scripts import texts

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
STYLES = sorted((ROOT / "static/css").glob("*.css"))
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=\"|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE)
PRINTED = ("paper", "papers", "mail")  # not for the browser


def _screens() -> list[Path]:
    return [path for path in TEMPLATES if not any(part in PRINTED for part in path.parts)]


@pytest.mark.parametrize("path", _screens(), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_are_short_compile_and_carry_no_inline_code(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 150
    assert not INLINE.search(text)
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_short_and_never_write_strings_as_code(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 200
    assert not re.search(
        r"\beval\(|new Function|document\.write|insertAdjacentHTML|setAttribute\(\"style\"", text
    )


def test_every_text_of_the_scripts_is_in_the_catalogue() -> None:
    used = {key for path in SCRIPTS for key in re.findall(r'\bt\("([a-z.]+)"', path.read_text())}
    assert used - set(texts()) == set()


def test_the_first_page_stays_under_150_kilobytes() -> None:
    page = [
        *STYLES,
        *SCRIPTS,
        ROOT / "static/vendor/htmx/htmx.min.js",
        ROOT / "static/vendor/lucide/sprite.svg",
    ]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in page if path.name != "admin.css")
    assert weight < 90_000  # leaves 60 kB for the page itself
