"""The canonical encoding of an audit entry, version 1. Pure standard library: the offline verifier uses it too.

content_hash = SHA-256 over the entry's content as JSON: UTF-8, keys sorted, no blanks, no floating point numbers.
hash = SHA-256 over "previous hash|content hash|sequence|id", which the database's trigger computes (models.py).
Personal text is no part of the content: the content holds its seal, HMAC-SHA-256 under a random key of its own, and
both key and text can be erased without breaking the chain.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

VERSION: Final = 1
#: the hash before a company's first entry
GENESIS: Final = "0" * 64
#: columns of an entry in its content, in no particular order
CONTENT: Final = (
    "version", "company_id", "at", "user_id", "action", "object_type", "object_id", "object_uuid", "label",
    "from_state", "to_state", "changes", "data", "seals", "request_id",
)  # fmt: skip


def plain(value: Any) -> Any:
    """The value in JSON's terms, the same before and after a trip through the database.

    Numbers but integers become text, as do dates, UUIDs, lazy translations and whatever else; keys become text.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {plain_text(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = [plain(each) for each in value]
        return sorted(items, key=str) if isinstance(value, set | frozenset) else items
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return plain_text(value)


def plain_text(value: Any) -> str:
    """Text without what PostgreSQL can't store: the character NUL and halves of characters."""
    return str(value).replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def encode(value: Any) -> bytes:
    """Canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def stamp(at: dt.datetime) -> str:
    """A moment in UTC with six decimals."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content; raises ``KeyError`` when a column is missing."""
    return hashlib.sha256(encode({name: content[name] for name in CONTENT})).hexdigest()


def link(previous: str, content: str, seq: int, entry_id: int) -> str:
    """The hash of an entry, which the next one is linked to; the same as the trigger's."""
    return hashlib.sha256(f"{previous}|{content}|{seq}|{entry_id}".encode()).hexdigest()


def seal(key: str, value: Any) -> str:
    """The keyed hash that stands for a personal text in the content."""
    return hmac.digest(key.encode(), encode(value), "sha256").hex()
