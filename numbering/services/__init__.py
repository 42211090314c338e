"""Giving numbers, and looking after the series that give them."""

from __future__ import annotations

from numbering.services.allocation import NumberRequest, allocate, allocate_many
from numbering.services.register import init_year, reserve, reset, use_reserved, void
from numbering.services.series import (
    branch_code_problems,
    change_series,
    close_series,
    create_default_series,
    create_series,
    import_series,
    succeed_series,
)

__all__ = [
    "NumberRequest",
    "allocate",
    "allocate_many",
    "branch_code_problems",
    "change_series",
    "close_series",
    "create_default_series",
    "create_series",
    "import_series",
    "init_year",
    "reserve",
    "reset",
    "succeed_series",
    "use_reserved",
    "void",
]
