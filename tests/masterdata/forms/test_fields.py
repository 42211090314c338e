"""The figures of master data are read by the reader of documents: one thing means the same on every screen."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from masterdata.forms.fields import FigureField
from valeo.core import typed

TEXTS = (
    "1.234,56", "1,234.56", "1.234.567,8", "40,000", "1.234", "7", ",5", "12,", "-3,5", "−3,5", "1 234,5", "1'234",
    "12.5", "12,5", "1,2,3", "1.23,4", "NaN", "1e5", "12 t", "-", "1234567890", "1,0000001", "1\x00", "١٢",
)  # fmt: skip


def answer(read: Callable[[], Any]) -> Any:
    """The figure, or why there is none."""
    try:
        return read()
    except typed.Unreadable as problem:
        return problem.code, problem.text
    except ValidationError as problem:
        return problem.code, problem.messages[0]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("text", TEXTS)
def test_one_reader_for_figures(language: str, text: str) -> None:
    field = FigureField(max_digits=15, decimal_places=6)
    with translation.override(language):
        expected = answer(lambda: typed.number(text, decimals=6, digits=9))
        assert answer(lambda: field.clean(text)) == expected


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_shown_reads_as_itself(language: str) -> None:
    field = FigureField(max_digits=18, decimal_places=9)
    with translation.override(language):
        for figure in (Decimal("1234.500000000"), Decimal("-0.000000001"), Decimal(10) ** 8):
            assert field.clean(field.prepare_value(figure)) == figure


def test_an_empty_one_is_none() -> None:
    assert FigureField(required=False).clean(" ") is None
    with pytest.raises(ValidationError, match="Pflichtfeld"):
        FigureField().clean("")
