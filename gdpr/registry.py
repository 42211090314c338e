"""All declarations of personal data: loads each app's ``personal_data.py``, finds what no one declared."""

from __future__ import annotations

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.module_loading import autodiscover_modules

from valeo.core.personal import declaration_of

MODULE = "personal_data"
#: fields that can hold a person's name or words
TEXT_FIELDS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)


def load() -> None:
    """Import every installed app's declarations; each declares itself once."""
    autodiscover_modules(MODULE)


def is_text(field: models.Field[object, object]) -> bool:
    """Whether a field can hold text that people type; closed lists of choices can't."""
    if isinstance(field, ArrayField):
        return is_text(field.base_field)
    return isinstance(field, TEXT_FIELDS) and not field.choices


def own_models() -> list[type[models.Model]]:
    """The project's models that have a table of their own."""
    from_libraries = ("django.", "guardian", "rest_framework", "pgtrigger")
    return [
        model
        for model in apps.get_models()
        if not model.__module__.startswith(from_libraries) and not model._meta.proxy and model._meta.managed
    ]


def undeclared() -> list[str]:
    """``app.model.field`` of every text field that is declared neither personal nor impersonal."""
    missing: list[str] = []
    for model in own_models():
        declaration = declaration_of(model)
        known = set(declaration.fields) if declaration else set()
        missing += [
            f"{model._meta.label_lower}.{field.name}"
            for field in model._meta.concrete_fields
            if is_text(field) and field.name not in known
        ]
    return sorted(missing)
