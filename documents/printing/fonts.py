"""The shipped fonts of the papers: families, files, and the order in which a missing glyph is looked for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DIRECTORY: Final = Path(__file__).resolve().parents[2] / "static" / "vendor" / "fonts"
CONFIG: Final = Path(__file__).resolve().parent / "fonts.conf"

_INTER: Final = ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext", "vietnamese")
#: (family, weight, file); each subset is a family of its own, so that the order below decides and nothing else
FACES: Final[tuple[tuple[str, int, str], ...]] = (
    *(
        (f"paper-{subset}", weight, f"inter/inter-{subset}-{weight}-normal.woff2")
        for subset in _INTER
        for weight in (400, 600)
    ),
    ("paper-arabic", 400, "noto-sans-arabic/noto-sans-arabic-arabic-400-normal.woff2"),
    ("paper-hebrew", 400, "noto-sans-hebrew/noto-sans-hebrew-hebrew-400-normal.woff2"),
    ("paper-chinese", 400, "noto-sans-sc/noto-sans-sc-chinese-simplified-400-normal.woff2"),
    ("paper-korean", 400, "noto-sans-kr/noto-sans-kr-korean-400-normal.woff2"),
    ("paper-emoji", 400, "noto-emoji/noto-emoji-emoji-400-normal.woff2"),
)
FILES: Final = frozenset(file for _family, _weight, file in FACES)
FAMILIES: Final = ", ".join(dict.fromkeys(family for family, _weight, _file in FACES))


def face_css() -> str:
    """The ``@font-face`` rules and the family list as the custom property ``--paper``."""
    faces = "\n".join(
        f"@font-face {{ font-family: {family}; font-weight: {weight}; src: url(valeo:fonts/{file}) }}"
        for family, weight, file in FACES
    )
    return f"{faces}\nhtml {{ font-family: {FAMILIES} }}"
