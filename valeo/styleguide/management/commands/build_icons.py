"""Rebuild static/vendor/lucide/sprite.svg from an unpacked ``lucide-static`` package."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from valeo.core.components.icons import OWN, SOURCES

TARGET = Path("static/vendor/lucide/sprite.svg")
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg">\n<!-- lucide-static {version}, ISC licence, copyright Lucide Icons and '
    "Contributors: see LICENSE. st-posted is our own. -->\n"
)


class Command(BaseCommand):
    help = "Builds the icon sprite with exactly the icons named in valeo/core/components/icons.py."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("package", type=Path, help="folder of the unpacked lucide-static package")

    def handle(self, *args: Any, package: Path, **options: Any) -> None:
        version = json.loads((package / "package.json").read_text())["version"]
        parts = [HEAD.format(version=version)]
        for name in sorted(set(SOURCES.values())):
            source = package / "icons" / f"{name}.svg"
            if not source.exists():
                message = f"{name} is not in this package"
                raise CommandError(message)
            parts.append(_symbol(name, source.read_text()))
        parts += [_symbol(name, drawing) for name, drawing in sorted(OWN.items())]
        parts.append("</svg>\n")
        (Path(settings.BASE_DIR) / TARGET).write_text("".join(parts))
        self.stdout.write(f"{len(parts) - 2} icons, Lucide {version}")


def _symbol(name: str, svg: str) -> str:
    shapes = (
        re.sub(r"<!--.*?-->|</?svg[^>]*>|\s*\n\s*", "", svg, flags=re.DOTALL).replace(" />", "/>").strip()
    )
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n'
