from __future__ import annotations

import datetime as dt

import pytest

from numbering.models import IssuedNumber, NumberSeries
from numbering.services import allocate, create_default_series
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company

DAY = dt.date(2026, 5, 4)


@pytest.fixture
def series(company: Company, actor: Actor) -> dict[str, NumberSeries]:
    """The default series by kind."""
    create_default_series(company, actor)
    return {series.kind: series for series in NumberSeries.objects.all()}


def give(company: Company, kind: str = "sales_order", on: dt.date = DAY, times: int = 1) -> list[str]:
    return [allocate(company_id=company.pk, kind=kind, on=on) for _ in range(times)]


def row(number: str) -> IssuedNumber:
    found: IssuedNumber = IssuedNumber.objects.get(number=number)
    return found
