from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from valeo.core.components import markup
from valeo.core.components.icons import NAMES, OWN, SOURCES, symbol

ROOT = Path(settings.BASE_DIR)
VENDOR = ROOT / "static/vendor/lucide"
USED = re.compile(r"\{%\s*icon\s+\"([\w-]+)\"|\bicon=\"([\w-]+)\"")


def test_sprite_holds_exactly_the_named_icons() -> None:
    found = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "sprite.svg").read_text()))
    assert found == set(SOURCES.values()) | set(OWN)


def test_licence_and_version_lie_beside_the_copies() -> None:
    for folder in (VENDOR, ROOT / "static/vendor/htmx"):
        assert (folder / "LICENSE").read_text().strip()
        assert re.search(r"\d+\.\d+\.\d+", (folder / "VERSION").read_text())


def test_every_icon_that_a_template_names_exists() -> None:
    named = {
        (path.name, first or second)
        for path in (ROOT / "templates").rglob("*.html")
        for first, second in USED.findall(path.read_text())
    }
    assert named
    assert [
        found for found in sorted(named) if found[1] not in NAMES and not found[1].startswith("st-")
    ] == []


def test_every_icon_that_a_script_draws_exists() -> None:
    drawn = {
        name
        for path in (ROOT / "static/js").glob("*.js")
        for name in re.findall(r'icon\("([\w-]+)"', path.read_text())
    }
    assert drawn - set(SOURCES.values()) - set(OWN) == set()


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(LookupError, match="no icon 'nothing'"):
        symbol("nothing")


def test_an_icon_without_label_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in markup.icon("truck")
    labelled = markup.icon("truck", 'Lorry "big"')
    assert 'role="img" aria-label="Lorry &quot;big&quot;"' in labelled
