"""Constraints Django has no word for: references that stay in the company, places taken once in a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.constraints import BaseConstraint


class TableConstraint(BaseConstraint):
    """What ``ALTER TABLE … ADD CONSTRAINT`` says is all a subclass writes; the database alone checks it."""

    def definition(self, model: type[models.Model], quote: Callable[[str], str]) -> str:
        """Return what stands behind the constraint's name."""
        raise NotImplementedError

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None and schema_editor is not None  # noqa: S101, PT018 - Django always passes both
        quote = schema_editor.quote_name
        return f"CONSTRAINT {quote(self.name)} {self.definition(model, quote)}"

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None and schema_editor is not None  # noqa: S101, PT018 - Django always passes both
        return f"ALTER TABLE {schema_editor.quote_name(model._meta.db_table)} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None and schema_editor is not None  # noqa: S101, PT018 - Django always passes both
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Left to the database: forms only offer what fits."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TableConstraint):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]


def column_of(model: type[models.Model], name: str) -> str:
    """Return the column of a field; ``TypeError`` where it has none."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        message = f"{model.__name__}.{name} has no column"
        raise TypeError(message)
    return str(field.column)


class SameCompany(TableConstraint):
    """``FOREIGN KEY (company_id, <field>_id) REFERENCES target (company_id, id)``, checked by each statement.

    Not deferred to the commit: the check locks the target, and who waits for it there holds the heads of the company's
    chains already (docs/concurrency.md). ``SET CONSTRAINTS`` may still defer it.
    Replaces Django's single-column key, so the field is declared with ``db_constraint=False``.
    The target needs a unique constraint on (company, id): ``CompanyOwned.Meta`` brings it.
    """

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def definition(self, model: type[models.Model], quote: Callable[[str], str]) -> str:
        field = model._meta.get_field(self.field)
        if not isinstance(field, models.ForeignKey) or not isinstance(field.related_model, type):
            message = f"{model.__name__}.{self.field} is no resolved foreign key"  # a wrong declaration
            raise TypeError(message)
        return (
            f"FOREIGN KEY ({quote('company_id')}, {quote(field.column)}) "
            f"REFERENCES {quote(field.related_model._meta.db_table)} "
            f"({quote('company_id')}, {quote('id')}) DEFERRABLE INITIALLY IMMEDIATE"
        )

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs["field"] = self.field
        return path, tuple(args), kwargs


class OncePlaced(TableConstraint):
    """``EXCLUDE USING btree (… WITH =)``, deferred: unique, while the columns may still change freely.

    Columns of a unique constraint count as keys of the row: an UPDATE that names one locks as a DELETE would, and
    waits for everybody who refers to the row (docs/concurrency.md). Those of an exclusion do not.
    """

    def __init__(self, *, fields: tuple[str, ...] | list[str], name: str) -> None:
        super().__init__(name=name)
        self.fields = tuple(fields)

    def definition(self, model: type[models.Model], quote: Callable[[str], str]) -> str:
        columns = [quote(column_of(model, field)) for field in self.fields]
        listed = ", ".join(f"{column} WITH =" for column in columns)
        return f"EXCLUDE USING btree ({listed}) DEFERRABLE INITIALLY DEFERRED"

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs["fields"] = self.fields
        return path, tuple(args), kwargs


def same_company(table: str, *fields: str) -> list[BaseConstraint]:
    """One composite key per field; ``table`` gives the constraint its name."""
    return [SameCompany(field=field, name=f"{table}_{field}_company") for field in fields]
