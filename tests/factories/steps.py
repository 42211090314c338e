"""Short ways to documents in a certain state; each takes the roads that people take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from documents.case import Case
from documents.inputs import AllowanceInput, DraftInput, LineInput
from documents.models import Revision
from documents.services import drafts
from documents.services.carry import allowances_of, carried, line_of
from documents.states import State
from masterdata.models import Partner
from tests.factories.documents import act, again, draft, follow, line, submitted
from tests.factories.world import World
from valeo.tenancy.actor import Actor
from workflow.models import DocumentException
from workflow.services import amendments
from workflow.services.begin import today_in


def drafted(world: World, kind: str, *lines: LineInput, actor: Actor | None = None, **values: Any) -> Case:
    """A draft by the clerk."""
    given = lines or (line(world.wheat, "10"),)
    return drafts.create_draft(
        company=world.company, actor=actor or world.clerk, data=draft(kind, world.customer, *given, **values),
        today=today_in(world.company),
    )  # fmt: skip


def order(world: World, *lines: LineInput, **values: Any) -> Case:
    """A sales order, submitted by the clerk: 20 t of wheat unless lines are given."""
    given = lines or (line(world.wheat, "20"),)
    return submitted(world.company, world.clerk, draft("sales_order", world.customer, *given, **values))


def waiting_order(world: World) -> Case:
    """95 t of wheat come to 23,379.50, which is 3,379.50 over the limit."""
    case = order(world, line(world.wheat, "95"))
    assert case.document.state == State.PENDING
    return case


def delivery(world: World, source: Case, picks: dict[int, str] | None = None, **values: Any) -> Case:
    """Delivered by the warehouse, as far as nothing asks for a person."""
    return act(
        follow(world.company, world.warehouse, "delivery_note", source, picks=picks, **values),
        "submit",
        world.warehouse,
    )


def invoice(world: World, *sources: Case, **values: Any) -> Case:
    """Invoiced and posted by the accountant, as far as nothing asks for a person."""
    return act(
        follow(world.company, world.accountant, "sales_invoice", *sources, **values),
        "submit",
        world.accountant,
    )


def posted_invoice(world: World, *lines: LineInput) -> tuple[Case, Case, Case]:
    """Order, delivery and invoice, all of them posted."""
    first = order(world, *lines)
    second = delivery(world, first)
    third = invoice(world, second)
    assert [case.document.state for case in (first, second, third)] == [State.POSTED] * 3
    return first, second, third


def billed(world: World, source: Case, *allowances: AllowanceInput) -> Case:
    """An invoice of the source with these discounts and charges, submitted."""
    case = follow(world.company, world.accountant, "sales_invoice", source)
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=case.document.pk,
        data=replace(content(case), allowances=allowances), expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    return act(again(case), "submit", world.accountant)


def credit(
    world: World, source: Case, reason_kind: str, picks: dict[int, str] | None = None, **changes: Any
) -> Case:
    """A draft credit note; ``changes`` are made to every line."""
    case = follow(
        world.company, world.accountant, "credit_note", source, picks=picks, reason_kind=reason_kind
    )
    return edited(world, case, **changes) if changes else case


def content(case: Case, **changes: Any) -> DraftInput:
    """The document as input again, with changes to its first line (``all_lines=True``: to each of them)."""
    now = again(case)
    every = changes.pop("all_lines", False)
    rows = [line_of(now, row, None, None, keep_id=True) for row in now.lines]
    rows = [replace(row, **changes) if every or index == 0 else row for index, row in enumerate(rows)]
    data = carried(now, kind=now.document.kind, relation=None, measure=None)
    return replace(
        data, lines=tuple(rows), allowances=allowances_of(now), reason_kind=now.document.reason_kind
    )


def edited(world: World, case: Case, actor: Actor | None = None, **changes: Any) -> Case:
    """The draft with a changed first line."""
    drafts.update_draft(
        company=world.company, actor=actor or world.accountant, document_id=case.document.pk,
        data=content(case, **changes), expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    return again(case)


def amended(
    world: World, case: Case, data: DraftInput | None = None, actor: Actor | None = None, **changes: Any
) -> Revision:
    """An amendment of the first line, proposed by the clerk."""
    return amendments.propose(
        company=world.company, actor=actor or world.clerk, document_id=case.document.pk,
        data=data or content(case, **changes), reason="Customer asked", expected_version=None,
    )  # fmt: skip


def exceptions(case: Case) -> dict[str, tuple[str, str]]:
    """Code → (figure, unit) of what waits for a decision."""
    rows = DocumentException.objects.filter(document=case.document, is_open=True)
    return {
        row.code: (str(row.figure.normalize()) if row.figure is not None else "", row.unit) for row in rows
    }


def open_ids(case: Case) -> frozenset[int]:
    return frozenset(
        DocumentException.objects.filter(document=case.document, is_open=True).values_list("pk", flat=True)
    )


def set_partner(world: World, **values: Any) -> None:
    Partner.objects.filter(pk=world.customer.pk).update(**values)
