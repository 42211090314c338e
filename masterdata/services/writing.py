"""What every service of the master data does: lock, set, check everything, save, tell the journal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from masterdata.content import content_hash
from valeo.core.exceptions import Conflict, NotFound, Refused, Violation
from valeo.core.validation import check
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor

WRITE: Final = ("sales:write", "purchase:write")
FINANCE: Final = "finance:write"
ADMIN: Final = "admin:all"

EARLIEST, LATEST = date(1990, 1, 1), date(2150, 12, 31)
_M = TypeVar("_M", bound=models.Model)
Changes = dict[str, list[Any]]


def locked(model: type[_M], uuid: UUID, actor: Actor, expected_version: int | None = None) -> _M:
    """The row of the actor's company, locked. Raises ``NotFound``, and ``Conflict`` for a stale version."""
    rows = model.everywhere.select_for_update(no_key=True)  # type: ignore[attr-defined]
    row: _M | None = rows.filter(company_id=actor.company_id, uuid=uuid).first()
    if row is None:
        raise NotFound
    refuse_stale(row, expected_version)
    return row


def refuse_stale(row: models.Model, expected_version: int | None) -> None:
    if expected_version is not None and row.version != expected_version:  # type: ignore[attr-defined]
        raise Conflict(_("Somebody else has changed this in the meantime. Look at it again before you save."))


def assign(row: models.Model, values: Mapping[str, Any]) -> tuple[Changes, list[Violation]]:
    """Set cleaned values; what changed as field → [old, new] in words, and what cannot be stored."""
    changes: Changes = {}
    violations: list[Violation] = []
    for name, given in values.items():
        field: Any = row._meta.get_field(name)
        value, found = _cleaned(row, field, given)
        violations += found
        old = None if getattr(row, field.attname) is None else getattr(row, name)  # a key not yet set raises
        if not found and old != value:
            changes[name] = [_shown(old), _shown(value)]
            setattr(row, name, value)
    return changes, violations


def _cleaned(row: models.Model, field: Any, given: Any) -> tuple[Any, list[Violation]]:
    if isinstance(field, models.ForeignKey):
        if given is not None and getattr(given, "company_id", None) != row.company_id:  # type: ignore[attr-defined]
            return None, [Violation("not-found", _("This choice does not exist."), field.name)]
        return given, []
    if isinstance(given, str) and isinstance(field, models.CharField | models.TextField):
        text, found = clean_text(given, field.name, lines=isinstance(field, models.TextField))
        if isinstance(field, models.TextField) and field.max_length and len(text) > field.max_length:
            found.append(
                Violation("too-long", _("The text is too long."), field.name)
            )  # the model itself lets it pass
        return text, found
    if isinstance(given, date) and not EARLIEST <= given <= LATEST:
        return given, [Violation("date-out-of-range", _("A date between 1990 and 2150."), field.name)]
    return given, []


def clean_text(given: str, field: str, *, lines: bool = False) -> tuple[str, list[Violation]]:
    """NFC, trimmed; control and unassigned characters are refused (a line break passes where ``lines``)."""
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n")).strip()
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co") and c not in allowed for c in text):
        return text, [
            Violation("control-character", _("The text contains a character that cannot be printed."), field)
        ]
    return text, []


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


def ensure(row: models.Model, found: Iterable[Violation] = (), *, exclude: Iterable[str] = ()) -> None:
    """Refuse with everything that is wrong: what was found already and what the model's own rules say."""
    violations = list(found)
    known = {violation.field for violation in violations}
    try:
        check(row, exclude={*exclude, *(field for field in known if _is_field(row, field))})
    except Refused as refused:
        violations += [placed(violation) for violation in refused.violations]
    if violations:
        raise Refused(violations)


def _is_field(row: models.Model, name: str) -> bool:
    try:
        row._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def placed(violation: Violation) -> Violation:
    """A constraint's code reads ``field:code``; put the refusal where it belongs."""
    field, colon, code = violation.code.partition(":")
    return replace(violation, code=code, field=field) if colon else violation


def save_new(row: models.Model) -> None:
    row.save(force_insert=True)


def save_changed(row: models.Model) -> None:
    """Save with the next version."""
    row.version += 1  # type: ignore[attr-defined]
    row.save()


def tell(
    journal: Journal, action: str, row: models.Model, *, label: str, changes: Changes, reason: str = ""
) -> None:
    """An audit entry that also vouches for the content, and a live event for open lists."""
    journal.entry(
        action=action,
        obj=row,
        label=label,
        reason=reason,
        changes=changes,
        data={"content": content_hash(row)},
    )


def tell_lists(journal: Journal, kind: str, row: models.Model, number: str) -> None:
    """Open lists of partners and articles follow the channel of their side."""
    payload = {"kind": kind, "id": str(row.uuid), "number": number, "state": ""}  # type: ignore[attr-defined]
    for channel in ("sales", "purchase"):
        journal.event(channel=channel, payload=payload)


def one_default(rows: models.QuerySet[Any], keep: models.Model) -> None:
    """A new default takes the mark from the former one."""
    rows.filter(is_default=True).exclude(pk=keep.pk).update(is_default=False)
