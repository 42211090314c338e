"""Declarations of personal data (contract § 9): what each text field of a model holds, said beside the model.

An app's ``personal_data.py`` calls ``declare`` once per model; ``gdpr`` loads them all and a test fails for a text
field that no one declared. The audit asks ``is_personal`` to keep personal text where it can be erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import models


class Basis(StrEnum):
    """Legal basis, Art. 6 (1) GDPR."""

    CONSENT = "consent"  # a
    CONTRACT = "contract"  # b
    LEGAL_DUTY = "legal_duty"  # c
    LEGITIMATE_INTEREST = "legitimate_interest"  # f


class Retention(StrEnum):
    """How long something is kept (§ 147 AO, § 257 HGB), counted from the end of the year."""

    NONE = "none"  # nothing obliges to keep it: goes at once
    RELATIONSHIP = "relationship"  # while the account or the business relation lasts
    LETTERS = "letters"  # 6 years
    VOUCHERS = "vouchers"  # 8 years
    BOOKS = "books"  # 10 years


class Erase(StrEnum):
    """What an erasure does with the field."""

    DELETE = "delete"  # the row goes
    CLEAR = "clear"  # the field is emptied
    PSEUDONYM = "pseudonym"  # replaced by a text without meaning
    RESTRICT = "restrict"  # kept for the law, hidden from ordinary use, gone after retention


@dataclass(frozen=True, slots=True)
class Personal:
    """A field that tells something about a natural person."""

    purpose: str
    basis: Basis
    retention: Retention
    erase: Erase


@dataclass(frozen=True, slots=True)
class Impersonal:
    """A field that tells nothing about a natural person."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """All that was said about one model."""

    model: type[models.Model]
    fields: Mapping[str, Personal | Impersonal]
    #: whether ``str(object)`` names a person
    label_is_personal: bool


IMPERSONAL: Final = Impersonal()
_declarations: dict[str, Declaration] = {}


def personal(*, purpose: str, basis: Basis, retention: Retention, erase: Erase) -> Personal:
    """A personal field: why it is kept, on which legal basis, how long, and what an erasure does."""
    return Personal(purpose, basis, retention, erase)


def impersonal(*names: str) -> dict[str, Personal | Impersonal]:
    """Fields that hold nothing personal, to be spread into the mapping of ``declare``."""
    return dict.fromkeys(names, IMPERSONAL)


def declare(
    model: type[models.Model],
    fields: Mapping[str, Personal | Impersonal],
    *,
    label_is_personal: bool | None = None,
) -> None:
    """Say what a model's text fields hold; raises ``ValueError`` for a field that does not exist or a second call.

    Without ``label_is_personal`` the object's ``str()`` counts as personal where any field is.
    """
    label = model._meta.label_lower
    if label in _declarations:
        raise ValueError(f"{label} is declared twice")
    unknown = set(fields) - {field.name for field in model._meta.get_fields()}
    if unknown:
        raise ValueError(f"{label} has no {', '.join(sorted(unknown))}")
    if label_is_personal is None:
        label_is_personal = any(isinstance(kind, Personal) for kind in fields.values())
    _declarations[label] = Declaration(model, dict(fields), label_is_personal)


def declaration_of(model: type[models.Model]) -> Declaration | None:
    return _declarations.get(model._meta.label_lower)


def declarations() -> tuple[Declaration, ...]:
    return tuple(_declarations[label] for label in sorted(_declarations))


def is_personal(model: type[models.Model], field: str, value: object) -> bool:
    """Whether a value of the field may tell something about a person; an undeclared text counts as personal."""
    declaration = declaration_of(model)
    kind = declaration.fields.get(field) if declaration else None
    if kind is None:
        return isinstance(value, str | list | dict) and bool(value)
    return isinstance(kind, Personal)


def label_is_personal(model: type[models.Model]) -> bool:
    """Whether the model's objects are named by a person's name; an undeclared model counts as personal."""
    declaration = declaration_of(model)
    return declaration is None or declaration.label_is_personal
