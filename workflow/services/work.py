"""One composite use case: everything it moves, in one transaction, with numbers, audit and outbox last."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from documents import registry, snapshot
from documents.case import Case
from documents.kinds import RevisionState
from documents.models import Document, Line, Revision
from documents.services import content as contents
from documents.services import progress, proofs
from numbering.services import NumberRequest, allocate_many
from valeo.core import rows
from valeo.core.exceptions import Refused
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company
from workflow.services.day import check_day

# Progress has its own statements (documents/services/progress.py, payments): a whole-row save would undo them.
SAVED_FIELDS = [
    item.name
    for item in Document._meta.concrete_fields
    if item.name
    not in {"id", "company", "uuid", "kind", "created_by", "created_at", "fulfilment", "invoicing", "payment"}
]
_SAVE: Final = rows.Update(Document, SAVED_FIELDS)
_INSERT_REVISIONS: Final = rows.Insert(Revision)
CODE_BYTES = 16  # 128 bit, more than the 96 that verification asks for


@dataclass
class Work:
    """Collects what one use case did; ``finish`` writes it in the order that keeps locks safe (architecture § 5)."""

    company: Company
    actor: Actor
    today: date
    now: datetime = field(default_factory=timezone.now)
    posted: list[Case] = field(default_factory=list)
    saved: dict[int, Document] = field(default_factory=dict)
    touched: dict[int, Document] = field(default_factory=dict)  # sources whose progress changed
    notes: list[dict[str, Any]] = field(default_factory=list)
    cancelled: list[Case] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.journal = Journal(self.actor)

    def adopt(self, case: Case) -> Case:
        """Make this work the one that guards and effects of the case see."""
        case.actor, case.journal, case.today = self.actor, self.journal, self.today
        case.facts["work"] = self
        return case

    def note(
        self,
        document: Document,
        action: str,
        *,
        from_state: str,
        to_state: str,
        reason: str = "",
        **extra: Any,
    ) -> None:
        """Remember an audit entry and the live events that go with it; written at the end, with the number."""
        self.notes.append(
            {
                "document": document,
                "action": action,
                "from": from_state,
                "to": to_state,
                "reason": reason,
                **extra,
            }
        )

    def change(self, document: Document) -> None:
        """The document's row is to be saved with this work."""
        document.version += 1
        document.changed_by_id = self.actor.user_id
        self.saved[document.pk] = document

    def save_now(self, document: Document) -> None:
        """Save a row before the end of the work, where later statements build on it."""
        document.changed_at = self.now
        _SAVE([document])
        self.saved.pop(document.pk, None)

    def moved(self, case: Case, *, was: str, now: str) -> None:
        """The document became live, or ceased to be: its sources' progress follows."""
        lines = progress.apply(case, was=was, now=now)
        if not lines:
            return
        progress.save(lines)
        lines_of: dict[int, list[Line]] = {}
        for line in case.source_lines.values():
            lines_of.setdefault(line.document_id, []).append(line)
        touched_ids = {line.document_id for line in lines}
        documents = [case.sources[pk] for pk in touched_ids if pk in case.sources]
        progress.refresh(documents, lines_of)
        self.touched.update({document.pk: document for document in documents})

    def finish(self) -> None:
        """Numbers, snapshots, rows, then audit and outbox as the last statements."""
        numbers = self._numbers()
        revisions = []
        for case, number in zip(self.posted, numbers, strict=True):
            case.document.number = number
            revisions.append(self._freeze(case))
        if revisions:
            _INSERT_REVISIONS(revisions)
        for document in self.saved.values():
            document.changed_at = self.now
        _SAVE(self.saved.values())
        passed_on = {pk for case in self.cancelled for pk in case.facts.get("passed_on", ())}
        if passed_on:
            progress.recompute(passed_on)
        for case, revision in zip(self.posted, revisions, strict=True):
            if any(paper.leaves for paper in case.type.papers):
                self.journal.job(
                    name="archive.issue",
                    payload={"revision": revision.pk},
                    key=f"archive.issue:{revision.pk}",
                )
        self._seal()
        for note in self.notes:
            _write(self.journal, note)
        for document in self.touched.values():
            if document.pk not in self.saved:
                channel = registry.get(document.kind).channel
                self.journal.event(channel=channel, payload=document_payload(document))
        self.journal.flush()

    def _numbers(self) -> list[str]:
        """A number for each posted document. The day that nobody chose is the day on which the series are locked."""
        if not self.posted:
            return []
        of_today = not all(case.document.date_is_set for case in self.posted)
        try:
            numbers = allocate_many([_number_request(case) for case in self.posted])
        except Refused:
            if of_today:  # the last number may be of the new day already
                check_day(self.company, self.today)
            raise
        if of_today:
            check_day(self.company, self.today)
        return numbers

    def _seal(self) -> None:
        """Posting and amending entries carry the digest of all rows as stored (documents/services/proofs.py)."""
        sealing = [note for note in self.notes if note["action"] in proofs.SEALING]
        if sealing:
            found = proofs.digests({note["document"].pk for note in sealing})
            for note in sealing:
                note["rows"], note["ledger"] = found[note["document"].pk]

    def _freeze(self, case: Case) -> Revision:
        document = case.document
        code = secrets.token_urlsafe(CODE_BYTES)
        content = contents.content_of(case, code=code)
        document.search_text = contents.search_text(case)
        document.content_hash = snapshot.content_hash(content)
        self.change(document)
        for note in self.notes:
            if note["document"] is document and note["action"] == "post":
                note["snapshot"] = document.content_hash
        return Revision(
            company_id=document.company_id,
            document=document,
            number=document.revision,
            state=RevisionState.IN_FORCE,
            content=content,
            content_hash=document.content_hash,
            verify_code=code,
            proposed_by_id=self.actor.user_id,
            in_force_at=self.now,
        )


def _number_request(case: Case) -> NumberRequest:
    document = case.document
    return NumberRequest(
        company_id=document.company_id,
        kind=document.kind,
        branch_id=document.branch_id,
        on=document.document_date,
        document_uuid=document.uuid,
    )


def document_payload(document: Document) -> dict[str, Any]:
    """What the channel of a document's domain carries (contract § 8)."""
    return {
        "document": str(document.uuid),
        "kind": document.kind,
        "number": document.number,
        "state": document.state,
        "gross": snapshot.money(document.gross_total),
        "updated": document.changed_at.isoformat(),
    }


def _write(journal: Journal, note: dict[str, Any]) -> None:
    document: Document = note["document"]
    document_type = registry.get(document.kind)
    data = {
        key: value
        for key, value in note.items()
        if key not in {"document", "action", "from", "to", "reason", "changes"}
    }
    journal.entry(
        action=note["action"],
        obj=document,
        label=str(document),
        from_state=note["from"],
        to_state=note["to"],
        reason=note["reason"],
        changes=note.get("changes", {}),
        data=data,
    )
    journal.event(
        channel="workflow",
        payload={
            "document": str(document.uuid),
            "domain": document_type.domain,
            "kind": document.kind,
            "number": document.number,
            "action": note["action"],
            "from": note["from"],
            "to": note["to"],
            "user": {"id": journal.actor.user_id, "name": journal.actor.name},
        },
    )
    journal.event(channel=document_type.channel, payload=document_payload(document))
