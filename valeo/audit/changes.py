"""What an edit changed, as an audit entry tells it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models

#: fields that change with every save and say nothing
IGNORED = frozenset({"version", "changed_at", "changed_by", "updated_at"})


def values_of(obj: models.Model, fields: Collection[str] | None = None) -> dict[str, Any]:
    """The stored fields of a row by name; a reference is its id. Take it before the edit: rows are mutable."""
    return {
        field.name: field.value_from_object(obj)
        for field in obj._meta.concrete_fields
        if (fields is None or field.name in fields) and field.name not in IGNORED
    }


def changes_between(
    old: models.Model | Mapping[str, Any], new: models.Model | Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Field → [old, new] of what differs; a field that only one side has counts as None on the other."""
    before = values_of(old) if isinstance(old, models.Model) else old
    after = values_of(new) if isinstance(new, models.Model) else new
    names = dict.fromkeys([*before, *after])
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }
