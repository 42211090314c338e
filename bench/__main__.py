"""``python -m bench``: orders and chains a second over HTTP, beside the same rows by bare SQL."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import psycopg

from bench.clients import Bare, Chains, Orders, Outcome, Target, measure
from bench.installed import installed, target_of
from bench.report import Row, failures, markdown, table

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
#: how long the worker may need for what a measurement left, in seconds
PATIENCE: Final = 300.0
Template = tuple[str, tuple[int, int]]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument(
        "--seconds", type=float, default=8, help="for each measurement; there are four per --clients"
    )
    parser.add_argument("--only", choices=["order", "chain"])
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} in docs/")
    parser.add_argument("--address", help="a running installation instead of one of its own; then also:")
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL"), help="its database")
    parser.add_argument("--company", type=int, help="the company's id")
    parser.add_argument("--login", nargs=2, metavar=("CLERK", "ACCOUNTANT"), help="user names")
    parser.add_argument("--password")
    parser.add_argument("--customer", help="the number of a customer without exceptions")
    parser.add_argument("--articles", nargs="+", help="numbers of stocked articles without lots")
    return parser


def _templates(target: Target) -> dict[str, list[Template]]:
    """One draft and one chain made by the product, with the events that each act sent."""
    with psycopg.connect(target.database, autocommit=True) as connection:

        def head() -> int:
            row = connection.execute("SELECT coalesce(max(seq), 0) FROM events_eventhead").fetchone()
            assert row is not None  # noqa: S101 - for the types
            return int(row[0])

        class Watched(Outcome):
            """Remembers each act's document and events."""

            found: list[Template]
            before: int

            def note(self, act: str, answer: object) -> bool:
                done = super().note(act, answer)  # type: ignore[arg-type]
                now = head()
                self.found.append((answer.uuid, (self.before, now)))  # type: ignore[attr-defined]
                self.before = now
                return done

        made = {}
        for name, client in (("order", Orders(target)), ("chain", Chains(target))):
            outcome = Watched()
            outcome.found, outcome.before = [], head()
            client.once(outcome)
            if outcome.errors:
                sys.exit(f"The installation refuses: {outcome.errors}")
            made[name] = outcome.found
    return made


def settled(database: str) -> float:
    """Wait until the worker has made all papers, so that the bare SQL runs alone; returns the seconds it took.

    Raises ``TimeoutError`` after ``PATIENCE`` seconds.
    """
    began = time.monotonic()
    with psycopg.connect(database, autocommit=True) as connection:
        while True:
            row = connection.execute("SELECT count(*) FROM events_job WHERE state = 'open'").fetchone()
            if row == (0,):
                return time.monotonic() - began
            if time.monotonic() - began > PATIENCE:
                message = f"After {PATIENCE:g} seconds jobs are still open: {row}"
                raise TimeoutError(message)
            time.sleep(0.2)


def run(target: Target, options: argparse.Namespace) -> list[Row]:
    """All measurements, one after the other."""
    templates = _templates(target)
    rows = []
    for name, make in (("order", Orders), ("chain", Chains)):
        if options.only not in (None, name):
            continue
        for clients in options.clients:
            how = {"clients": clients, "seconds": options.seconds}
            product = measure(make, (target,), **how)
            papers = settled(target.database)
            by_sql = measure(Bare, (target.database, templates[name]), **how)
            rows.append(Row(name, clients, options.seconds, product, by_sql, papers))
            print(table(rows[-1:]).splitlines()[-1], flush=True)
    return rows


def main() -> int:
    """0 where all ceilings hold, 1 where one was missed."""
    options = _parser().parse_args()
    if options.address:
        people = dict(zip(("clerk", "accountant"), options.login, strict=True))
        world = {
            "company": options.company, "people": people, "password": options.password, "customer": options.customer,
            "articles": options.articles,
        }  # fmt: skip
        rows = run(target_of(options.address, options.database, world), options)
    else:
        with tempfile.TemporaryDirectory(prefix="valeo-bench-") as folder:
            Path(folder).chmod(0o711)
            with installed(Path(folder) / "data") as target:
                rows = run(target, options)
    print(f"\n{table(rows)}\n")
    if options.write:
        PAGE.write_text(markdown(rows, options.seconds))
    missed = failures(rows)
    for line in missed:
        print(f"MISSED {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
