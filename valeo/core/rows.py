"""Hot reads and writes of whole rows with SQL that is put together once per process.

Django's compiler takes longer for a row of eighty columns than PostgreSQL for storing it. What runs in every document
step therefore goes through here; everything else through the ORM. Rows are ordinary model instances.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

from valeo.core.prepared import prepared

M = TypeVar("M", bound=models.Model)
#: types of a record whose length the table itself checks, with its own error
_LOOSE: Final = {"varchar": "text", "char": "text", "numeric": "numeric"}


class Read(Generic[M]):
    """``SELECT <all columns> FROM <table> AS t <tail>`` as model instances.

    ``tail`` names its values as ``%(name)s`` and says itself which company's rows it wants.

    >>> lines = Read(
    ...     Line, "WHERE t.company_id = %(company)s AND t.document_id = ANY(%(ids)s) ORDER BY t.position"
    ... )
    >>> lines(company=1, ids=[7])
    """

    def __init__(self, model: type[M], tail: str, *, extra: str = "", before: str = "") -> None:
        self.model, self.tail, self.extra, self.before = model, tail, extra, before

    @cached_property
    def sql(self) -> str:
        """The statement; columns in the order of the model's fields, then ``extra``."""
        extra = f", {self.extra}" if self.extra else ""
        table = self.model._meta.db_table
        return f"{self.before} SELECT {columns(self.model, 't')}{extra} FROM {table} AS t {self.tail}"  # noqa: S608 - constants

    def __call__(self, **values: Any) -> list[M]:
        """The rows; one query."""
        build = builder(self.model)
        with prepared() as cursor:
            cursor.execute(self.sql, values)
            return [build(row) for row in cursor.fetchall()]

    def with_extra(self, **values: Any) -> list[tuple[M, tuple[Any, ...]]]:
        """The rows, each with its extra columns; one query."""
        build = builder(self.model)
        width = len(self.model._meta.concrete_fields)
        with prepared() as cursor:
            cursor.execute(self.sql, values)
            return [(build(row[:width]), row[width:]) for row in cursor.fetchall()]


def columns(model: type[models.Model], alias: str) -> str:
    """All columns of a table in the order in which ``builder`` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def builder(model: type[M]) -> Callable[[Sequence[Any]], M]:
    """Makes an instance of the values of ``columns`` as the database returned them."""
    found = _BUILDERS.get(model)
    if found is None:
        found = _BUILDERS[model] = _builder(model)
    return found


_BUILDERS: dict[type[models.Model], Callable[[Sequence[Any]], Any]] = {}


def _builder(model: type[M]) -> Callable[[Sequence[Any]], M]:
    fields = model._meta.concrete_fields
    names = [str(field.attname) for field in fields]
    alias = connection.alias
    converters = [
        (index, field.get_db_converters(connection), field.get_col(model._meta.db_table))
        for index, field in enumerate(fields)
        if field.get_db_converters(connection)
    ]

    def plain(row: Sequence[Any]) -> M:
        # as ``from_db``, without the loop over all fields and the signals that nobody here receives
        made = model.__new__(model)
        made.__dict__.update(zip(names, row, strict=True))
        made._state = state = ModelState()
        state.adding, state.db = False, alias
        return made

    def converted(row: Sequence[Any]) -> M:
        values = list(row)
        for index, each, column in converters:
            for convert in each:
                values[index] = convert(values[index], column, connection)
        return plain(values)

    return converted if converters else plain


# ---------------------------------------------------------------- writing


def default(value: Any) -> Any:
    """How a value stands in a JSON record; the column's own type reads it."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    return str(value)


def dump(records: Sequence[Mapping[str, Any]]) -> str:
    """Records for ``jsonb_to_recordset``."""
    return json.dumps(records, default=default)


class Record(Generic[M]):
    """A table's columns as a JSON record, and back: the rows of one INSERT or UPDATE as one value."""

    def __init__(self, model: type[M], *, without: Iterable[str] = ()) -> None:
        self.model, self.without = model, frozenset(without)

    @cached_property
    def fields(self) -> list[models.Field[Any, Any]]:
        """The written fields: all but the key and those left out."""
        return [
            field
            for field in self.model._meta.concrete_fields
            if not field.primary_key and field.name not in self.without
        ]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(str(field.column) for field in self.fields)

    @cached_property
    def columns(self) -> str:
        return ", ".join(f'"{name}"' for name in self.names)

    @cached_property
    def types(self) -> str:
        """The column list of ``jsonb_to_recordset(…) AS r(…)``."""
        return ", ".join(
            f'"{name}" {_type(field)}' for name, field in zip(self.names, self.fields, strict=True)
        )

    @cached_property
    def selected(self) -> str:
        return ", ".join(f'r."{name}"' for name in self.names)

    @cached_property
    def _plan(self) -> list[tuple[str, str, models.Field[Any, Any] | None]]:
        return [
            (str(field.column), str(field.attname), field if _sets_itself(field) else None)
            for field in self.fields
        ]

    def of(self, row: M, *, adding: bool) -> dict[str, Any]:
        """The row's values; dates that set themselves are set, as ``save`` does."""
        return {
            column: getattr(row, name) if field is None else field.pre_save(row, adding)
            for column, name, field in self._plan
        }


def _sets_itself(field: models.Field[Any, Any]) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _type(field: models.Field[Any, Any]) -> str:
    kind = str(field.db_type(connection))
    return _LOOSE.get(kind.partition("(")[0], kind)


def stored(row: models.Model, key: int) -> None:
    """The row is in the database under this key now."""
    row.pk = key
    row._state.adding = False
    row._state.db = connection.alias


class Update(Generic[M]):
    """``UPDATE`` of the named fields of many rows in one statement."""

    def __init__(self, model: type[M], fields: Iterable[str]) -> None:
        kept = set(fields)
        self.record = Record(
            model, without={field.name for field in model._meta.concrete_fields if field.name not in kept}
        )

    @cached_property
    def sql(self) -> str:
        sets = ", ".join(f'"{name}" = r."{name}"' for name in self.record.names)
        table = self.record.model._meta.db_table
        return (
            f"UPDATE {table} AS t SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS r(key bigint, {self.record.types}) "  # noqa: S608
            "WHERE t.id = r.key"
        )

    def __call__(self, rows: Iterable[M]) -> None:
        """Write the rows as they stand; nothing where there are none."""
        records = [{"key": row.pk, **self.record.of(row, adding=False)} for row in rows]
        if records:
            with prepared() as cursor:
                cursor.execute(self.sql, [dump(records)])


class Insert(Generic[M]):
    """New rows in one statement; their keys rise in the order given."""

    def __init__(self, model: type[M]) -> None:
        self.record = Record(model)

    @cached_property
    def sql(self) -> str:
        table = self.record.model._meta.db_table
        return (
            f"INSERT INTO {table} ({self.record.columns}) SELECT {self.record.selected} "  # noqa: S608 - names of the model
            f"FROM jsonb_to_recordset(%s::jsonb) AS r(ord int, {self.record.types}) ORDER BY r.ord RETURNING id"
        )

    def __call__(self, given: Sequence[M]) -> None:
        """Write the rows and give them their keys; nothing where there are none."""
        if not given:
            return
        records = [{"ord": index, **self.record.of(row, adding=True)} for index, row in enumerate(given)]
        with prepared() as cursor:
            cursor.execute(self.sql, [dump(records)])
            keys = sorted(found[0] for found in cursor.fetchall())
        for row, key in zip(given, keys, strict=True):
            stored(row, key)
