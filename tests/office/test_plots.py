"""The geometry of the small plots."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valeo.office import plots
from valeo.office.selectors.revenue import Month, month_before, next_month

D = Decimal
money = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)


@given(st.lists(st.tuples(money, money), min_size=1, max_size=24))
@settings(max_examples=60, deadline=None)
def test_columns_stay_inside(rows: list[tuple[Decimal, Decimal]]) -> None:
    plot = plots.columns([row[0] for row in rows], [row[1] for row in rows])
    assert 2 <= len(plot.ticks) <= 5
    for mark in plot.marks:
        assert plots.TOP <= D(mark.y) <= plots.BOTTOM
        assert D(mark.height) >= 0
        assert D(mark.y) + D(mark.height) == pytest.approx(plots.BOTTOM, abs=D("0.11"))
        assert not mark.before or plots.TOP <= D(mark.before) <= plots.BOTTOM


@given(st.lists(st.none() | st.decimals(min_value=-500, max_value=100, places=3), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_lines_stay_inside_and_break_at_gaps(values: list[Decimal | None]) -> None:
    plot = plots.line(values)
    points = [point for stretch in plot.lines for point in stretch.split()]
    assert len(points) == len([value for value in values if value is not None])
    assert all(plots.TOP <= D(point.split(",")[1]) <= plots.BOTTOM for point in points)


def test_round_steps() -> None:
    assert [tick.value for tick in plots.columns([D(905)], [D(0)]).ticks] == [0, 500, 1000]
    assert next(tick.value for tick in plots.line([D("9.6"), D("11.9")]).ticks) == 9


def test_months() -> None:
    assert next_month(dt.date(2026, 12, 5)) == dt.date(2027, 1, 1)
    assert next_month(dt.date(2026, 1, 31)) == dt.date(2026, 2, 1)
    assert month_before(dt.date(2026, 1, 31)) == dt.date(2025, 12, 1)
    assert Month(dt.date(2028, 2, 1)).end == dt.date(2028, 2, 29)
    assert Month(dt.date(2026, 1, 1)).margin is None
