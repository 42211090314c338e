from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbering.patterns import Shape, could_collide, number_fields, render, shows_year


def shape(pattern: str, prefix: str = "INV", branch: str | None = None) -> Shape:
    return Shape(pattern, prefix, "ACME", branch)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{prefix}-{company}-{year}-{number:05d}", "INV-ACME-2026-00042"), ("{number}", "42"),
        ("{yy}.{branch}.{number:02d}", "26.HH.42"), ("{number:01d}_{year}", "42_2026"),
    ],
)  # fmt: skip
def test_a_pattern_is_rendered(pattern: str, number: str) -> None:
    assert render(shape(pattern, branch="HH"), year=2026, value=42) == number


def test_a_number_longer_than_its_field_is_not_cut() -> None:
    assert render(shape("{number:02d}"), year=2026, value=12345) == "12345"


@pytest.mark.parametrize(
    ("one", "other", "collide"),
    [
        (shape("{prefix}-{number}", "A"), shape("{prefix}-{number}", "B"), False),
        (shape("{prefix}{number}", "A"), shape("{prefix}{number}", "A1"), True),
        (shape("{number:05d}"), shape("{number:03d}"), True),
        (shape("{year}{number:03d}"), shape("{number:07d}"), True),
        (shape("{number}-A"), shape("{number}-B"), False),
        (shape("INV-{year}-{number:05d}"), shape("{prefix}-{yy}-{number:05d}"), False),
        (shape("A{branch}{number}", branch=None), shape("AHH{number}"), True),
        (shape("A{branch}-{number}", branch="HH"), shape("A{branch}-{number}", branch="B"), False),
    ],
)  # fmt: skip
def test_whether_two_patterns_could_give_the_same_number(one: Shape, other: Shape, collide: bool) -> None:
    assert could_collide(one, other) is could_collide(other, one) is collide


PIECES = st.lists(
    st.sampled_from(["{prefix}", "{year}", "{yy}", "A", "1", "-", "{company}", "{number}", "{number:03d}"]),
    min_size=1,
    max_size=5,
).map("".join)
PREFIX = st.sampled_from(["", "A", "1", "A1", "-"])


@given(
    PIECES,
    PIECES,
    PREFIX,
    PREFIX,
    st.integers(2000, 2029),
    st.integers(2000, 2029),
    st.integers(0, 2000),
    st.integers(0, 2000),
)
def test_equal_numbers_are_always_foreseen(
    one: str,
    other: str,
    prefix: str,
    other_prefix: str,
    year: int,
    other_year: int,
    value: int,
    other_value: int,
) -> None:
    left, right = shape(one, prefix), shape(other, other_prefix)
    if render(left, year=year, value=value) == render(right, year=other_year, value=other_value):
        assert could_collide(left, right)


def test_what_a_pattern_shows() -> None:
    assert shows_year("{yy}-{number}")
    assert not shows_year("{prefix}-{number}")
    assert [number_fields(text) for text in ("{number}", "{number:05d}{number}", "x")] == [1, 2, 0]
