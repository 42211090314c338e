from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory import costing
from inventory.costing import Stand, Step

D = Decimal
ZERO = D(0)


def test_issues_leave_at_the_average_and_the_last_piece_takes_the_rest() -> None:
    stand = costing.receive(Stand(), D(3), D("10.00")).after
    assert stand == Stand(D(3), D("10.00"), D("3.333333333"))
    values = []
    for _ in range(3):
        step = costing.issue(stand, D(1))
        values.append(step.value)
        stand = step.after
    assert values == [D("-3.33"), D("-3.34"), D("-3.33")]
    assert (stand.quantity, stand.value) == (ZERO, ZERO)


def test_two_receipts_make_one_average() -> None:
    stand = costing.receive(Stand(), D(10), D("50.00")).after
    stand = costing.receive(stand, D(10), D("70.00")).after
    assert stand.average == D("6.000000000")
    step = costing.issue(stand, D(5))
    assert (step.value, step.unit_cost) == (D("-30.00"), D("6.000000000"))


@pytest.mark.parametrize(
    ("stand", "standard", "cost"),
    [
        (Stand(), D("4.50"), D("4.50")),
        (Stand(), None, ZERO),
        (Stand(ZERO, ZERO, D("7.25")), D("4.50"), D("7.25")),
        (Stand(D(-2), D("-14.50"), D("7.25")), D("4.50"), D("7.25")),
    ],
)
def test_below_zero_costs_the_last_average_or_the_standard_cost(
    stand: Stand, standard: Decimal | None, cost: Decimal
) -> None:
    step = costing.issue(stand, D(2), standard_cost=standard)
    assert step.unit_cost == cost
    assert step.value == -2 * cost


def test_an_issue_across_zero_takes_the_rest_and_the_last_cost() -> None:
    stand = Stand(D(3), D("10.00"), D("3.333333333"))
    step = costing.issue(stand, D(5), standard_cost=D(9))
    assert step.value == D("-16.67")  # 10.00 + 2 × 3.333333333
    assert step.after.quantity == D(-2)
    assert step.after.value == D("-6.67")


def test_what_was_sold_below_zero_is_revalued_when_it_comes_in() -> None:
    stand = Stand(D(-5), D("-25.00"), D(5))
    step = costing.receive(stand, D(10), D("60.00"))
    assert step.revaluation == D("-5.00"), "five pieces that left at 5.00 cost 6.00"
    assert step.after == Stand(D(5), D("30.00"), D("6.000000000"))
    partly = costing.receive(stand, D(2), D("40.00"))
    assert partly.after.quantity == D(-3)
    assert partly.after.value == D("-15.00"), "what is still missing keeps its cost"
    exact = costing.receive(stand, D(5), D("30.00"))
    assert (exact.after.quantity, exact.after.value, exact.revaluation) == (ZERO, ZERO, D("-5.00"))


def test_taking_back_a_receipt_gives_its_own_value() -> None:
    stand = Stand(D(20), D("120.00"), D(6))
    step = costing.take_back(stand, D(10), D("50.00"), unit_cost=D(5))
    assert step.value == D("-50.00")
    assert step.after == Stand(D(10), D("70.00"), D("7.000000000"))
    last = costing.take_back(Stand(D(10), D("40.00"), D(4)), D(10), D("50.00"), unit_cost=D(5))
    assert last.value == D("-40.00"), "an emptied stock gives all its value, not more"
    poor = costing.take_back(Stand(D(10), D("40.00"), D(4)), D(9), D("90.00"), unit_cost=D(10))
    assert poor.after.value == ZERO


quantities = st.decimals(min_value="0.000001", max_value="99999", places=6)
costs = st.decimals(min_value="0", max_value="9999", places=4)


@dataclass
class Book:
    stand: Stand = field(default_factory=Stand)
    quantity: Decimal = ZERO
    value: Decimal = ZERO

    def add(self, step: Step) -> None:
        self.quantity += step.quantity
        self.value += step.value + step.revaluation
        self.stand = step.after


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["receive", "issue", "empty", "take_back"]), quantities, costs), max_size=25
    )
)
def test_any_history_keeps_the_ledger(history: list[tuple[str, Decimal, Decimal]]) -> None:
    book = Book()
    for action, quantity, cost in history:
        value = costing.worth(quantity, cost)
        if action == "receive":
            book.add(costing.receive(book.stand, quantity, value, unit_cost=cost))
        elif action == "take_back":
            book.add(costing.take_back(book.stand, quantity, value, unit_cost=cost))
        elif action == "empty" and book.stand.quantity > ZERO:
            book.add(costing.issue(book.stand, book.stand.quantity, standard_cost=cost))
            assert book.stand.value == ZERO
        else:
            book.add(costing.issue(book.stand, quantity, standard_cost=cost))
        assert (book.stand.quantity, book.stand.value) == (book.quantity, book.value), (
            "balance = sum of movements"
        )
        assert book.stand.quantity or not book.stand.value, "an empty stock is worth nothing"
        assert book.stand.quantity * book.stand.value >= ZERO, "a value never has the other sign"
        assert book.stand.average is None or book.stand.average >= ZERO
