"""Only what papers round away is bridged as rounding (BT-114): never a charge, a discount or a price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from documents.case import Case
from documents.inputs import AllowanceInput, DraftInput, LineInput
from documents.services import drafts
from documents.states import State
from payments.models import OpenItem
from tests.factories.documents import again, discount, follow, line
from tests.factories.steps import content, credit, delivery, order
from tests.factories.world import World
from tests.workflow.test_storno_after_credits import cancelled, open_in_all, posted
from valeo.audit.selectors import verify
from workflow.services.begin import today_in

D = Decimal
PALLET = AllowanceInput(is_charge=True, amount=D("0.05"), reason="Palette")
REBATE = AllowanceInput(amount=D("0.05"), reason="Nachlass")
Change = Callable[[DraftInput], DraftInput]


def changed(world: World, case: Case, change: Change) -> Case:
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=case.document.pk, data=change(content(case)),
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    return again(case)


def with_allowances(*rows: AllowanceInput) -> Change:
    return lambda data: replace(data, allowances=rows)


def billed(world: World, *allowances: AllowanceInput, lines: tuple[LineInput, ...] = ()) -> Case:
    """Several lines, so that many figures are rounded."""
    given = lines or tuple(line(world.lime, "40", price=D("375")) for _n in range(6))
    done = delivery(world, posted(world, order(world, *given)))
    made = follow(world.company, world.accountant, "sales_invoice", done)
    return posted(world, changed(world, made, with_allowances(*allowances)))


def credited(world: World, bill: Case, picks: dict[int, str], change: Change | None = None) -> Case:
    made = credit(world, bill, "quantity", picks, reopens=True, all_lines=True)
    return posted(world, changed(world, made, change) if change else made)


def in_two(world: World, bill: Case, *changes: Change | None) -> tuple[Case, Case]:
    """The first line whole, then all others; the credits as they are changed."""
    first, *rest = bill.lines
    one = credited(world, bill, {first.pk: "40"}, changes[0])
    return one, credited(world, again(bill), {row.pk: "40" for row in rest}, changes[1])


@pytest.mark.parametrize(("row", "left"), [(PALLET, "0.06"), (REBATE, "-0.06")])
def test_what_no_credit_took_is_no_rounding(world: World, row: AllowanceInput, left: str) -> None:
    bill = billed(world, row)
    _one, last = in_two(world, bill, with_allowances(), with_allowances())
    assert last.document.rounding == 0
    assert bill.document.payable_total - sum(
        (case.document.payable_total for case in (_one, last)), D(0)
    ) == D(left)
    assert open_in_all() == D(left)
    assert [text for text in verify(world.company).problems if not text.startswith("masterdata")] == []


@pytest.mark.parametrize("where", [0, 1])
def test_wherever_it_is_taken_nothing_stays(world: World, where: int) -> None:
    taken = [with_allowances(), with_allowances()]
    taken[where] = with_allowances(PALLET)
    one, last = in_two(world, billed(world, PALLET), *taken)
    assert abs(last.document.rounding) <= D("0.01"), "VAT alone"
    assert not OpenItem.objects.exclude(open_amount=0).exists()
    assert one.document.charge_total + last.document.charge_total == D("0.05")


def test_a_charge_taken_twice_is_no_rounding(world: World) -> None:
    _one, last = in_two(world, billed(world, PALLET), with_allowances(PALLET), with_allowances(PALLET))
    assert last.document.rounding == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda data: replace(data, lines=(replace(data.lines[0], price=D("374.95")), *data.lines[1:])),
        lambda data: replace(
            data, lines=(replace(data.lines[0], discount_amount=D("0.05")), *data.lines[1:])
        ),
    ],
    ids=["price", "discount"],
)
def test_nor_is_a_line_credited_at_less(world: World, change: Change) -> None:
    _one, last = in_two(world, billed(world), change, None)
    assert last.document.rounding == 0
    assert open_in_all() == D("0.06")


def test_cut_lines_and_a_discount_are_still_bridged(world: World) -> None:
    """Each piece rounds its amount and its discount; together they come to what the invoice charged."""
    lines = tuple(
        line(world.lime, "3", price=D(price), discount_percent=D("2.5"))
        for price in ("333.335", "217.77", "98.10")
    )
    bill = billed(world, discount("1.5"), PALLET, lines=lines)
    keys = [row.pk for row in bill.lines]
    made: list[Any] = [credited(world, again(bill), dict.fromkeys(keys, "1")) for _n in range(2)]
    kept = [case.document.charge_total for case in made]
    last = credited(
        world, again(bill), dict.fromkeys(keys, "1"),
        lambda data: replace(data, allowances=tuple(row for row in data.allowances if not row.is_charge)),
    )  # fmt: skip
    assert sum(kept) == D("0.05"), kept
    assert last.document.rounding != 0
    assert open_in_all() == 0
    assert last.document.state == State.POSTED


def test_a_storno_bridges_no_charge_either(world: World) -> None:
    """It takes the charge that the credit left out, and then only cents of VAT are between them."""
    bill = billed(world, PALLET)
    credited(world, bill, {bill.lines[-1].pk: "40"}, with_allowances())
    storno = cancelled(world, bill)
    assert (storno.document.charge_total, abs(storno.document.rounding) <= D("0.01")) == (D("0.05"), True)
    assert open_in_all() == 0
