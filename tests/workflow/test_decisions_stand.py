"""What was found, asked for and decided stands, whoever sends the statement; personal texts can still be erased."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from masterdata.services.partners import update_partner
from tests.factories.documents import act
from tests.factories.steps import waiting_order
from tests.factories.world import World
from workflow.models import ChangeRequest, DocumentException
from workflow.services import change_requests


@contextmanager
def stands() -> Iterator[None]:
    with pytest.raises(IntegrityError, match="valeo: "), transaction.atomic():
        yield


def finding() -> DocumentException:
    row: DocumentException = DocumentException.objects.get()
    return row


def change(row: Any, **values: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


@pytest.fixture
def asked(world: World) -> ChangeRequest:
    update_partner(
        actor=world.accountant,
        uuid=world.customer.uuid,
        values={"credit_limit": Decimal("50000.00")},
        reason="Grows",
    )
    return ChangeRequest.objects.get()


@pytest.mark.parametrize(
    "values",
    [{"key": "x"}, {"code": "x"}, {"figure": 1}, {"unit": "x"}, {"line": 9}, {"rule": "x"}, {"text": {"de": "x"}}],
)  # fmt: skip
def test_what_was_found_never_changes(world: World, values: dict[str, Any]) -> None:
    case = waiting_order(world)
    with stands():
        change(finding(), **values)
    act(case, "approve", world.manager)
    with stands():
        change(finding(), **values)


def test_an_accepted_exception_stays_accepted(world: World) -> None:
    act(waiting_order(world), "approve", world.manager)
    row = finding()
    assert row.accepted_by_id is not None
    ways: tuple[Callable[[], Any], ...] = (
        lambda: change(row, is_open=True),
        lambda: change(row, accepted_by=None),
        lambda: change(row, is_open=True, accepted_by=None),
        lambda: DocumentException.objects.filter(pk=row.pk)._raw_delete("default"),
    )
    for way in ways:
        with stands():
            way()
    change(row, text={})
    assert finding().text == {}


def test_nor_is_one_reopened_that_went_with_a_rejection(world: World) -> None:
    act(waiting_order(world), "reject", world.manager, "Too much")
    row = finding()
    assert (row.is_open, row.accepted_by_id) == (False, None)
    with stands():
        change(row, is_open=True)
    with stands():
        row.delete()


def test_an_open_one_goes_with_its_draft(world: World) -> None:
    case = waiting_order(world)
    act(case, "withdraw", world.clerk)
    finding().delete()
    assert not DocumentException.objects.exists()


FACTS: tuple[dict[str, Any], ...] = (
    {"field": "x"}, {"new": "90000.00"}, {"old": "1.00"}, {"reason": "x"}, {"requested_by": None},
)  # fmt: skip


@pytest.mark.parametrize("values", FACTS)
def test_what_was_asked_for_never_changes(asked: ChangeRequest, values: dict[str, Any]) -> None:
    with stands():
        change(asked, **values)
    with stands():
        asked.delete()


@pytest.mark.parametrize(
    "values",
    [
        {"state": "rejected"}, {"state": "pending"}, {"decided_by": None}, {"decided_at": None}, {"version": 9},
        {"decision_reason": "x"}, *FACTS,
    ],
)  # fmt: skip
def test_a_decided_change_stands(world: World, asked: ChangeRequest, values: dict[str, Any]) -> None:
    change_requests.decide(actor=world.manager, uuid=asked.uuid, approve=True, reason="Good payer")
    with stands():
        change(asked, **values)
    with stands():
        asked.delete()


def test_its_texts_can_be_erased(world: World, asked: ChangeRequest) -> None:
    change_requests.decide(actor=world.manager, uuid=asked.uuid, approve=True, reason="Good payer")
    change(asked, old=None, new=None, reason="", decision_reason="")
    asked.refresh_from_db()
    assert (asked.old, asked.new, asked.reason, asked.decision_reason) == (None, None, "", "")
    assert asked.state == "approved"
