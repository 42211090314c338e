"""Raw SQL against the triggers: a value unlike the stored one for every column, and what must be refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction


def concrete(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def other_value(field: models.Field[Any, Any]) -> str:
    """An SQL expression that is of the column's type and unlike what stands there."""
    column = f'"{field.column}"'
    if isinstance(field, models.BooleanField):
        return f"NOT {column}"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if isinstance(field, models.JSONField):
        return f"jsonb_build_object('was', {column})"
    if isinstance(field, models.DateTimeField):
        return f"coalesce({column}, now()) + interval '1 hour'"
    if isinstance(field, models.DateField):
        return f"coalesce({column}, current_date) + 1"
    if isinstance(field, models.CharField | models.TextField):
        size = field.max_length
        text = f"(CASE WHEN {column} LIKE 'x%%' THEN 'y' ELSE 'x' END || coalesce({column}, ''))"
        return f"left({text}, {size})" if size else text
    return f"coalesce({column}, 0) + 1"


@contextmanager
def database_refuses(*words: str) -> Iterator[None]:
    """An IntegrityError by our own triggers (``valeo: …``), whose text names ``words``."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        yield
    text = str(raised.value)
    assert "valeo:" in text, text
    for word in words:
        assert word in text


def run(sql: str, parameters: Sequence[Any] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def change(field: models.Field[Any, Any], row: models.Model) -> int:
    """UPDATE one column of one row, as somebody at the database's prompt would."""
    table = row._meta.db_table
    key = row._meta.pk
    assert key is not None
    return run(
        f'UPDATE {table} SET "{field.column}" = {other_value(field)} WHERE "{key.column}" = %s',  # noqa: S608
        [row.pk],
    )
