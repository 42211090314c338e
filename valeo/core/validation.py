"""What models and Django's validators find wrong, as refusals with all their reasons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from valeo.core.exceptions import Refused, Violation


def violations_of(error: ValidationError, field: str = "") -> list[Violation]:
    """One violation per message; the field's name where the error knows it, else ``field``."""
    if not hasattr(error, "error_dict"):  # messages without fields
        return [
            Violation(code=each.code or "invalid", text=str(text), field=field)
            for each in error.error_list
            for text in each
        ]
    return [
        Violation(
            code=each.code or "invalid",
            text=str(text),
            # a constraint over several fields names in its code the one it is shown beside: "end:order"
            field=(each.code or "").rpartition(":")[0] if name == NON_FIELD_ERRORS else name,
        )
        for name, errors in error.error_dict.items()
        for each in errors
        for text in each
    ]


def check(instance: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """Validate fields, uniqueness and constraints of a row; raises ``Refused`` with everything that is wrong."""
    try:
        instance.full_clean(exclude=set(exclude))
    except ValidationError as error:
        raise Refused(violations_of(error)) from error


def changed(instance: models.Model, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Set the values and return ``{field: [old, new]}`` of those that differ."""
    changes: dict[str, list[Any]] = {}
    for name, new in values.items():
        old = getattr(instance, name)
        if old != new:
            changes[name] = [old, new]
            setattr(instance, name, new)
    return changes
