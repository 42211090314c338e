"""Checks an exported audit chain without server, database or Django: ``python -m valeo.audit.offline FILE``.

The file comes from ``manage.py verify_audit --export``: JSON lines, a header, one line per entry, a line with the head.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from valeo.audit.proof import ChainCheck

FORMAT: Final = "valeo-audit"
FORMAT_VERSION: Final = 1


def problems(lines: Iterable[str], check: ChainCheck) -> Iterator[str]:
    """What does not fit, first things first; nothing where the export is genuine and whole."""
    rows = (json.loads(line) for line in lines if line.strip())
    header: dict[str, Any] = next(rows, {})
    if header.get("format") != FORMAT or header.get("format_version") != FORMAT_VERSION:
        yield "this is no export of an audit chain that this program knows"
        return
    head: dict[str, Any] | None = None
    for row in rows:
        if "head" in row:
            head = row["head"]
        elif row["entry"]["company_id"] != header["company_id"]:
            yield f"entry {row['entry']['seq']} belongs to another company"
        else:
            yield from check.feed(row["entry"], row["parts"])
    if head is None:
        yield f"the export ends after entry {check.seq} without the head of the chain"
    else:
        yield from check.finish(head)


def main(arguments: list[str]) -> int:
    """Print what was found; 0 for a valid chain, 1 for a broken one, 2 for a wrong call."""
    if len(arguments) != 1:
        print("python -m valeo.audit.offline FILE", file=sys.stderr)  # noqa: T201 - a program for the terminal
        return 2
    check = ChainCheck()
    with Path(arguments[0]).open(encoding="utf-8") as lines:
        found = list(problems(lines, check))
    for problem in found[:20]:
        print(problem)  # noqa: T201 - as above
    if found:
        print(f"BROKEN: {len(found)} problems in {check.seq} entries")  # noqa: T201 - as above
        return 1
    print(f"valid: {check.seq} entries, last hash {check.hash}, {check.erased} texts erased")  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
