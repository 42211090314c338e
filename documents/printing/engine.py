"""WeasyPrint, closed in: no network, no files but our fonts and the logo, no font of the machine, no clock.

Loaded by the first paper of a process. One font configuration per process and a collection after each paper keep the
memory flat; the lock is there since the configuration is not made for several threads.
"""

from __future__ import annotations

import gc
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from documents.printing import fonts


@contextmanager
def _own_fonts_only() -> Iterator[None]:
    """Fontconfig reads this variable when a configuration is made; WeasyPrint warns of one without fonts."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(fonts.CONFIG)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


with _own_fonts_only():
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_lock = threading.Lock()
_SCHEME = "valeo:"


class Shelf(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """The only addresses there are: ``valeo:fonts/…`` for a shipped font and ``valeo:logo``."""

    def __init__(self, logo: bytes | None, logo_type: str) -> None:
        super().__init__(allowed_protocols=["valeo"], allow_redirects=False)
        self.logo, self.logo_type = logo, logo_type

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        name = url.removeprefix(_SCHEME)
        if url == f"{_SCHEME}logo" and self.logo is not None:
            return URLFetcherResponse(url, self.logo, {"Content-Type": self.logo_type})
        file = name.removeprefix("fonts/")
        if file not in fonts.FILES or not url.startswith(f"{_SCHEME}fonts/"):
            raise ValueError(f"A paper takes nothing from {url[:80]}")
        try:
            return URLFetcherResponse(
                url, (fonts.DIRECTORY / file).read_bytes(), {"Content-Type": "font/woff2"}
            )
        except OSError as error:  # without its font a paper would look different: rather none
            raise FatalURLFetchingError(f"The font {file} is missing") from error


@lru_cache(maxsize=1)
def _fonts() -> tuple[Any, Any]:
    """Font configuration and font rules, loaded once."""
    with _own_fonts_only():
        configuration = FontConfiguration()
    rules = CSS(
        string=fonts.face_css(), font_config=configuration, url_fetcher=Shelf(None, ""), base_url=_SCHEME
    )
    return configuration, rules


def pdf_of(html: str, *, logo: bytes | None, logo_type: str, identifier: bytes) -> bytes:
    """PDF/A-3u with structure tags; the dates come from the HTML's meta elements."""
    with _lock, warnings.catch_warnings():
        # WeasyPrint leaves the file of its colour profile to the garbage collector
        warnings.simplefilter("ignore", ResourceWarning)
        configuration, rules = _fonts()
        document = HTML(string=html, base_url=_SCHEME, url_fetcher=Shelf(logo, logo_type))
        pdf: bytes = document.write_pdf(
            stylesheets=[rules],
            font_config=configuration,
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
            pdf_identifier=identifier,
        )
        del document
        gc.collect()
        return pdf
