from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from masterdata.models import PaymentTerm, PaymentTermInstalment
from payments.kinds import SettlementKind
from payments.models import OpenItem, Settlement
from payments.progress import payment_state
from payments.selectors.lists import payment_of, payments_of
from payments.selectors.proof import verify
from payments.services.open_items import take
from tests.factories.documents import act, again
from tests.payments.conftest import Books

D = Decimal


def proven(books: Books) -> bool:
    return list(verify(books.company.pk)) == []


def test_an_invoice_opens_what_is_payable(books: Books) -> None:
    invoice = books.invoice("10")
    (item,) = books.items(invoice)
    assert (item.amount, item.open_amount, item.amount_company) == (D("1190.00"), D("1190.00"), D("1190.00"))
    assert item.partner_id == books.customer.pk
    assert item.side == "customer"
    assert item.due == again(invoice).instalments[0].due
    assert books.paid(invoice) == "open"
    assert proven(books)


def test_one_item_per_instalment(books: Books) -> None:
    term = PaymentTerm.objects.create(
        company=books.company, code="RATEN", name_de="Raten", name_en="Instalments"
    )
    for position, share in enumerate((D("33.333"), D("33.333"), D("33.334")), start=1):
        PaymentTermInstalment.objects.create(
            company=books.company, term=term, position=position, share=share, days=30 * position,
            skonto_days=10 if position == 1 else 0, skonto_percent=D(2) if position == 1 else D(0),
        )  # fmt: skip
    invoice = books.invoice("1", payment_term_id=term.pk)
    items = books.items(invoice)
    assert [item.position for item in items] == [1, 2, 3]
    assert sum(item.amount for item in items) == D("119.00")
    assert items[0].skonto_until is not None
    assert items[0].due < items[1].due < items[2].due
    assert proven(books)
    storno = act(invoice, "cancel", books.actor, reason="wrong").facts["storno"]
    act(again(storno), "approve", books.actor)
    assert all(item.open_amount == 0 and item.settled_at for item in books.items(invoice))
    assert proven(books)


def test_a_credit_reduces_its_invoice(books: Books) -> None:
    invoice = books.invoice("10")
    credit = books.credit(invoice, "3")
    (item,), (below,) = books.items(invoice), books.items(credit)
    assert (item.open_amount, item.settled_at) == (D("833.00"), None)
    assert (below.amount, below.open_amount) == (D("-357.00"), D("0.00"))
    settlement = Settlement.objects.get()
    assert (settlement.item_id, settlement.counter_item_id, settlement.amount, settlement.kind) == (
        item.pk, below.pk, D("357.00"), SettlementKind.CREDIT,
    )  # fmt: skip
    assert (books.paid(invoice), books.paid(credit)) == ("partial", "complete")
    assert proven(books)


def test_a_storno_takes_what_earlier_credits_left(books: Books) -> None:
    invoice = books.invoice("10")
    books.credit(invoice, "3")
    storno = act(invoice, "cancel", books.actor, reason="wrong customer").facts["storno"]
    storno = act(again(storno), "approve", books.actor)
    assert again(storno).document.state == "posted"
    assert [item.open_amount for item in books.items(invoice)] == [D("0.00")]
    assert [item.open_amount for item in books.items(storno)] == [D("0.00")]
    assert books.paid(invoice) == "complete"
    assert proven(books)


def test_what_a_credit_has_over_stays_open_below_zero(books: Books) -> None:
    invoice = books.invoice("10")
    (item,) = books.items(invoice)
    pay(books, item, D("1000.00"))
    credit = books.credit(invoice, "3")
    (below,) = books.items(credit)
    assert books.items(invoice)[0].open_amount == D("0.00")
    assert below.open_amount == D("-167.00"), "357.00 less the 190.00 that were still open"
    assert books.paid(credit) == "partial"
    assert proven(books)


def pay(books: Books, item: OpenItem, amount: Decimal) -> None:
    """A payment as a later issue will book it: an item below zero, settled with the invoice's."""
    today = timezone.localdate()
    paid = OpenItem.objects.create(
        company=books.company, partner=books.customer, side="customer", due=today, posting_date=today,
        currency="EUR", amount=-amount, amount_company=-amount, open_amount=0, open_company=0, settled_at=timezone.now(),
    )  # fmt: skip
    company = take(item, amount)
    item.save()
    Settlement.objects.create(
        company=books.company, item=item, counter_item=paid, kind=SettlementKind.PAYMENT, amount=amount,
        amount_company=company, counter_company=amount, posting_date=today,
    )  # fmt: skip


def test_the_last_part_takes_the_rest_in_company_currency() -> None:
    item = OpenItem(amount=D("100.00"), open_amount=D("100.00"), open_company=D("92.31"))
    parts = [take(item, D("33.33")), take(item, D("33.33")), take(item, D("33.34"))]
    assert sum(parts) == D("92.31")
    assert (item.open_amount, item.open_company) == (D("0.00"), D("0.00"))
    assert item.settled_at is not None


def test_a_foreign_currency_is_kept_in_both(books: Books) -> None:
    invoice = books.invoice("10", price=D(100), currency="USD", exchange_rate=D("0.9231"))
    (item,) = books.items(invoice)
    assert item.currency == "USD"
    document = again(invoice).document
    assert (item.amount, item.amount_company) == (document.payable_total, document.payable_company)
    assert item.amount != item.amount_company
    assert proven(books)


def test_overdue_is_derived(books: Books) -> None:
    invoice = books.invoice("10")
    (item,) = books.items(invoice)
    document = again(invoice).document
    assert payment_of(document, item.due).overdue == 0
    late = payment_of(document, item.due + dt.timedelta(days=1))
    assert (late.overdue, late.next_due, late.progress) == (D("1190.00"), item.due, "open")
    assert payments_of([document], item.due)[document.pk].open_amount == D("1190.00")
    assert payment_state([], item.due).progress == "complete"


@pytest.mark.parametrize("change", [{"amount": D("1.00")}, {"partner_id": 0}, {"currency": "USD"}])
def test_an_item_keeps_what_it_was_opened_with(books: Books, change: dict[str, object]) -> None:
    (item,) = books.items(books.invoice("1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenItem.objects.filter(pk=item.pk).update(**change)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        item.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenItem.objects.filter(pk=item.pk).update(open_amount=-1)


def test_a_settlement_is_never_changed(books: Books) -> None:
    invoice = books.invoice("10")
    books.credit(invoice, "3")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Settlement.objects.update(amount=1)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Settlement.objects.all().delete()


def test_the_proof_finds_what_was_forged(books: Books) -> None:
    (item,) = books.items(books.invoice("10"))
    OpenItem.objects.filter(pk=item.pk).update(open_amount=D("1.00"))
    assert [fault.split(":")[1].strip().split(" ")[0] for fault in verify(books.company.pk)] == ["item"]
