"""The proof that no number is missing and none was given twice: from the register, and against the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db import connection
from django.db.models import Count, Max, Min, Q

from numbering.kinds import NumberState, SeriesKind
from numbering.models import IssuedNumber, NumberSeries, SeriesCounter

#: company id → the numbers of a kind that documents (partners, articles) really carry
NumbersInUse = Callable[[int], Iterable[str]]
_in_use: Final[dict[str, NumbersInUse]] = {}
_SHOWN: Final = 50
_GAPS: Final = """
SELECT series_id, year, before + 1, value - 1 FROM (
  SELECT series_id, year, value, lag(value) OVER (PARTITION BY series_id, year ORDER BY value) AS before
    FROM numbering_issuednumber WHERE company_id = %s) numbers
 WHERE value > before + 1 ORDER BY series_id, year, value
"""


def register(kind: str, numbers: NumbersInUse) -> None:
    """In ``AppConfig.ready()``: who carries the numbers of a kind; raises ``RuntimeError`` for a second one."""
    if kind in _in_use:
        raise RuntimeError(f"the numbers of {kind} are registered twice")
    _in_use[kind] = numbers


@dataclass(slots=True)
class SeriesProof:
    """One counter: what was given, and what does not fit (nothing, in a house in order)."""

    series: NumberSeries
    year: int
    first: int
    next: int
    last: int | None = None
    count: int = 0
    used: int = 0
    reserved: int = 0
    voids: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.gaps


@dataclass(slots=True)
class KindProof:
    """One kind against its documents: numbers without a document, documents with a number that no series gave."""

    kind: str
    checked: bool
    missing: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(SeriesKind(self.kind).label)


def series_proofs(company_id: int) -> list[SeriesProof]:
    """Every counter of the company by kind and year; a fixed number of queries."""
    counters = SeriesCounter.everywhere.filter(company_id=company_id).select_related(
        "series", "series__branch"
    )
    proofs = {
        (counter.series_id, counter.year): SeriesProof(
            counter.series, counter.year, counter.first_value, counter.next_value
        )
        for counter in counters.order_by("series__kind", "series_id", "year")
    }
    rows = IssuedNumber.everywhere.filter(company_id=company_id)
    sums = rows.order_by().values("series_id", "year").annotate(
        count=Count("pk"), least=Min("value"), most=Max("value"),
        used=Count("pk", filter=Q(state=NumberState.USED)), reserved=Count("pk", filter=Q(state=NumberState.RESERVED)),
    )  # fmt: skip
    for found in sums:
        proof = proofs[found["series_id"], found["year"]]
        proof.count, proof.used, proof.reserved, proof.last = (
            found["count"], found["used"], found["reserved"], found["most"],
        )  # fmt: skip
        if found["least"] > proof.first:
            proof.gaps.append((proof.first, found["least"] - 1))
    for series_id, year, start, end in _gaps(company_id):
        proofs[series_id, year].gaps.append((start, end))
    for proof in proofs.values():
        after_last = proof.first if proof.last is None else proof.last + 1
        if after_last < proof.next:
            proof.gaps.append((after_last, proof.next - 1))
    for void in rows.filter(state=NumberState.VOID).order_by("series_id", "year", "value"):
        proofs[void.series_id, void.year].voids.append((void.number, void.reason))
    return list(proofs.values())


def _gaps(company_id: int) -> list[tuple[int, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, [company_id])
        found: list[tuple[int, int, int, int]] = cursor.fetchall()
    return found


def kind_proofs(company_id: int) -> list[KindProof]:
    """The register against those who carry the numbers, for each kind that has given any."""
    register_of: dict[str, set[str]] = {}
    rows = IssuedNumber.everywhere.filter(company_id=company_id, state=NumberState.USED)
    for kind, number in rows.values_list("kind", "number").iterator(chunk_size=5000):
        register_of.setdefault(kind, set()).add(number)
    proofs = []
    for kind in sorted({*register_of, *_in_use}):
        given = register_of.get(kind, set())
        numbers = _in_use.get(kind)
        if numbers is None:
            proofs.append(KindProof(kind, checked=False))
            continue
        carried = set(numbers(company_id))
        proofs.append(KindProof(kind, True, sorted(given - carried), sorted(carried - given)))
    return proofs


def verify(company_id: int) -> Iterator[str]:
    """What ``verify_audit`` reports: gaps, numbers without a document, documents with a number of no series."""
    for proof in series_proofs(company_id):
        for start, end in proof.gaps:
            yield f"{proof.series.kind} {proof.year or ''}: numbers {start} to {end} are missing".replace(
                " :", ":"
            )
    for kind in kind_proofs(company_id):
        yield from (f"{kind.kind}: no document has the number {number}" for number in kind.missing[:_SHOWN])
        yield from (f"{kind.kind}: {number} was given by no series" for number in kind.foreign[:_SHOWN])
