"""Is this file a logo? Checks on bytes: the content decides, never the file's name."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from valeo.administration import proving
from valeo.core.exceptions import Refused, Violation

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_PIXELS: Final = 25_000_000
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_SVG_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_XHTML_NAMESPACE: Final = "http://www.w3.org/1999/xhtml"
_DRAWING: Final = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "metadata",
        "style",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "marker",
        "image",
        "switch",
        "filter",
        "feGaussianBlur",
        "feOffset",
        "feBlend",
        "feColorMatrix",
        "feComposite",
        "feFlood",
        "feMerge",
        "feMergeNode",
    ]
)
_INLINE_IMAGE = re.compile(r"data:image/(png|jpeg);base64,", re.IGNORECASE)
#: a backslash writes any letter of CSS in another way, so that no word below would be found
_OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|javascript:|expression\(|image-set|\\", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_LENGTH = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:px|pt|pc|mm|cm|in|q|em|rem|%)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A checked logo; sizes in pixels, or the units of an SVG."""

    content: bytes
    mime_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def inspect(content: bytes) -> LogoFile:
    """The checked logo; raises ``Refused`` for anything that is no PNG, JPG or harmless SVG of at most 2 MB."""
    if not content:
        raise _refusal("logo-empty", _("The file is empty."))
    if len(content) > MAX_BYTES:
        raise _refusal("logo-too-big", _("The file is bigger than 2 MB."))
    if content.startswith((_PNG, _JPEG)):
        return _inspect_bitmap(content)
    return _inspect_svg(content)


def _refusal(code: str, text: str | Promise) -> Refused:
    return Refused(Violation(code=code, text=text, field="logo"))


def _inspect_bitmap(content: bytes) -> LogoFile:
    too_many = _refusal("logo-too-many-pixels", _("The picture has more than 25 million pixels."))
    try:
        image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
        if image.width * image.height > MAX_PIXELS:
            raise too_many
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _refusal("logo-no-image", _("The file is damaged: it cannot be read as PNG or JPG.")) from error
    mime_type = "image/png" if image.format == "PNG" else "image/jpeg"
    return LogoFile(content, mime_type, image.width, image.height)


def _is_picture(address: str) -> bool:
    """Whether it is a PNG or JPG inside of the drawing, no bigger than one that comes by itself."""
    found = _INLINE_IMAGE.match(address)
    if found is None:
        return False
    try:
        _inspect_bitmap(base64.b64decode(address[found.end() :]))
    except (Refused, binascii.Error, ValueError):
        return False
    return True


@dataclass
class _SvgReader:
    """Collects what an SVG must not have, while expat reads it."""

    path: list[str] = field(default_factory=list)
    style: list[str] = field(default_factory=list)
    root: dict[str, str] | None = None
    faults: set[str] = field(default_factory=set)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _sep, local = name.rpartition(" ")
        if self.root is None:
            self.root = attributes
            if (namespace, local) != (_SVG_NAMESPACE, "svg"):
                self.faults.add("root")
        elif namespace == _XHTML_NAMESPACE or (namespace in {_SVG_NAMESPACE, ""} and local not in _DRAWING):
            self.faults.add(local)
        self.path.append(local)
        for key, value in attributes.items():
            self._attribute(key.rpartition(" ")[2], value.strip())

    def _attribute(self, key: str, value: str) -> None:
        if key.lower().startswith("on"):
            self.faults.add(key)
        elif key == "href":
            if not (value.startswith("#") or _is_picture(value)):
                self.faults.add(key)
        elif key in {"src", "base"} or _OUTSIDE.search(_COMMENT.sub("", value)):
            self.faults.add(key)

    def end(self, _name: str) -> None:
        if self.path.pop() == "style":
            if _OUTSIDE.search(_COMMENT.sub("", "".join(self.style))):
                self.faults.add("style")
            self.style.clear()

    def text(self, data: str) -> None:
        if self.path and self.path[-1] == "style":
            self.style.append(data)

    def forbid(self, *_args: object) -> None:
        """Document types (entities that explode or read files) and processing instructions (style sheets)."""
        self.faults.add("doctype")


def _inspect_svg(content: bytes) -> LogoFile:
    reader = _SvgReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.forbid
    parser.EntityDeclHandler = reader.forbid
    parser.ProcessingInstructionHandler = reader.forbid
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _refusal("logo-no-image", _("The file is no picture: PNG, JPG or SVG is needed.")) from error
    if reader.root is None or "root" in reader.faults:
        raise _refusal("logo-no-image", _("The file is no picture: PNG, JPG or SVG is needed."))
    if reader.faults:
        names = ", ".join(sorted(reader.faults))
        raise _refusal(
            "logo-unsafe",
            _(
                "The SVG contains scripts, a document type or references to other files (%(names)s). Export it as a plain SVG."
            )
            % {"names": names},
        )
    width, height = _svg_size(reader.root)
    if not proving.is_printable(content):
        raise _refusal(
            "logo-not-printable",
            _("The drawing cannot be printed, or only in a long time. Export it as a plain SVG or as PNG."),
        )
    return LogoFile(content, "image/svg+xml", width, height)


def _svg_size(root: dict[str, str]) -> tuple[int, int]:
    box = root.get("viewBox", "").replace(",", " ").split()
    given = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    sizes = [float(found[1]) for found in map(_LENGTH.fullmatch, given) if found]
    if len(sizes) != 2 or not all(0 < size < 100_000 for size in sizes):
        raise _refusal(
            "logo-no-size", _("The SVG says neither a viewBox nor width and height that make sense.")
        )
    return max(1, round(sizes[0])), max(1, round(sizes[1]))
