"""What waits for the actor: one line per kind of work and kind of document, with its number and its oldest day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Expression, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from documents.kinds import Measure, Outcome
from documents.models import Document
from documents.selectors import lists
from documents.spec import DocumentType
from documents.states import State
from valeo.office import kinds
from valeo.office.places import address
from valeo.office.selectors.counting import Count, capped, count_of, facts, first_of
from valeo.tenancy.actor import Actor

#: quotations that end within so many days are worth a call
WARN_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Task:
    """A line of "Waiting for me"; ``since`` is the oldest day behind it."""

    label: str
    icon: str
    url: str
    count: Count
    since: dt.date | None = None
    is_late: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    label: str
    icon: str
    url: str
    rows: QuerySet[Any]
    column: str  # the day that says how long it has waited
    is_late: bool = False
    note: str = ""


def view_condition(document_type: DocumentType, code: str) -> Any:
    """The condition of a list's tab, so that a figure and the list behind it are the same."""
    return next(view.condition for view in lists.views_of(document_type) if view.code == code)


def with_supply_day(rows: QuerySet[Any]) -> QuerySet[Any]:
    """``supply_day``: when the goods are promised for."""
    annotated: QuerySet[Any] = rows.annotate(supply_day=Coalesce("supply_to", "supply_from"))
    return annotated


def open_orders(document_type: DocumentType) -> QuerySet[Any]:
    """Posted documents of a kind that still wait for delivery."""
    rows = Document.objects.filter(kind=document_type.kind).filter(view_condition(document_type, "open"))
    return with_supply_day(rows)


def tasks(actor: Actor, today: dt.date) -> list[Task]:
    """What there is to do; one query, whatever there is."""
    questions = list(_questions(actor, today))
    expressions: dict[str, Expression | Subquery] = {}
    for index, question in enumerate(questions):
        expressions[f"count{index}"] = count_of(question.rows)
        expressions[f"since{index}"] = first_of(question.rows, question.column)
    found = facts(expressions)
    return [
        Task(
            question.label, question.icon, question.url, capped(found[f"count{index}"]),
            _day(found[f"since{index}"]), question.is_late, question.note,
        )
        for index, question in enumerate(questions)
        if found[f"count{index}"]
    ]  # fmt: skip


def _day(value: Any) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else value


def _questions(actor: Actor, today: dt.date) -> Iterator[_Question]:
    for item in kinds.allowed(actor):
        yield from _of_goods(actor, item, today)
    for item in kinds.allowed(actor, "post"):
        yield _Question(
            _("%(kind)s: approved, to be posted") % {"kind": item.title_plural}, "st-approved",
            address("documents:list", item.code, state="approved"),
            Document.objects.filter(kind=item.kind, state=State.APPROVED), "submitted_at",
        )  # fmt: skip
    for item in kinds.allowed(actor, "write"):
        yield from _mine(actor, item)
        if item.traits.has_validity:
            yield _ending(item, today)


def _of_goods(actor: Actor, item: DocumentType, today: dt.date) -> Iterator[_Question]:
    if item.traits.needs_delivery and kinds.may_follow(actor, item, Measure.DELIVERED):
        yield _Question(
            _("%(kind)s: delivery date passed") % {"kind": item.title_plural}, "truck",
            address("documents:list", item.code, view="open"),
            open_orders(item).filter(supply_day__lt=today), "supply_day", is_late=True,
        )  # fmt: skip
    if kinds.goes_out(item) and kinds.may_follow(actor, item, Measure.INVOICED):
        yield _Question(
            _("%(kind)s: not yet invoiced") % {"kind": item.title_plural}, "invoice",
            address("documents:list", item.code, view="to_invoice"),
            Document.objects.filter(kind=item.kind).filter(view_condition(item, "to_invoice")), "document_date",
        )  # fmt: skip


def _mine(actor: Actor, item: DocumentType) -> Iterator[_Question]:
    own = Document.objects.filter(kind=item.kind, created_by_id=actor.user_id)
    yield _Question(
        _("%(kind)s: rejected, to be revised") % {"kind": item.title_plural}, "st-rejected",
        address("documents:list", item.code, state="rejected", mine=1),
        own.filter(state=State.REJECTED), "changed_at", is_late=True,
    )  # fmt: skip
    yield _Question(
        _("%(kind)s: my drafts") % {"kind": item.title_plural}, "st-draft",
        address("documents:list", item.code, view="draft", mine=1),
        own.filter(state=State.DRAFT), "changed_at",
    )  # fmt: skip


def _ending(item: DocumentType, today: dt.date) -> _Question:
    rows = Document.objects.filter(
        kind=item.kind, state=State.POSTED, outcome=Outcome.NONE, valid_until__gte=today,
        valid_until__lte=today + dt.timedelta(days=WARN_DAYS),
    )  # fmt: skip
    return _Question(
        _("%(kind)s: end within a week") % {"kind": item.title_plural}, item.icon,
        address("documents:list", item.code, view="open"),
        rows.filter(view_condition(item, "open")), "valid_until", note="until",
    )  # fmt: skip
