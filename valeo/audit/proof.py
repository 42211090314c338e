"""Checking a chain of audit entries, one after the other. Pure standard library, for database and export alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from valeo.audit import canonical

#: what an export and the checks need of an entry, besides its content
CHAIN: Final = ("id", "seq", "content_hash", "prev_hash", "hash")


class ChainCheck:
    """Feed it a company's entries by rising sequence; it yields what does not fit, in words."""

    def __init__(self) -> None:
        self.seq = 0
        self.hash = canonical.GENESIS
        self.erased = 0

    def feed(self, entry: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[str]:
        """Problems of one entry; afterwards the check goes on from what the entry says of itself."""
        seq = int(entry["seq"])
        if seq > self.seq + 1:
            yield (
                f"entry {self.seq + 1} is missing"
                if seq == self.seq + 2
                else f"entries {self.seq + 1} to {seq - 1} are missing"
            )
        elif seq <= self.seq:
            yield f"entry {seq} stands after entry {self.seq}"
        yield from self._links(entry, seq)
        yield from self._content(entry, seq)
        yield from self._texts(entry, parts, seq)
        self.seq, self.hash = seq, str(entry["hash"])

    def finish(self, head: Mapping[str, Any]) -> Iterator[str]:
        """Problems of the head: entries cut off at the end."""
        if int(head["seq"]) > self.seq:
            yield f"entries {self.seq + 1} to {head['seq']} are missing at the end"
        elif int(head["seq"]) < self.seq or head["hash"] != self.hash:
            yield f"the head of the chain does not fit the last entry {self.seq}"

    def _links(self, entry: Mapping[str, Any], seq: int) -> Iterator[str]:
        if entry["prev_hash"] != self.hash:
            yield f"entry {seq} is not linked to the entry before it"
        if entry["hash"] != canonical.link(entry["prev_hash"], entry["content_hash"], seq, int(entry["id"])):
            yield f"entry {seq} has a wrong hash: its number, id or links were changed"

    def _content(self, entry: Mapping[str, Any], seq: int) -> Iterator[str]:
        if entry["version"] != canonical.VERSION:
            yield f"entry {seq} has the unknown version {entry['version']}"
        elif entry["content_hash"] != canonical.content_hash(entry):
            yield f"entry {seq} was changed: its content does not fit its hash"

    def _texts(self, entry: Mapping[str, Any], parts: Mapping[str, Any], seq: int) -> Iterator[str]:
        seals: Mapping[str, str] = entry["seals"]
        for name, part in parts.items():
            if name not in seals:
                yield f"entry {seq}: the text “{name}” was added"
            elif not _fits(part, seals[name]):
                yield f"entry {seq}: the text “{name}” was changed"
        self.erased += len(set(seals) - set(parts))


def _fits(part: Any, seal: str) -> bool:
    if not (isinstance(part, list) and len(part) == 2 and isinstance(part[0], str)):
        return False
    return canonical.seal(part[0], part[1]) == seal
