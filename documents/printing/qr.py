"""QR codes as one SVG path: no picture file, sharp at any size."""

from __future__ import annotations

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode


@dataclass(frozen=True, slots=True)
class Qr:
    """``size`` modules on each side, quiet zone of four included (ISO/IEC 18004)."""

    size: int
    path: str


def qr_of(content: str) -> Qr:
    """The code of a text, error correction M; one ``h`` run per row of dark modules."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(content)
    code.make(fit=True)
    matrix = code.get_matrix()
    parts = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return Qr(len(matrix), "".join(parts))
