"""Composite keys are added last in a migration: each needs its target's unique constraint to exist."""

from __future__ import annotations

from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations import AddConstraint
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import MigrationAutodetectorMixin

from valeo.core.constraints import SameCompany
from valeo.core.operations import cheap


def _is_composite_key(operation: Operation) -> bool:
    return isinstance(operation, AddConstraint) and isinstance(operation.constraint, SameCompany)


class Autodetector(MigrationAutodetectorMixin, MigrationAutodetector):
    """Orders each app's operations so that composite keys follow everything else.

    Has pgtrigger's mixin itself, since pgtrigger patches Django's own class only.
    """

    def add_operation(self, app_label: str, operation: Operation, *options: Any, **named: Any) -> None:
        """Note an operation, or ours in its place."""
        super().add_operation(app_label, cheap(operation), *options, **named)

    def _sort_migrations(self) -> None:
        super()._sort_migrations()  # type: ignore[misc]  # the stubs leave it out
        for operations in self.generated_operations.values():  # type: ignore[attr-defined]  # likewise
            operations.sort(key=_is_composite_key)  # stable
