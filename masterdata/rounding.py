"""Rounding half away from zero, and splitting an amount without losing a cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")
NANO = Decimal("0.000000001")


def round_to(value: Decimal, step: Decimal) -> Decimal:
    """Half away from zero (contract § 3)."""
    with localcontext() as context:
        context.prec = 60
        return value.quantize(step, rounding=ROUND_HALF_UP)


def split_amount(total: Decimal, shares: Sequence[Decimal], step: Decimal = CENT) -> list[Decimal]:
    """``total`` in proportion to ``shares``: largest remainder, ties to the later part; the sum is exact."""
    whole = sum(shares, Decimal(0))
    if not shares or whole <= 0 or min(shares) < 0:
        raise ValueError("shares must be positive")
    with localcontext() as context:
        context.prec = 60
        exact = [abs(total) * share / whole for share in shares]
        parts = [value.quantize(step, rounding=ROUND_DOWN) for value in exact]
        missing = int((abs(total) - sum(parts, Decimal(0))) / step)
        order = sorted(range(len(parts)), key=lambda i: (exact[i] - parts[i], i), reverse=True)
        for index in order[:missing]:
            parts[index] += step
        return [part.copy_sign(total) if part else part for part in parts]
