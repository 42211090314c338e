"""Appending to the audit record, and erasing a person's text from it."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, models, transaction

from valeo.audit import canonical
from valeo.audit.models import AuditEntry, AuditText
from valeo.core.personal import is_personal, label_is_personal
from valeo.core.prepared import prepared
from valeo.tenancy.actor import Actor

KEY_BYTES: Final = 16
_COLUMNS: Final = {
    "company_id": "bigint", "version": "smallint", "at": "timestamptz", "user_id": "bigint", "action": "text",
    "object_type": "text", "object_id": "bigint", "object_uuid": "uuid", "label": "text", "from_state": "text",
    "to_state": "text", "changes": "jsonb", "data": "jsonb", "seals": "jsonb", "request_id": "text",
    "content_hash": "text",
}  # fmt: skip
# The trigger fills the three columns of the chain. Texts find their entry by the content hash, which the random keys
# of their seals make unique.
_APPEND: Final = f"""
WITH given AS (
  SELECT * FROM jsonb_to_recordset(%s::jsonb)
    AS r(ord int, parts jsonb, {", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
), entry AS (
  INSERT INTO audit_auditentry ({", ".join(_COLUMNS)}, seq, prev_hash, hash)
  SELECT {", ".join(_COLUMNS)}, 0, '', '' FROM given ORDER BY ord
  RETURNING id, content_hash
)
INSERT INTO audit_audittext (entry_id, company_id, parts)
SELECT entry.id, given.company_id, given.parts FROM entry JOIN given USING (content_hash)
WHERE given.parts <> '{{}}'
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Happening:
    """What an entry tells. ``data`` never holds personal text; ``personal`` may."""

    action: str
    at: dt.datetime
    obj: models.Model | None = None
    label: str = ""
    from_state: str = ""
    to_state: str = ""
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, Any] = field(default_factory=dict)


def append(actor: Actor, happenings: Iterable[Happening]) -> None:
    """Write entries in one statement, as the last but the outbox's of the caller's transaction.

    Raises ``TransactionManagementError`` outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Audit entries are written inside a transaction.")
    rows = [_row(actor, happening, ord_) for ord_, happening in enumerate(happenings)]
    if rows:
        with prepared() as cursor:
            cursor.execute(_APPEND, [json.dumps(rows)])


def _row(actor: Actor, happening: Happening, ord_: int) -> dict[str, Any]:
    obj = happening.obj
    clear, sealed = _split_changes(obj, happening.changes)
    label = canonical.plain_text(happening.label)[:200]
    named = bool(label) and (obj is None or label_is_personal(type(obj)))
    texts = {
        "user": canonical.plain_text(actor.name),
        "label": label if named else "",
        "reason": canonical.plain_text(happening.reason),
        "changes": sealed,
        "personal": canonical.plain(happening.personal),
    }
    parts = {name: [secrets.token_hex(KEY_BYTES), text] for name, text in texts.items() if text}
    object_uuid = getattr(obj, "uuid", None)
    content: dict[str, Any] = {
        "version": canonical.VERSION,
        "company_id": actor.company_id,
        "at": canonical.stamp(happening.at),
        "user_id": actor.user_id,
        "action": happening.action,
        "object_type": obj._meta.label_lower if obj is not None else "",
        "object_id": obj.pk if obj is not None else None,
        "object_uuid": str(object_uuid) if object_uuid else None,
        "label": "" if named else label,
        "from_state": str(happening.from_state or ""),
        "to_state": str(happening.to_state or ""),
        "changes": clear,
        "data": canonical.plain(happening.data),
        "seals": {name: canonical.seal(key, text) for name, (key, text) in parts.items()},
        "request_id": actor.request_id,
    }
    return {**content, "content_hash": canonical.content_hash(content), "parts": parts, "ord": ord_}


def _split_changes(
    obj: models.Model | None, changes: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Changed fields that tell nothing about a person, and those that may."""
    clear: dict[str, Any] = {}
    sealed: dict[str, Any] = {}
    for name, values in changes.items():
        field_name = str(name).split(".")[-1]
        texts = values if isinstance(values, list | tuple) else [values]
        personal = obj is None or any(is_personal(type(obj), field_name, each) for each in texts)
        (sealed if personal else clear)[canonical.plain_text(name)] = canonical.plain(values)
    return clear, sealed


@transaction.atomic
def erase_texts(*, company_id: int, entry_ids: Iterable[int], parts: Iterable[str]) -> int:
    """Take the named parts (user, label, reason, changes, personal) and their keys out of entries' texts.

    Returns how many texts lost something. The chain stays valid: ``verify_audit`` reports the parts as erased.
    """
    wanted = set(parts)
    changed = 0
    texts = AuditText.everywhere.select_for_update(no_key=True).filter(
        company_id=company_id, entry_id__in=list(entry_ids)
    )
    for text in texts:
        kept = {name: part for name, part in text.parts.items() if name not in wanted}
        if kept != text.parts:
            text.parts = kept
            text.save(update_fields=["parts"])
            changed += 1
    return changed


def entries_of_user(*, company_id: int, user_id: int) -> list[int]:
    """Ids of the entries that carry the user's name."""
    return list(
        AuditEntry.everywhere.filter(company_id=company_id, user_id=user_id).values_list("id", flat=True)
    )
