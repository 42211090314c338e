"""A credit of several invoices takes off each what its own lines come to; when all is credited nothing stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.case import Case
from documents.models import Document
from documents.selectors.shares import shares_by_lines
from documents.services import drafts
from documents.services.follow_up import FollowUp, Pick, draft_of
from payments.models import OpenItem
from payments.selectors.proof import verify
from tests.factories.documents import act, again
from tests.payments.conftest import Books
from workflow.services.begin import today_in

D = Decimal


def draft_credit(books: Books, parts: Sequence[tuple[Case, str]]) -> Case:
    """A draft credit of so many of each invoice's first line, as a composed one from another system comes."""
    found = [
        draft_of(
            books.company, "credit_note", [again(invoice)],
            FollowUp(picks=(Pick(invoice.lines[0].pk, D(quantity)),), reason_kind="quantity"),
        )
        for invoice, quantity in parts
    ]  # fmt: skip
    data = replace(found[0], lines=tuple(line for each in found for line in each.lines))
    made = drafts.create_draft(
        company=books.company, actor=books.actor, data=data, today=today_in(books.company)
    )
    return again(made)


def credit(books: Books, *parts: tuple[Case, str]) -> Case:
    case = act(draft_credit(books, parts), "submit", books.actor)
    case = act(case, "approve", books.actor)
    if case.document.state == "approved":
        case = act(case, "post", books.actor)
    assert case.document.state == "posted"
    return again(case)


def open_of(books: Books, *cases: Case) -> list[Decimal]:
    return [sum((item.open_amount for item in books.items(case)), D(0)) for case in cases]


def settled(books: Books) -> bool:
    return not OpenItem.objects.exclude(open_amount=0, open_company=0).exists() and proven(books)


def proven(books: Books) -> bool:
    return list(verify(books.company.pk)) == []


def test_each_invoice_gets_its_own_lines(books: Books) -> None:
    one, two = books.invoice("10"), books.invoice("20")
    made = credit(books, (one, "3"), (two, "5"))
    assert made.document.payable_total == D("952.00")
    assert open_of(books, one, two, made) == [D("833.00"), D("1785.00"), D("0.00")]
    assert [books.paid(case) for case in (one, two, made)] == ["partial", "partial", "complete"]
    assert proven(books)


def test_the_last_credit_leaves_no_cent(books: Books) -> None:
    """Each invoice rounds its VAT up, 0.03 + 0.01; the credit of both comes to 0.06 + 0.01."""
    one, two = books.invoice("1", price=D("0.03")), books.invoice("1", price=D("0.03"))
    assert [case.document.gross_total for case in (one, two)] == [D("0.04"), D("0.04")]
    made = credit(books, (one, "1"), (two, "1"))
    assert (made.document.gross_total, made.document.rounding) == (D("0.07"), D("0.01"))
    assert made.document.payable_total == D("0.08")
    assert open_of(books, one, two, made) == [D(0)] * 3
    assert settled(books)


def test_in_parts_and_in_another_currency(books: Books) -> None:
    one, two = (
        books.invoice("3", price=D(price), currency="USD", exchange_rate=D("0.9231"))
        for price in ("9.375", "3.335")
    )
    credit(books, (one, "1"), (two, "2"))
    credit(books, (two, "1"))
    credit(books, (one, "2"))
    assert settled(books)
    assert sum(row.amount_company for row in OpenItem.objects.all()) == 0


def test_a_storno_takes_what_a_credit_of_several_left(books: Books) -> None:
    one, two = books.invoice("3", price=D("9.375")), books.invoice("3", price=D("3.335"))
    credit(books, (one, "1"), (two, "3"))
    assert open_of(books, two) == [D(0)]
    storno = act(again(one), "cancel", books.actor, reason="wrong").facts["storno"]
    storno = act(again(storno), "approve", books.actor)
    assert again(storno).document.state == "posted"
    assert Document.objects.get(pk=one.document.pk).state == "cancelled"
    assert settled(books)


def test_what_was_paid_already_stays_with_the_credit(books: Books) -> None:
    """A share that its invoice no longer has open is the customer's; it is not taken off the other invoice."""
    one, two = books.invoice("10"), books.invoice("10")
    credit(books, (one, "9"))
    whole = credit(books, (one, "1"), (two, "1"))
    assert open_of(books, one, two, whole) == [D(0), D("1071.00"), D(0)]
    first = books.invoice("10")
    OpenItem.objects.filter(document=first.document).update(open_amount=D("50.00"), open_company=D("50.00"))
    made = credit(books, (first, "1"), (two, "1"))
    assert open_of(books, first, two, made) == [D(0), D("952.00"), D("-69.00")]


@pytest.mark.parametrize("quantities", [("1", "2"), ("2", "2"), ("3", "1")])
def test_a_rejected_credit_gives_its_cents_back(books: Books, quantities: tuple[str, str]) -> None:
    one, two = books.invoice("3", price=D("0.03")), books.invoice("3", price=D("0.03"))
    first, second = quantities
    waiting = act(draft_credit(books, [(one, first), (two, second)]), "submit", books.actor)
    act(waiting, "reject", books.actor, reason="No")
    credit(books, (one, first), (two, "1"))
    rest = [(one, str(3 - int(first))), (two, "2")]
    credit(books, *[part for part in rest if part[1] != "0"])
    assert settled(books)


PRICES = st.decimals(D("0.01"), D("99.999"), places=3)
STEPS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=3)


def test_one_is_taken_whole_and_the_other_in_part(books: Books) -> None:
    one, two = books.invoice("3", price=D("0.010")), books.invoice("3", price=D("0.175"))
    credit(books, (two, "2"))
    credit(books, (one, "1"), (two, "1"))
    assert open_of(books, two) == [D(0)]
    credit(books, (one, "2"))
    assert settled(books)


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(prices=st.tuples(PRICES, PRICES), steps=STEPS)
def test_however_it_is_cut_nothing_stays(
    books: Books, prices: tuple[Decimal, Decimal], steps: list[tuple[int, int]]
) -> None:
    invoices = [books.invoice("3", price=price) for price in prices]
    left = [3, 3]
    for step in [*steps, (3, 3)]:
        parts = [(invoice, min(n, rest)) for invoice, n, rest in zip(invoices, step, left, strict=True)]
        left = [rest - taken for rest, (_invoice, taken) in zip(left, parts, strict=True)]
        chosen = [(invoice, str(taken)) for invoice, taken in parts if taken]
        if chosen:
            made = credit(books, *chosen)
            assert sum(shares_by_lines(made).values()) == made.document.payable_total
            assert open_of(books, made) == [D(0)]
    assert open_of(books, *invoices) == [D(0), D(0)]
    assert proven(books)
