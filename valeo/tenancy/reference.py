"""A company's reference data (units, tax rules, terms, warehouses, limits …), kept in the process and never stale.

Statement-level triggers on those tables give the company a new stamp in the transaction that changes them
(migrations ``0002_reference_stamp`` of tenancy, masterdata and workflow). A use case reads the stamp first; what was
kept under another stamp is not looked at. Stamps come from a sequence, so that a rolled-back one never comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from valeo.core.prepared import prepared
from valeo.tenancy.scope import current_company_id

T = TypeVar("T")
#: companies whose data one process keeps; the one that was read longest ago goes first
KEPT: Final = 64
STAMP: Final = "SELECT s.stamp FROM tenancy_referencestamp s WHERE s.company_id = %s"


class Reference:
    """Reference data as of one stamp. The rows are shared by all threads: read them, never change them."""

    __slots__ = ("_kept", "company_id", "stamp")

    def __init__(self, company_id: int, stamp: int | None) -> None:
        self.company_id, self.stamp = company_id, stamp
        self._kept: dict[Hashable, Any] = {}

    def get(self, key: Hashable, load: Callable[[], T]) -> T:
        """What ``load`` found for this stamp; it runs in the company's scope, at most once per stamp and process."""
        if key not in self._kept:
            self._kept[key] = load()
        found: T = self._kept[key]
        return found


_references: dict[int, Reference] = {}


def reference() -> Reference:
    """The reference data of the company in scope, as of now; one small query."""
    company_id = current_company_id()
    with prepared() as cursor:
        cursor.execute(STAMP, [company_id])
        row = cursor.fetchone()
    return reference_at(row[0] if row else None)


def reference_at(stamp: int | None) -> Reference:
    """The reference data of the company in scope under a stamp that the caller has read just now."""
    company_id = current_company_id()
    kept = _references.pop(company_id, None)
    if kept is None or kept.stamp != stamp:
        kept = Reference(company_id, stamp)
    if stamp is not None:  # without a stamp nothing tells of a change
        _references[company_id] = kept
        while len(_references) > KEPT:
            _references.pop(tuple(_references)[0], None)  # noqa: RUF015 - a thread may come between an iterator's steps
    return kept
