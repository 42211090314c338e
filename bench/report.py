"""The table, its verdict, and the Markdown of docs/benchmarks.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.clients import Outcome

#: the ratio to the bare SQL of the same run below which an order or a chain is too slow, by clients
LEAST_RATIO: Final = {1: 0.22, 8: 0.28}
#: aims on two quiet cores, a second
AIMS: Final = {("order", 1): 150, ("order", 8): 300, ("chain", 1): 20, ("chain", 8): 40}
LONGEST: Final = 1.0  # seconds for an act at the 99th percentile


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement with the bare SQL beside it."""

    what: str
    clients: int
    seconds: float
    product: Outcome
    bare: Outcome
    papers: float  # seconds after the measurement until the worker had made all papers

    @property
    def rate(self) -> float:
        return self.product.done / self.seconds

    @property
    def bare_rate(self) -> float:
        return self.bare.done / self.seconds

    @property
    def ratio(self) -> float:
        return self.rate / self.bare_rate if self.bare_rate else 0.0


def percentile(values: list[float], share: float) -> float:
    """Milliseconds."""
    if not values:
        return 0.0
    found = sorted(values)
    return found[min(len(found) - 1, int(share * len(found)))] * 1000


def failures(rows: list[Row]) -> list[str]:
    """Which of the ceilings was missed, in words."""
    found = []
    for row in rows:
        name = f"{row.what}, {row.clients} client{'s' if row.clients > 1 else ''}"
        least = LEAST_RATIO.get(row.clients)
        if least is not None and row.ratio < least:
            found.append(f"{name}: ratio {row.ratio:.2f}, at least {least}")
        found += [
            f"{name}: {act} takes {slow:.0f} ms at the 99th percentile"
            for act, values in row.product.seconds.items()
            if (slow := percentile(values, 0.99)) > LONGEST * 1000
        ]
        if row.product.lock_errors:
            found.append(f"{name}: {row.product.lock_errors} lock errors")
        if row.product.errors:
            found.append(f"{name}: {len(row.product.errors)} errors, first: {row.product.errors[0]}")
    return found


def table(rows: list[Row]) -> str:
    """Markdown, readable as it is."""
    lines = [
        "| what | clients | per second | aim | bare SQL | ratio | p50 / p99 per act (ms) | papers (s) | errors | lock errors |",
        "|---|--:|--:|--:|--:|--:|---|--:|--:|--:|",
    ]
    for row in rows:
        acts = "; ".join(
            f"{act} {percentile(values, 0.5):.0f} / {percentile(values, 0.99):.0f}"
            for act, values in row.product.seconds.items()
        )
        aim = AIMS.get((row.what, row.clients), "")
        lines.append(
            f"| {row.what} | {row.clients} | {row.rate:.1f} | {aim} | {row.bare_rate:.1f} | {row.ratio:.2f} | {acts} "
            f"| {row.papers:.0f} | {len(row.product.errors)} | {row.product.lock_errors} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """What it ran on, without names."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, load {load:.1f} at the end, "
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC"
    )


def markdown(rows: list[Row], seconds: float) -> str:
    """The page docs/benchmarks.md."""
    missed = failures(rows)
    verdict = "All ceilings hold." if not missed else "Missed: " + "; ".join(missed) + "."
    return f"""# Benchmarks

Written by `./dev bench`, {seconds:g} seconds for each cell. What is measured stands in [bench/README.md](../bench/README.md).
The ratio to the bare SQL of the same run is what counts: at least {LEAST_RATIO[1]} with one client and {LEAST_RATIO[8]} with
eight, every act within a second at the 99th percentile, no lock error that a client sees. A chain leaves three papers;
"papers" says how long after the measurement the worker had made them all. The bare SQL runs after that, alone.

{table(rows)}

{verdict}

Machine: {machine()}.
"""
