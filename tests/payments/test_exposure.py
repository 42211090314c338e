from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from documents.case import Case
from documents.models import Link
from documents.states import State
from masterdata import hooks
from masterdata.models import Partner
from payments.credit import added
from payments.selectors.credit import for_document
from payments.selectors.exposure import exposure, exposures
from tests.documents.views.editing import fields_of
from tests.factories.documents import act, again, discount, freight, line
from tests.factories.masterdata import make_masterdata, make_partner
from tests.payments.conftest import Books
from workflow.models import DocumentException

D = Decimal


@pytest.fixture
def limited(books: Books) -> Partner:
    """1,190.00 is one order of 100 pieces at 10.00 with 19 %."""
    system = make_masterdata(books.company)
    return make_partner(system, tax_status="regular", credit_limit=D("1190.00"))


def preview(client: Client, case: Case, quantity: str) -> str:
    """The rail beside an amendment of the first line, as it stands while one types."""
    fields = fields_of(client.get(f"/documents/{case.document.uuid}/edit/?amend=1"))
    answer = client.post("/documents/sales_order/preview/", fields | {"lines-0-quantity": quantity})
    return str(answer.json()["rail"]).replace("\u00a0", " ")


def test_an_amendment_tells_while_typing_what_it_will_ask(
    books: Books, limited: Partner, client_for: Callable[..., Client]
) -> None:
    made = order(books, limited, "100")
    clerk = client_for("operator")
    within, over = preview(clerk, made, "100"), preview(clerk, made, "110")
    assert "119,00" not in within
    assert "wartet" not in within
    assert over.count("119,00") >= 2, "what is added, and by how much it is over the limit"
    assert "Kreditlimit" in over
    assert "wartet" in over
    assert exposure(limited.pk).total == D("1190.00"), "nothing was written"


def found(case: Case) -> list[tuple[str, Decimal | None]]:
    return list(
        DocumentException.objects.filter(document=case.document.pk, is_open=True).values_list(
            "code", "figure"
        )
    )


def order(books: Books, partner: Partner, quantity: str) -> Case:
    return books.sell("sales_order", line(books.goods, quantity), partner=partner)


def test_the_chain_counts_once(books: Books, limited: Partner) -> None:
    made = order(books, limited, "100")
    assert made.document.state == State.POSTED, "the limit itself is not over the limit"
    assert exposure(limited.pk).total == D("1190.00")
    first = act(books.follow("delivery_note", made, picks={made.lines[0].pk: "40"}), "submit", books.actor)
    assert first.document.state == State.POSTED, "a delivery of an order adds nothing"
    assert exposure(limited.pk).total == D("1190.00")
    invoice = act(books.follow("sales_invoice", first), "submit", books.actor)
    assert invoice.document.state == State.POSTED
    found_now = exposure(limited.pk)
    assert (found_now.open_items, found_now.open_orders) == (D("476.00"), D("714.00"))
    rest = act(books.follow("delivery_note", made), "submit", books.actor)
    last = act(books.follow("sales_invoice", rest), "submit", books.actor)
    assert last.document.state == State.POSTED
    found_now = exposure(limited.pk)
    assert (found_now.open_items, found_now.open_orders) == (D("1190.00"), D("0.00"))


def test_one_more_piece_waits_with_its_figure(books: Books, limited: Partner) -> None:
    order(books, limited, "100")
    more = order(books, limited, "1")
    assert more.document.state == State.PENDING
    assert found(more) == [("over-credit-limit", D("11.90"))]
    texts = DocumentException.objects.get(document=more.document.pk).text
    assert "11,90" in texts["de"]
    assert "11.90" in texts["en"]
    assert exposure(limited.pk).total == D("1190.00"), "what waits is no claim yet"
    act(more, "approve", books.actor)
    assert exposure(limited.pk).total == D("1201.90")


def test_no_limit_never_asks_and_zero_asks_for_prepayment(books: Books) -> None:
    assert order(books, books.customer, "90000").document.state != State.DRAFT
    system = make_masterdata(books.company)
    prepaid = make_partner(system, tax_status="regular", credit_limit=D(0))
    made = order(books, prepaid, "1")
    assert found(made) == [("over-credit-limit", D("11.90"))]
    assert hooks.free_credit([prepaid.pk, books.customer.pk]) == {prepaid.pk: D(0)}


def test_only_the_excess_of_an_over_delivery_adds(books: Books, limited: Partner) -> None:
    books.goods.tolerance = D(10)
    books.goods.save()
    made = order(books, limited, "100")
    over = act(books.follow("delivery_note", made, picks={made.lines[0].pk: "104"}), "submit", books.actor)
    assert found(over) == [("over-credit-limit", D("47.60"))]
    act(over, "approve", books.actor)
    assert again(over).document.state == State.POSTED
    assert exposure(limited.pk).total == D("1237.60")
    invoice = act(books.follow("sales_invoice", over), "submit", books.actor)
    assert invoice.document.state == State.POSTED, "the delivery counted it already"


def test_a_direct_delivery_counts_until_it_is_invoiced(books: Books, limited: Partner) -> None:
    delivery = books.sell("delivery_note", line(books.goods, "50"), partner=limited)
    assert exposure(limited.pk).open_orders == D("595.00")
    back = books.follow("delivery_note", delivery, picks={delivery.lines[0].pk: "10"})
    act(back, "submit", books.actor)
    assert exposure(limited.pk).open_orders == D("476.00")
    act(books.follow("sales_invoice", delivery), "submit", books.actor)
    now = exposure(limited.pk)
    assert (now.open_items, now.open_orders) == (D("476.00"), D(0))


def test_closing_and_cancelling_free_the_credit(books: Books, limited: Partner) -> None:
    made = order(books, limited, "100")
    act(made, "close", books.actor, reason="half of it", line_quantities={made.lines[0].pk: D(50)})
    assert exposure(limited.pk).total == D("595.00")
    act(made, "cancel", books.actor, reason="withdrawn")
    assert exposure(limited.pk).total == D(0)


def test_discount_and_freight_of_the_order_count_with_it(books: Books, limited: Partner) -> None:
    made = books.sell(
        "sales_order", line(books.goods, "60"), line(books.advice, "1"), partner=limited,
        allowances=(discount("3"), freight("50.00")),
    )  # fmt: skip
    gross = made.document.gross_total
    assert exposure(limited.pk).total == gross
    delivery = act(books.follow("delivery_note", made), "submit", books.actor)
    assert delivery.document.state == State.POSTED
    assert exposure(limited.pk).total == gross
    assert again(delivery).type.kind == "delivery_note"


def test_an_invoice_that_waits_keeps_its_claim(books: Books, limited: Partner) -> None:
    made = order(books, limited, "100")
    delivery = act(books.follow("delivery_note", made), "submit", books.actor)
    invoice = books.follow("sales_invoice", delivery)
    act(invoice, "submit", books.actor)
    assert exposure(limited.pk).total == D("1190.00")
    assert exposures([limited.pk], own=invoice.document.pk)[limited.pk].total == D("1190.00")


def test_a_corrected_invoice_adds_nothing(books: Books, limited: Partner) -> None:
    made = order(books, limited, "100")
    delivery = act(books.follow("delivery_note", made), "submit", books.actor)
    invoice = act(books.follow("sales_invoice", delivery), "submit", books.actor)
    credit = books.credit(invoice, "10", "price")
    assert again(credit).document.state == State.POSTED


def test_another_recipient_of_the_invoice_takes_all_of_it(books: Books, limited: Partner) -> None:
    made = order(books, books.customer, "100")
    delivery = again(books.follow("delivery_note", made))
    assert added(delivery) == D("0")
    delivery.document.bill_to_id = limited.pk
    assert added(delivery) == D("1190.00")


def test_the_editor_shows_the_use_of_the_limit(books: Books, limited: Partner) -> None:
    order(books, limited, "50")
    more = order(books, limited, "60")
    use = for_document(again(more))
    assert use is not None
    assert (use.open_items, use.open_orders, use.this, use.limit) == (
        D(0),
        D("595.00"),
        D("714.00"),
        D("1190.00"),
    )
    quotation = books.sell("quotation", line(books.goods, "1"), partner=limited)
    assert for_document(again(quotation)) is None


def test_a_credit_that_waits_gives_nothing_back_yet(books: Books, limited: Partner) -> None:
    made = order(books, limited, "100")
    delivery = act(books.follow("delivery_note", made), "submit", books.actor)
    invoice = act(books.follow("sales_invoice", delivery), "submit", books.actor)
    credit = books.follow("credit_note", invoice, picks={invoice.lines[0].pk: "10"}, reason_kind="quantity")
    Link.objects.filter(target_document=credit.document.pk, via__isnull=False).update(counts=True)  # reopens
    act(credit, "submit", books.actor)
    now = exposure(limited.pk)
    assert (now.open_items, now.open_orders) == (D("1190.00"), D(0))
    act(credit, "approve", books.actor)
    if again(credit).document.state == State.APPROVED:
        act(credit, "post", books.actor)
    now = exposure(limited.pk)
    assert (now.open_items, now.open_orders) == (D("1071.00"), D("119.00"))
