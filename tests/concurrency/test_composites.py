"""Real parallel transactions on the same documents: one wins, the other reads why, no number is lost, nobody deadlocks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from documents import registry
from documents.case import Case
from documents.models import Document, Line
from documents.states import State
from inventory.models import StockBalance
from masterdata.services.partners import update_partner
from numbering.models import IssuedNumber
from numbering.proofs import series_proofs
from tests.factories.documents import act, again, follow, line
from tests.factories.steps import (
    amended,
    content,
    credit,
    delivery,
    drafted,
    invoice,
    order,
    posted_invoice,
    waiting_order,
)
from tests.factories.tenancy import make_company
from tests.factories.world import World, make_world
from valeo.audit.selectors import verify
from valeo.core.exceptions import Conflict, DomainError, Refused
from valeo.tenancy.scope import company_scope
from valeo.tenancy.selectors import system_actor
from workflow.models import ReleaseRule
from workflow.services.begin import today_in
from workflow.services.perform import correct, follow_and_submit, save_and_submit

D = Decimal
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    company = make_company("PAR")
    with company_scope(company.pk):
        yield make_world(company)


def together(world: World, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run them at the same moment, each in a thread with its own connection; refusals are answers."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            with company_scope(world.company.pk):
                start.wait(timeout=20)
                return work()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, work) for work in works]]


def one_wins(answers: list[Any]) -> None:
    assert sum(isinstance(answer, Case) for answer in answers) == 1, answers
    lost = [answer for answer in answers if not isinstance(answer, Case)]
    assert all(isinstance(answer, Conflict) and answer.code == "wrong-state" for answer in lost), answers


def whole(world: World) -> None:
    """No gap, no double, and every proof holds."""
    kinds = [item.code for item in registry.all_types()]
    issued = list(IssuedNumber.objects.filter(series__kind__in=kinds).values_list("number", flat=True))
    posted = Document.objects.exclude(number="").values_list("number", flat=True)
    assert sorted(issued) == sorted(posted)
    assert all(proof.complete for proof in series_proofs(world.company.pk))
    assert verify(world.company).problems == []


def without_limit(world: World) -> None:
    """By the service: the proof at the end compares master data with its audit entry."""
    update_partner(
        actor=system_actor(world.company.pk),
        uuid=world.customer.uuid,
        values={"credit_limit": None},
        apply_guarded=True,
    )


def test_the_same_button_pressed_by_three(world: World) -> None:
    drafts = drafted(world, "sales_order")
    one_wins(together(world, [lambda: act(drafts, "submit", world.clerk)] * 3))
    waiting = waiting_order(world)
    without_limit(world)
    one_wins(
        together(
            world,
            [lambda who=who: act(waiting, "approve", who) for who in (world.manager, world.accountant)],  # type: ignore[misc]
        )
    )
    ReleaseRule.objects.create(company=world.company, kind="sales_order", post_on_release=False)
    approved = order(world, line(world.wheat, "1"))
    one_wins(together(world, [lambda: act(approved, "post", world.clerk)] * 3))
    assert Document.objects.filter(kind="sales_order", state="posted").count() == 3
    assert IssuedNumber.objects.filter(number__startswith="SO-").count() == 3
    whole(world)


def test_the_last_open_quantity_is_invoiced_once(world: World) -> None:
    done = delivery(world, order(world))
    drafts = [follow(world.company, world.accountant, "sales_invoice", done) for _ in range(3)]
    answers = together(world, [lambda case=case: act(case, "submit", world.accountant) for case in drafts])  # type: ignore[misc]
    assert sum(isinstance(answer, Case) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [[item.code for item in answer.violations] for answer in refused] == [["above-open"]] * 2
    assert Line.objects.get(pk=done.lines[0].pk).invoiced == 20
    whole(world)


def test_one_click_deliveries_of_one_order(world: World) -> None:
    case = order(world)

    def deliver() -> Case:
        return follow_and_submit(
            company=world.company, actor=world.warehouse, kind="delivery_note", sources=[case.document.pk],
            today=today_in(world.company),
        )  # fmt: skip

    answers = together(world, [deliver] * 3)
    assert (
        sum(isinstance(answer, Case) and answer.document.state == State.POSTED for answer in answers) == 1
    ), answers
    assert Line.objects.get(pk=case.lines[0].pk).delivered == 20
    assert StockBalance.objects.get(article=world.wheat).on_hand == 480
    whole(world)


def test_two_orders_do_not_both_fit_the_limit(world: World) -> None:
    """45 t are 11,074.50 each, the limit is 20,000."""
    answers = together(world, [lambda: order(world, line(world.wheat, "45"))] * 2)
    assert sorted(str(answer.document.state) for answer in answers) == ["pending", "posted"]
    whole(world)


def test_an_amendment_against_a_delivery(world: World) -> None:
    """Whoever comes second sees what the first one did: never less ordered than delivered."""
    for turn in range(3):
        case = order(world, line(world.wheat, "10"))
        draft = follow(world.company, world.warehouse, "delivery_note", case)
        answers = together(world, [
            lambda case=case: amended(world, case, quantity=D(4), price_quantity=None),  # type: ignore[misc]
            lambda draft=draft: act(draft, "submit", world.warehouse),  # type: ignore[misc]
        ])  # fmt: skip
        row = Line.objects.get(pk=case.lines[0].pk)
        if isinstance(answers[0], Refused):
            assert [item.code for item in answers[0].violations] == ["below-taken"], turn
            assert (row.quantity, row.delivered) == (10, 10)
        else:
            # ordered 4 now: 10 are an over-delivery that waits for a person, never delivered silently
            assert row.quantity == 4
            assert Document.objects.get(pk=draft.document.pk).state == State.PENDING, answers
            act(again(draft), "reject", world.manager, "too much")
    whole(world)


def test_a_cancelled_order_against_its_delivery(world: World) -> None:
    case = order(world)
    draft = follow(world.company, world.warehouse, "delivery_note", case)
    answers = together(world, [
        lambda: act(case, "cancel", world.clerk, "Not wanted"), lambda: act(draft, "submit", world.warehouse),
    ])  # fmt: skip
    assert sum(isinstance(answer, Case) for answer in answers) == 1, answers
    whole(world)


def test_two_corrections_of_one_invoice(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "5"))
    answers = together(world, [lambda: correct(document_id=bill.document.pk, actor=world.accountant)] * 2)
    assert sum(isinstance(answer, tuple) for answer in answers) == 1
    assert [item.code for answer in answers if isinstance(answer, Refused) for item in answer.violations] == [
        "storno-open"
    ]
    whole(world)


def test_amendments_beside_drafts_of_the_same_order(world: World) -> None:
    """A draft refers to lines of an order that it does not lock; the amendment writes them at the same moment."""
    without_limit(world)
    shared = [order(world, line(world.wheat, "8"), line(world.lime, "40")) for _ in range(2)]

    def mixed(seed: int) -> int:
        dice, done = random.Random(seed), 0
        for _ in range(8):
            case = dice.choice(shared)
            try:
                if seed % 2:
                    amended(world, case, quantity=D(dice.randint(8, 30)), price_quantity=None)
                else:
                    follow(world.company, world.warehouse, "delivery_note", case)
                done += 1
            except DomainError:
                pass
        return done

    answers = together(world, [lambda seed=seed: mixed(seed) for seed in range(8)])  # type: ignore[misc]
    assert all(isinstance(answer, int) for answer in answers), answers
    assert answers[::2] == [8] * 4, "no draft waits for an amendment so long that it is refused"
    whole(world)


@pytest.mark.slow
def test_eight_threads_of_mixed_composites_never_deadlock(world: World) -> None:
    without_limit(world)
    shared = [order(world, line(world.wheat, "8"), line(world.lime, "40")) for _ in range(4)]

    def mixed(seed: int) -> int:
        dice, done = random.Random(seed), 0
        for _ in range(4):
            case = dice.choice(shared)
            try:
                made = follow_and_submit(
                    company=world.company, actor=world.accountant, kind="delivery_note",
                    sources=[each.document.pk for each in dice.sample(shared, k=2)], today=today_in(world.company),
                )  # fmt: skip
                bill = invoice(world, made)
                if dice.random() < 0.5:
                    act(bill, "cancel", world.accountant, "dice")
                done += 1
            except DomainError:
                pass
            try:
                match dice.randrange(4):
                    case 0:
                        act(case, "close", world.clerk, "dice")
                    case 1:
                        act(case, "unclose", world.clerk)
                    case 2:
                        amended(world, case, quantity=D(dice.randint(8, 30)), price_quantity=None)
                    case _:
                        order(world, line(world.lime, "1"), line(world.wheat, "1"))
                done += 1
            except DomainError:
                pass
        return done

    answers = together(world, [lambda seed=seed: mixed(seed) for seed in range(8)])  # type: ignore[misc]
    assert all(isinstance(answer, int) for answer in answers), answers
    assert sum(answers) > 8
    whole(world)


# ------------------------------------------------------------------------------------- the order of locks

#: docs/concurrency.md; what a statement of a composite may lock or take, by rising number
STAGES = (
    (1, r'FROM "documents_document".*FOR NO KEY UPDATE'),
    (2, r'FROM "masterdata_partner".*FOR NO KEY UPDATE'),
    (3, r'FROM "inventory_stockbalance".*FOR NO KEY UPDATE'),
    (4, r'FROM "payments_openitem".*FOR NO KEY UPDATE'),
    (5, r"UPDATE .?numbering_"),
    (6, r'INSERT INTO "?(events_|audit_)'),
)


def stages(queries: list[str]) -> list[int]:
    found = []
    for sql in queries:
        flat = " ".join(sql.split())
        found += [stage for stage, pattern in STAGES if re.search(pattern, flat)]
    return found


def composites(world: World) -> Iterator[tuple[str, Callable[[], Any]]]:
    case = order(world)
    draft = follow(world.company, world.warehouse, "delivery_note", case)
    yield "order", lambda: order(world, line(world.wheat, "3"))
    written = drafted(world, "sales_order")
    yield "order saved and submitted", lambda: save_and_submit(
        company=world.company, actor=world.clerk, data=content(written, quantity=D(4), price_quantity=None),
        today=today_in(world.company), document_id=written.document.pk,
    )  # fmt: skip
    yield "delivery", lambda: act(draft, "submit", world.warehouse)
    bill = follow(world.company, world.accountant, "sales_invoice", draft)
    yield "invoice", lambda: act(bill, "submit", world.accountant)
    storno, _successor = correct(document_id=bill.document.pk, actor=world.accountant)
    yield "correction submitted", lambda: act(storno, "submit", world.accountant)
    yield "correction posted", lambda: act(again(storno), "approve", world.manager)
    other = order(world, line(world.wheat, "2"))
    yield "amendment", lambda: amended(world, other, quantity=D(3), price_quantity=None)
    yield "close", lambda: act(again(other), "close", world.clerk, "enough")
    _order, _delivery, billed = posted_invoice(world, line(world.wheat, "4"))
    back = credit(world, billed, "quantity", {billed.lines[0].pk: "1"}, with_goods=True)
    act(act(back, "submit", world.accountant), "approve", world.manager)
    yield "credit with goods", lambda: act(again(back), "post", world.accountant)
    third = delivery(world, order(world, line(world.wheat, "1")))
    yield "reversal", lambda: act(third, "cancel", world.warehouse, "wrong")


def test_every_composite_locks_in_the_documented_order(world: World) -> None:
    seen: list[str] = []
    for name, work in composites(world):
        with CaptureQueriesContext(connection) as log, transaction.atomic():
            work()
        queries = [row["sql"] for row in log.captured_queries]
        found = stages(queries)
        assert found == sorted(found), f"{name}: {found}"
        assert found[-1] == 6, f"{name}: the audit is written last"
        assert not [sql for sql in queries if sql.rstrip().endswith("FOR UPDATE")], (
            f"{name}: a plain FOR UPDATE deadlocks"
        )
        numbers = [index for index, sql in enumerate(queries) if re.search(r"UPDATE .?numbering_", sql)]
        first = next(index for index, sql in enumerate(queries) if re.search(r'INSERT INTO "?audit_', sql))
        assert all(index < first for index in numbers), f"{name}: no number after an audit entry"
        after = [sql for sql in queries[first:] if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql)]
        assert all(re.search(r'INTO "?(audit_|events_)|UPDATE "?events_', sql) for sql in after), (
            f"{name}: {after[-1][:90]}"
        )
        seen.append(name)
    assert len(seen) == 10
