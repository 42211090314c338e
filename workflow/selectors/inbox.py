"""What waits for whom: documents, amendments and change requests that a person must decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from documents import registry
from documents.kinds import Relation, RevisionState
from documents.models import Document, Link, Revision
from documents.spec import DocumentType
from documents.states import State
from documents.totals import round2
from valeo.tenancy.actor import Actor
from workflow.models import ChangeRequest, DocumentException
from workflow.selectors import changes
from workflow.selectors.asking import Asked, named, text_of
from workflow.selectors.corrections import About, Correction, about
from workflow.selectors.deciding import DECIDES, Decider

#: who sees changes of master data wait, besides those who decide them
SEES_CHANGES: Final = (*DECIDES, "finance:read")
#: the number in the navigation is read no further
COUNTED: Final = 1000
CHANGE: Final = "change"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the inbox, whatever it is about. ``hindrance``: why the reader does not decide it, empty: he does."""

    kind: str  # "document", "amendment" or "change"
    key: str  # the public id that decides it
    title: str
    partner: str
    amount: Decimal | None
    currency: str
    since: datetime
    by: str
    hindrance: str = ""
    exceptions: list[DocumentException] = field(default_factory=list)
    document: Document | None = None
    revision: Revision | None = None
    change: ChangeRequest | None = None
    content_hash: str = ""
    texts: tuple[str, ...] = ()
    # the row stands for both papers of a correction; ``document`` is the successor
    correction: Correction | None = None
    cancels: Document | None = None  # the voucher that a cancellation takes back

    @property
    def tick(self) -> str:
        """What a tick in the list says was seen; the version counts for both papers of a correction."""
        version = self.document.version if self.document is not None else ""
        return f"{self.key}:{version}:{self.content_hash}"

    @property
    def asked(self) -> list[Asked]:
        """What is to be decided on a document, each with its paper where there are two."""
        both = [self.correction.storno, self.correction.successor] if self.correction else [self.document]
        return named(self.exceptions, [paper for paper in both if paper is not None])

    def holds(self, key: str) -> bool:
        """Whether the public id names this row; either half of a correction names both."""
        return key == self.key or (self.correction is not None and key == str(self.correction.storno.uuid))


def _kinds(actor: Actor) -> list[DocumentType]:
    return [item for item in registry.all_types() if actor.has_any(*item.scopes.read)]


def _documents(kinds: Iterable[DocumentType]) -> QuerySet[Document]:
    return Document.objects.filter(state=State.PENDING, kind__in=[item.code for item in kinds])


def _revisions(kinds: Iterable[DocumentType]) -> QuerySet[Revision]:
    return Revision.objects.filter(
        state=RevisionState.PENDING, document__kind__in=[item.code for item in kinds]
    )


def _changes() -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.filter(state=ChangeRequest.State.PENDING)


def waiting(actor: Actor) -> list[Waiting]:
    """Everything that waits and that the actor may see, the longest first; as many queries whatever the rows."""
    kinds, decider = _kinds(actor), Decider(actor)
    documents = list(
        _documents(kinds).select_related("partner", "submitted_by").order_by("submitted_at", "pk")
    )
    revisions = list(_revisions(kinds).select_related("document__partner", "proposed_by"))
    asked = (
        list(_changes().select_related("partner", "company", "requested_by"))
        if actor.has_any(*SEES_CHANGES)
        else []
    )
    exceptions = _exceptions([*documents, *(revision.document for revision in revisions)])
    rows = _document_rows(documents, exceptions, decider)
    rows += [_revision_row(revision, exceptions, decider) for revision in revisions]
    rows += [_change_row(change, decider) for change in asked]
    return sorted(rows, key=lambda row: row.since)


def next_after(actor: Actor, since: datetime, *, mine: bool) -> Waiting | None:
    """What the actor looks at once he has decided what waited since then: the next in the list, else the last."""
    rows = [row for row in waiting(actor) if not (mine and row.hindrance)]
    return next((row for row in rows if row.since >= since), rows[-1] if rows else None)


def waiting_count(actor: Actor) -> int:
    """How many of them the actor can decide himself: the number in the navigation and at the bell.

    One query for all that waits; whether four eyes are on is asked where something of his own is among it. The two
    halves of a correction are one, and his where both are.
    """
    kinds = {item.code: item for item in _kinds(actor) if actor.has_any(*item.scopes.approve)}
    parts: list[QuerySet[Any, Any]] = []
    if kinds:
        parts = [_facts_of_documents(kinds.values()), _facts_of_revisions(kinds.values())]
    if actor.has_any(*DECIDES):
        parts.append(_facts_of_changes())
    if not parts:
        return 0
    decider = Decider(actor)
    first, *others = parts
    decided: dict[tuple[str, int], bool] = {}
    for row in first.union(*others, all=True)[:COUNTED]:
        key = (row["table"], row["group"])
        decided[key] = decided.get(key, True) and not _hindrance(decider, kinds, row)
    return sum(decided.values())


def _hindrance(decider: Decider, kinds: dict[str, DocumentType], row: dict[str, Any]) -> str:
    if row["what"] == CHANGE:
        return decider.hindrance_of_change(row["writer"])
    amount = row["amount"]
    if row["gross"] is not None:
        amount = max(amount, round2(Decimal(row["gross"]) * Decimal(row["rate"])))
    return decider.hindrance(kinds[row["what"]], {row["writer"], row["submitter"], row["editor"]}, amount)


def _successor() -> QuerySet[Any, Any]:
    """Of a storno: the successor that waits with it."""
    return Link.objects.filter(
        source_document=OuterRef("pk"), relation=Relation.SETTLES, source_line__isnull=True,
        target_document__state=State.PENDING,
    ).values("target_document_id")[:1]  # fmt: skip


def _facts_of_documents(kinds: Iterable[DocumentType]) -> QuerySet[Any, Any]:
    nothing = Value(None, output_field=TextField())
    return (
        _documents(kinds)
        .order_by()
        .values(
            table=Value("document"), group=Coalesce(Subquery(_successor()), F("pk"), output_field=BigIntegerField()),
            what=F("kind"), writer=F("created_by_id"), submitter=F("submitted_by_id"), editor=F("edited_by_id"),
            amount=F("gross_company"), gross=nothing, rate=nothing,
        )
    )  # fmt: skip


def _facts_of_revisions(kinds: Iterable[DocumentType]) -> QuerySet[Any, Any]:
    return (
        _revisions(kinds)
        .order_by()
        .values(
            table=Value("revision"), group=F("pk"), what=F("document__kind"), writer=F("document__created_by_id"),
            submitter=F("proposed_by_id"), editor=F("proposed_by_id"), amount=F("document__gross_company"),
            gross=KeyTextTransform("gross", "content__totals"),
            rate=KeyTextTransform("exchange_rate", "content__document"),
        )
    )  # fmt: skip


def _facts_of_changes() -> QuerySet[Any, Any]:
    nothing = Value(None, output_field=TextField())
    return (
        _changes()
        .order_by()
        .values(
            table=Value(CHANGE), group=F("pk"), what=Value(CHANGE), writer=F("requested_by_id"),
            submitter=F("requested_by_id"), editor=F("requested_by_id"), amount=Value(Decimal(0)), gross=nothing, rate=nothing,
        )
    )  # fmt: skip


def proposed_gross(revision: Revision) -> Decimal:
    """What the document would come to, in company currency."""
    content = revision.content
    return round2(Decimal(content["totals"]["gross"]) * Decimal(content["document"]["exchange_rate"]))


def _exceptions(documents: Iterable[Document]) -> dict[tuple[int, int], list[DocumentException]]:
    found: dict[tuple[int, int], list[DocumentException]] = {}
    ids = {document.pk for document in documents}
    for row in DocumentException.objects.filter(document__in=ids, is_open=True).order_by("pk"):
        found.setdefault((row.document_id, row.revision), []).append(row)
    return found


def _document_rows(
    documents: list[Document], exceptions: dict[tuple[int, int], list[DocumentException]], decider: Decider
) -> list[Waiting]:
    """One row per document, and one for the two halves of a correction."""
    known = about(documents)
    halves = {correction.storno.pk for correction in known.corrections.values()}
    rows = {document.pk: _document_row(document, exceptions, decider, known) for document in documents}
    for pk, correction in known.corrections.items():
        rows[pk] = _correction_row(rows[pk], rows[correction.storno.pk], correction)
    return [row for pk, row in rows.items() if pk not in halves]


def _correction_row(successor: Waiting, storno: Waiting, correction: Correction) -> Waiting:
    """Decided as the successor; the exceptions are those of both, and what hinders one hinders both."""
    return replace(
        successor, title=_("Correction"), since=min(successor.since, storno.since),
        exceptions=[*storno.exceptions, *successor.exceptions], texts=(*storno.texts, *successor.texts),
        hindrance=successor.hindrance or storno.hindrance, correction=correction,
    )  # fmt: skip


def _document_row(
    document: Document,
    exceptions: dict[tuple[int, int], list[DocumentException]],
    decider: Decider,
    known: About,
) -> Waiting:
    rows = exceptions.get((document.pk, document.revision), [])
    document_type = registry.get(document.kind)
    people = {document.created_by_id, document.submitted_by_id, document.edited_by_id}
    return Waiting(
        kind="document", key=str(document.uuid), title=str(document_type.title),
        partner=document.partner.name, amount=document.gross_total, currency=document.currency,
        since=document.submitted_at or document.changed_at, by=str(document.submitted_by or ""), exceptions=rows,
        document=document, content_hash=document.content_hash, texts=tuple(text_of(row) for row in rows),
        hindrance=decider.hindrance(document_type, people, document.gross_company),
        cancels=known.cancelled.get(document.pk),
    )  # fmt: skip


def _revision_row(
    revision: Revision, exceptions: dict[tuple[int, int], list[DocumentException]], decider: Decider
) -> Waiting:
    document = revision.document
    rows = exceptions.get((document.pk, revision.number), [])
    document_type = registry.get(document.kind)
    return Waiting(
        kind="amendment", key=str(revision.uuid), title=str(document_type.title),
        partner=document.partner.name, amount=Decimal(revision.content["totals"]["gross"]),
        currency=document.currency, since=revision.proposed_at, by=str(revision.proposed_by or ""), exceptions=rows,
        document=document, revision=revision, content_hash=revision.content_hash,
        texts=tuple(text_of(row) for row in rows),
        hindrance=_of_revision(decider, revision),
    )  # fmt: skip


def hindrance_of(revision: Revision, actor: Actor) -> str:
    """Why the actor does not decide an amendment, in words; empty: he does."""
    return _of_revision(Decider(actor), revision)


def _of_revision(decider: Decider, revision: Revision) -> str:
    document = revision.document
    amount = max(document.gross_company, proposed_gross(revision))
    people = {document.created_by_id, revision.proposed_by_id}
    return decider.hindrance(registry.get(document.kind), people, amount)


def _change_row(change: ChangeRequest, decider: Decider) -> Waiting:
    return Waiting(
        kind=CHANGE, key=str(change.uuid), title=changes.label_of(change), partner=change.partner.name, amount=None,
        currency="", since=change.requested_at, by=str(change.requested_by or ""), change=change,
        texts=tuple(str(each) for each in changes.differences(change)),
        hindrance=decider.hindrance_of_change(change.requested_by_id),
    )  # fmt: skip
