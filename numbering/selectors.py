"""Reading series, counters and the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from numbering.kinds import NumberState, Reset
from numbering.models import IssuedNumber, NumberSeries, SeriesCounter
from numbering.patterns import Shape, render
from valeo.tenancy.models import Branch, Company, FiscalYear


@dataclass(frozen=True, slots=True)
class Status:
    """Where a series stands on a day."""

    series: NumberSeries
    year: int
    next_value: int
    next_number: str
    last_number: str
    last_date: dt.date | None
    reserved: int


def series_for(
    *, company_id: int, kind: str, on: dt.date, branch_id: int | None = None, type_group: str = ""
) -> NumberSeries | None:
    """The most specific series that is valid on the day: branch before type group before the company's."""
    candidates = NumberSeries.everywhere.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        Q(branch_id=None) | Q(branch_id=branch_id),
        Q(type_group="") | Q(type_group=type_group),
        company_id=company_id,
        kind=kind,
        valid_from__lte=on,
    )
    ranked = sorted(candidates, key=lambda series: (series.branch_id is None, series.type_group == ""))
    return ranked[0] if ranked else None


def shown_year(series: NumberSeries, on: dt.date) -> int | None:
    """The year in the number: the day's, or the one in which its fiscal year begins; None outside of fiscal years."""
    if series.reset != Reset.FISCAL:
        return on.year
    start = (
        FiscalYear.everywhere.filter(company_id=series.company_id, start__lte=on, end__gte=on)
        .values_list("start", flat=True)
        .first()
    )
    return start.year if start else None


def counter_year(series: NumberSeries, on: dt.date) -> int | None:
    """The year of the counter that a document of the day counts on; 0 where the series runs on."""
    return 0 if series.reset == Reset.NEVER else shown_year(series, on)


def last_date(
    *, company_id: int, kind: str, on: dt.date, branch_id: int | None = None, type_group: str = ""
) -> dt.date | None:
    """The date of the last number on the counter that the day would use: no document may be dated before it."""
    series = series_for(company_id=company_id, kind=kind, on=on, branch_id=branch_id, type_group=type_group)
    year = counter_year(series, on) if series else None
    if series is None or year is None:
        return None
    return (
        SeriesCounter.everywhere.filter(series=series, year=year).values_list("last_date", flat=True).first()
    )


def shape_of(series: NumberSeries, company: str, branches: Mapping[int, str]) -> Shape:
    """The series' pattern with its company's code and its branch's."""
    branch = branches.get(series.branch_id, "") if series.branch_id else None
    return Shape(series.pattern, series.prefix, company, branch)


def render_number(series: NumberSeries, year: int, value: int) -> str:
    """A number of the series as it would read."""
    company = Company.objects.values_list("code", flat=True).get(pk=series.company_id)
    branches = dict(Branch.everywhere.filter(pk=series.branch_id).values_list("pk", "code"))
    return render(shape_of(series, company, branches), year=year, value=value)


def series_for_preview() -> QuerySet[NumberSeries]:
    """The series of the company in scope with all that ``preview`` reads, in a fixed number of queries."""
    years = FiscalYear.everywhere.filter(company_id=OuterRef("company_id")).order_by("start")
    rows: QuerySet[NumberSeries] = NumberSeries.objects.select_related("company", "branch").prefetch_related(
        "counters"
    )
    return rows.annotate(
        fiscal=ArraySubquery(years.values_list(JSONObject(start="start", end="end"), flat=True))
    )


def preview(series: NumberSeries, on: dt.date, count: int = 2) -> list[tuple[dt.date, list[str]]]:
    """The next numbers on a day, and those after the year's end; a day outside of fiscal years has none.

    The series comes from ``series_for_preview``.
    """
    branch = series.branch.code if series.branch else None
    shape = Shape(series.pattern, series.prefix, series.company.code, branch)
    counters = {counter.year: counter.next_value for counter in series.counters.all()}
    running = counters.get(0, series.first_number)
    found: list[tuple[dt.date, list[str]]] = []
    start = max(on, series.valid_from)
    for day in (start, _next_year(series, start)):
        shown = _shown(series, day)
        if shown is None or (series.valid_to is not None and series.valid_to < day):
            continue
        value = running if series.reset == Reset.NEVER else counters.get(shown, series.first_number)
        running += count
        found.append((day, [render(shape, year=shown, value=value + step) for step in range(count)]))
    return found


def _fiscal_year(series: NumberSeries, on: dt.date) -> tuple[dt.date, dt.date] | None:
    for year in getattr(series, "fiscal", ()):
        start, end = dt.date.fromisoformat(year["start"]), dt.date.fromisoformat(year["end"])
        if start <= on <= end:
            return start, end
    return None


def _shown(series: NumberSeries, on: dt.date) -> int | None:
    if series.reset != Reset.FISCAL:
        return on.year
    year = _fiscal_year(series, on)
    return year[0].year if year else None


def _next_year(series: NumberSeries, on: dt.date) -> dt.date:
    """The first day of the year after the day's: the fiscal year's where the series goes by it."""
    year = _fiscal_year(series, on) if series.reset == Reset.FISCAL else None
    return year[1] + dt.timedelta(days=1) if year else dt.date(on.year + 1, 1, 1)


def status(
    *, company_id: int, kind: str, on: dt.date, branch_id: int | None = None, type_group: str = ""
) -> Status | None:
    """Where the series that a document of the day would use stands; None without a series."""
    series = series_for(company_id=company_id, kind=kind, on=on, branch_id=branch_id, type_group=type_group)
    year = counter_year(series, on) if series else None
    if series is None or year is None:
        return None
    counter = SeriesCounter.everywhere.filter(series=series, year=year).first()
    issued = IssuedNumber.everywhere.filter(series=series, year=year)
    next_value = counter.next_value if counter else series.first_number
    return Status(
        series=series,
        year=year,
        next_value=next_value,
        next_number=render_number(series, shown_year(series, on) or on.year, next_value),
        last_number=issued.order_by("-value").values_list("number", flat=True).first() or "",
        last_date=counter.last_date if counter else None,
        reserved=issued.filter(state=NumberState.RESERVED).count(),
    )
