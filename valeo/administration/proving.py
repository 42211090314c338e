"""Can a drawing be printed? Tried once at upload, in a process of its own with little time and memory.

A few lines of SVG can stand for more shapes than any computer draws (a shape used ten times in one that is used ten
times …), and the worker that makes everybody's papers would never come back from it.
"""

from __future__ import annotations

import logging
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

#: of the child; an ordinary logo takes a hundredth of it once WeasyPrint is loaded
CPU_SECONDS: Final = 5
WALL_SECONDS: Final = 30
MEMORY: Final = 2 * 1024**3
_ADDRESS: Final = "valeo:logo"
_HOME: Final = Path(__file__).resolve().parents[2]


def is_printable(svg: bytes) -> bool:
    """Whether WeasyPrint makes a picture of it within the limits."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "valeo.administration.proving"],
            input=svg,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=_HOME,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0


class _Complaints(logging.Handler):
    """WeasyPrint leaves out what it cannot draw, and only says so."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard = False

    def emit(self, record: logging.LogRecord) -> None:
        self.heard = self.heard or record.getMessage().startswith("Failed to")


def _print(svg: bytes) -> bool:
    # only the child loads it: it takes a second, and its limits are the child's
    from weasyprint import HTML, urls  # noqa: PLC0415

    class Fetcher(urls.URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url != _ADDRESS:
                raise ValueError(url[:80])
            return urls.URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})

    complaints = _Complaints()
    logging.getLogger("weasyprint").addHandler(complaints)
    page = HTML(
        string=f'<img src="{_ADDRESS}" alt="" style="width: 5cm">',
        base_url="valeo:",
        url_fetcher=Fetcher(allowed_protocols=["valeo"], allow_redirects=False),
    )
    page.write_pdf()
    return not complaints.heard


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.exit(0 if _print(sys.stdin.buffer.read()) else 1)
