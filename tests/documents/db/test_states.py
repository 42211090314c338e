"""The state machine in the database: every pair that contract § 4 does not draw is refused, whoever sends it."""

from __future__ import annotations

import itertools

import pgtrigger
import pytest
from django.db import IntegrityError, transaction
from django_fsm import FSMField

from documents.models import Document
from documents.states import ACTIONS, State, moves
from tests.factories.steps import drafted
from tests.factories.world import World
from tests.support.raw import database_refuses, run

DRAFT, PENDING, APPROVED, POSTED, REJECTED, CANCELLED = (
    "draft", "pending", "approved", "posted", "rejected", "cancelled",
)  # fmt: skip

#: contract § 4, written by hand: action → (sources, target); None keeps the state
CONTRACT: dict[str, tuple[set[str], str | None]] = {
    "submit": ({DRAFT}, PENDING),
    "approve": ({PENDING}, APPROVED),
    "post": ({APPROVED}, POSTED),
    "reject": ({PENDING}, REJECTED),
    "revise": ({REJECTED}, DRAFT),
    "withdraw": ({PENDING}, DRAFT),
    "reopen": ({APPROVED}, DRAFT),
    "discard": ({DRAFT, REJECTED}, CANCELLED),
    "cancel": ({POSTED}, CANCELLED),
    "amend": ({POSTED}, None),
    "close": ({POSTED}, None),
    "unclose": ({POSTED}, None),
    "accept": ({POSTED}, None),
    "decline": ({POSTED}, None),
}
COMMITMENTS_ONLY = {"amend", "close", "unclose", "accept", "decline"}
REASONED = {"reject", "reopen", "discard", "cancel", "amend", "close", "decline"}
#: what one transaction may save: the moves above, and submit and approve that run on
SAVED = {
    (DRAFT, PENDING), (DRAFT, APPROVED), (DRAFT, POSTED), (PENDING, APPROVED), (PENDING, POSTED), (APPROVED, POSTED),
    (PENDING, REJECTED), (REJECTED, DRAFT), (PENDING, DRAFT), (APPROVED, DRAFT), (DRAFT, CANCELLED),
    (REJECTED, CANCELLED), (POSTED, CANCELLED),
}  # fmt: skip
PAIRS = [pair for pair in itertools.product(State.values, State.values) if pair[0] != pair[1]]


def test_the_table_of_actions_is_the_contract_s() -> None:
    found = {
        code: ({str(source) for source in row.sources}, str(row.target) if row.target else None)
        for code, row in ACTIONS.items()
    }
    assert found == CONTRACT
    assert {code for code, row in ACTIONS.items() if len(row.families) == 1} == COMMITMENTS_ONLY
    assert {code for code, row in ACTIONS.items() if row.needs_reason} == REASONED
    assert {(str(source), str(target)) for source, target in moves()} == SAVED


def test_the_transitions_of_the_model_are_the_contract_s() -> None:
    found: dict[str, tuple[set[str], str]] = {}
    field = Document._meta.get_field("state")
    assert isinstance(field, FSMField)
    for item in field.get_all_transitions(Document):
        sources, _target = found.setdefault(item.name, (set(), str(item.target)))
        sources.add(str(item.source))
    assert found == {code: row for code, row in CONTRACT.items() if row[1] is not None}


def put(document: Document, state: str) -> None:
    """Put a draft into a state without asking anybody."""
    number = "X-1" if state in (POSTED, CANCELLED) else ""
    with pgtrigger.ignore():
        run(
            "UPDATE documents_document SET state = %s, number = %s WHERE id = %s",
            [state, number, document.pk],
        )


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_pair_of_states(world: World, source: str, target: str) -> None:
    document = drafted(world, "delivery_note").document
    put(document, source)
    numbered = ", number = 'X-1'" if target == POSTED and source in (DRAFT, PENDING, APPROVED) else ""
    sql = f"UPDATE documents_document SET state = %s{numbered} WHERE id = %s"  # noqa: S608 - a constant
    if (source, target) in SAVED:
        assert run(sql, [target, document.pk]) == 1
        return
    with database_refuses(f"no way from {source} to {target}"):
        run(sql, [target, document.pk])


@pytest.mark.parametrize("state", [value for value in State.values if value != DRAFT])
def test_a_document_is_born_a_draft(world: World, state: str) -> None:
    document = drafted(world, "delivery_note").document
    columns = ", ".join(
        f'"{field.column}"'
        for field in Document._meta.concrete_fields
        if field.name not in ("id", "uuid", "state")
    )
    with database_refuses("starts as a draft"):
        run(
            f"INSERT INTO documents_document (uuid, state, {columns}) "  # noqa: S608 - names from the model
            f"SELECT gen_random_uuid(), %s, {columns} FROM documents_document WHERE id = %s",
            [state, document.pk],
        )


@pytest.mark.parametrize("state", [value for value in State.values if value != DRAFT])
def test_only_a_draft_can_be_deleted(world: World, state: str) -> None:
    document = drafted(world, "delivery_note").document
    put(document, state)
    with database_refuses("only a draft can be deleted"):
        run("DELETE FROM documents_document WHERE id = %s", [document.pk])


def test_a_posted_document_has_a_number_of_its_own(world: World) -> None:
    document = drafted(world, "delivery_note").document
    with pytest.raises(IntegrityError, match="document_posted_number"), transaction.atomic():
        run("UPDATE documents_document SET state = 'posted' WHERE id = %s", [document.pk])


@pytest.mark.parametrize("column", ["kind", "uuid"])
def test_kind_and_uuid_never_change_even_on_a_draft(world: World, column: str) -> None:
    document = drafted(world, "delivery_note").document
    value = "'sales_order'" if column == "kind" else "gen_random_uuid()"
    with database_refuses("never change"):
        run(f"UPDATE documents_document SET {column} = {value} WHERE id = %s", [document.pk])  # noqa: S608
