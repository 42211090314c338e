"""The administrator's pages of the master data."""

from __future__ import annotations

from masterdata.admin import code_lists, taxes, terms  # noqa: F401 - registers them
