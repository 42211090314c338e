"""Amending a posted commitment: in force at once or waiting, never below what successors took, one at a time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from documents.models import Document, Line, Revision
from documents.states import State
from inventory.models import Reservation
from masterdata.models import PaymentTerm, TaxCode
from tests.factories.documents import act, again, discount, follow, line
from tests.factories.masterdata import make_partner
from tests.factories.steps import amended, content, delivery, drafted, exceptions, order, set_partner
from tests.factories.tenancy import make_actor
from tests.factories.world import World, quote
from tests.support.proofs import conflicts, forbidden, refuses
from valeo.core.exceptions import Conflict, NotFound, NotPermitted, Refused
from valeo.tenancy.selectors import system_actor
from workflow.models import Approval, DocumentException
from workflow.services import amendments

D = Decimal


def more(world: World, quantity: str = "25") -> dict[str, Any]:
    return {"quantity": D(quantity), "price_quantity": None}


def test_in_force_at_once_with_a_new_revision(world: World) -> None:
    case = order(world)
    number, before = case.document.number, Revision.objects.get(document=case.document)
    revision = amended(world, case, **more(world))
    now = again(case)
    assert (revision.state, now.document.revision, now.document.number) == ("in_force", 2, number)
    assert (now.document.state, now.lines[0].quantity) == (State.POSTED, D(25))
    assert now.lines[0].pk == case.lines[0].pk
    assert Reservation.objects.get(order_line=now.lines[0]).quantity == 25
    old = Revision.objects.get(pk=before.pk)
    assert (old.state, old.content, old.verify_code) == ("superseded", before.content, before.verify_code)
    assert revision.verify_code != before.verify_code


def test_with_an_exception_it_waits_and_the_document_stays(world: World) -> None:
    case = order(world)
    revision = amended(world, case, **more(world, "95"))
    assert revision.state == "pending"
    now = again(case)
    assert (now.document.revision, now.lines[0].quantity, now.document.state) == (1, D(20), State.POSTED)
    assert exceptions(case) == {"over-credit-limit": ("3379.5", "EUR")}
    amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True)
    assert again(case).lines[0].quantity == 95
    approval = Approval.objects.get(document=case.document)
    assert (approval.revision, approval.content_hash) == (2, revision.content_hash)
    conflicts(
        lambda: amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True), "wrong-state"
    )


def test_an_exception_that_was_there_before_asks_nobody_again(world: World) -> None:
    case = order(world, line(world.wheat, "95"))
    case = act(case, "approve", world.manager)
    assert case.document.state == State.POSTED
    assert amended(world, case, description="Wheat, winter").state == "in_force"
    assert amended(world, case, **more(world, "96")).state == "pending", "more than was accepted"


def test_only_what_an_amendment_adds_counts_against_the_limit(world: World) -> None:
    """60 t are 14,766.00; 80 t are 19,688.00 and fit; the order itself is no accepted excess."""
    case = order(world, line(world.wheat, "60"))
    assert amended(world, case, **more(world, "80")).state == "in_force"
    assert amended(world, case, **more(world, "82")).state == "pending"
    assert exceptions(case) == {"over-credit-limit": ("180.2", "EUR")}


def test_one_open_proposal_per_document(world: World) -> None:
    case = order(world)
    first = amended(world, case, **more(world, "95"))
    with refuses(Refused, "proposal-open"):
        amended(world, case, **more(world, "21"))
    amendments.withdraw(actor=world.clerk, revision_id=first.pk)
    assert amended(world, case, **more(world, "21")).state == "in_force"


def test_four_eyes_and_rights(world: World) -> None:
    case = order(world)
    mine = amended(world, case, actor=world.manager, **more(world, "95"))
    with refuses(NotPermitted):
        amendments.decide(actor=world.manager, revision_id=mine.pk, approve=True)
    with refuses(NotPermitted):
        amendments.decide(actor=world.clerk, revision_id=mine.pk, approve=True)
    amendments.decide(actor=world.accountant, revision_id=mine.pk, approve=True)
    forbidden(lambda: amended(world, case, actor=world.warehouse, **more(world)), "sales:write")
    auditor = make_actor(world.company, ["auditor"])
    forbidden(lambda: amended(world, case, actor=auditor, **more(world)), "sales:write")


def test_rejected_with_a_reason(world: World) -> None:
    case = order(world)
    revision = amended(world, case, **more(world, "95"))
    with refuses(Refused, "reason-missing"):
        amendments.decide(actor=world.manager, revision_id=revision.pk, approve=False)
    amendments.decide(actor=world.manager, revision_id=revision.pk, approve=False, reason="Too much")
    revision.refresh_from_db()
    assert revision.state == "rejected"
    assert not DocumentException.objects.filter(document=case.document, is_open=True).exists()
    assert again(case).document.revision == 1


def test_withdrawn(world: World) -> None:
    case = order(world)
    revision = amended(world, case, **more(world, "95"))
    with refuses(NotPermitted):
        amendments.withdraw(actor=world.warehouse, revision_id=revision.pk)
    amendments.withdraw(actor=world.clerk, revision_id=revision.pk)
    assert not exceptions(case)
    conflicts(lambda: amendments.withdraw(actor=world.clerk, revision_id=revision.pk), "wrong-state")


def test_another_content_than_the_one_looked_at(world: World) -> None:
    case = order(world)
    revision = amended(world, case, **more(world, "95"))
    conflicts(
        lambda: amendments.decide(
            actor=world.manager, revision_id=revision.pk, approve=True, content_hash="0" * 64
        ),
        "stale-version",
    )
    with refuses(Refused, "exceptions-undecided"):
        amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True, accepted=frozenset({1}))


def test_never_below_what_successors_took(world: World) -> None:
    case = order(world)
    delivery(world, case, {case.lines[0].pk: "12"})
    with refuses(Refused, "below-taken") as caught:
        amended(world, case, **more(world, "11.9"))
    assert "12" in str(caught[0])
    assert amended(world, case, **more(world, "12")).state == "in_force"
    assert again(case).document.fulfilment == "complete"


def test_a_line_with_successors_is_never_removed_nor_another_article(world: World) -> None:
    case = order(world, line(world.wheat, "20"), line(world.lime, "40"))
    delivery(world, case, {case.lines[0].pk: "12"})
    data = content(case)
    with refuses(Refused, "line-taken"):
        amended(world, case, replace(data, lines=data.lines[1:]))
    with refuses(Refused, "line-taken"):
        amended(world, case, article_id=world.lime.pk, unit="TNE")
    assert amended(world, case, replace(data, lines=data.lines[:1])).state == "in_force"
    assert [row.pk for row in again(case).lines] == [case.lines[0].pk]


def test_a_line_of_another_document_is_unknown(world: World) -> None:
    case, other = order(world, line(world.wheat, "2")), order(world, line(world.wheat, "3"))
    data = content(case)
    with refuses(Refused, "line-unknown"):
        amended(world, case, replace(data, lines=(replace(data.lines[0], id=other.lines[0].pk),)))


def test_delivered_while_it_waited(world: World) -> None:
    """Taking effect looks again at what successors took meanwhile."""
    case = order(world, line(world.wheat, "20"), line(world.lime, "4"))
    data = content(case, **more(world, "5"), discount_percent=D(20))
    revision = amended(world, case, data)
    assert revision.state == "pending"
    delivery(world, case, {case.lines[0].pk: "12"})
    with refuses(Refused, "below-taken"):
        amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True)
    assert Revision.objects.get(pk=revision.pk).state == "pending"


def test_prices_that_changed_while_it_waited(world: World) -> None:
    from masterdata.models import TaxRate

    case = order(world)
    revision = amended(world, case, **more(world, "95"))
    TaxRate.objects.filter(percent=7, valid_to=None).update(percent=8)
    with refuses(Conflict, "content-changed"):
        amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True)
    assert again(case).document.revision == 1


def test_a_block_holds_for_an_amendment_too(world: World) -> None:
    case = order(world)
    set_partner(world, blocked=True, blocked_reason="Fraud")
    with refuses(Refused, "partner-blocked"):
        amended(world, case, **more(world))


def test_reason_state_and_version(world: World) -> None:
    case = order(world)
    data = content(case, **more(world))
    arguments: dict[str, Any] = {
        "company": world.company,
        "actor": world.clerk,
        "document_id": case.document.pk,
        "data": data,
    }
    with refuses(Refused, "reason-missing"):
        amendments.propose(**arguments, reason=" ", expected_version=None)
    with refuses(Conflict, "stale-version"):
        amendments.propose(**arguments, reason="why", expected_version=case.document.version - 1)
    act(case, "cancel", world.clerk, "Not wanted")
    with refuses(Conflict, "wrong-state"):
        amendments.propose(**arguments, reason="why", expected_version=None)
    draft = drafted(world, "sales_order")
    with refuses(Conflict, "wrong-state"):
        amendments.propose(
            **{**arguments, "document_id": draft.document.pk, "data": content(draft)},
            reason="why",
            expected_version=None,
        )
    with refuses(NotFound):
        amendments.decide(actor=world.manager, revision_id=999_999_999, approve=True)


def test_a_quotation_is_amended_as_well(world: World) -> None:
    quotation = quote(world)
    data = replace(content(quotation), allowances=(discount("4"),))
    assert amended(world, quotation, data).state == "in_force"
    assert Document.objects.get(pk=quotation.document.pk).revision == 2
    assert Revision.objects.filter(document=quotation.document, state="in_force").count() == 1


@pytest.mark.parametrize("quantity", ["20.5", "30"])
def test_progress_follows(world: World, quantity: str) -> None:
    case = order(world)
    delivery(world, case)
    assert again(case).document.fulfilment == "complete"
    amended(world, case, **more(world, quantity))
    assert again(case).document.fulfilment == "partial"
    assert Line.objects.get(pk=case.lines[0].pk).delivered == 20


HEADS: tuple[dict[str, Any], ...] = (
    {"currency": "USD", "exchange_rate": D("0.9")},
    {"price_mode": "gross"},
    {"bill_to_id": "other"},
    {"partner_id": "other"},
)


def with_head(world: World, case: Any, **header: Any) -> Any:
    other = make_partner(system_actor(world.company.pk), tax_status="regular").pk
    header = {name: other if value == "other" else value for name, value in header.items()}
    return replace(content(case), parties=(), **header)


@pytest.mark.parametrize("header", HEADS)
def test_what_deliveries_took_of_the_head_stays(world: World, header: dict[str, Any]) -> None:
    """240.00 net delivered, 240.00 gross ordered: the delivery and its invoice would say something else."""
    case = order(world)
    done = delivery(world, case, {case.lines[0].pk: "12"})
    data = with_head(world, case, **header)
    with refuses(Refused, "head-taken") as caught:
        amended(world, case, data)
    assert done.document.number in str(caught[0])
    assert caught[0].violations[0].field == next(iter(header)).removesuffix("_id")


@pytest.mark.parametrize("header", HEADS)
def test_without_a_live_successor_the_head_is_free(world: World, header: dict[str, Any]) -> None:
    case = order(world)
    act(delivery(world, case), "cancel", world.warehouse, "Never left")
    amended(world, case, with_head(world, case, **header))
    assert Revision.objects.filter(document=case.document).count() == 2


def test_every_field_is_named_and_every_successor(world: World) -> None:
    case = order(world)
    numbers = [delivery(world, case, {case.lines[0].pk: "4"}).document.number for _ in range(2)]
    data = with_head(world, case, **HEADS[0], price_mode="gross")
    with refuses(Refused, "head-taken", "head-taken") as caught:
        amended(world, case, data)
    assert all(number in str(caught[0]) for number in numbers)


def test_delivered_while_another_currency_waited(world: World) -> None:
    case = order(world)
    revision = amended(world, case, replace(with_head(world, case, **HEADS[0]), allowances=(discount("20"),)))
    assert revision.state == "pending"
    delivery(world, case, {case.lines[0].pk: "12"})
    with refuses(Refused, "head-taken"):
        amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True)


def test_a_draft_made_before_says_so_itself(world: World) -> None:
    case = order(world)
    draft = follow(world.company, world.warehouse, "delivery_note", case)
    amended(world, case, with_head(world, case, **HEADS[1]))
    with refuses(Refused, "differs-from-source"):
        act(draft, "submit", world.warehouse)


def test_an_order_holds_its_quotation_s_head(world: World) -> None:
    quotation = quote(world)
    act(follow(world.company, world.clerk, "sales_order", quotation), "submit", world.clerk)
    data = with_head(world, quotation, **HEADS[1])
    with refuses(Refused, "head-taken"):
        amended(world, quotation, data)


def test_terms_may_change_for_what_is_still_to_come(world: World) -> None:
    """A delivery carries its own terms, and so does the invoice that is made from it."""
    case = order(world)
    done = delivery(world, case, {case.lines[0].pk: "12"})
    term = PaymentTerm.objects.exclude(pk=case.document.payment_term_id).filter(active=True).first()
    assert term is not None
    assert amended(world, case, replace(content(case), payment_term_id=term.pk)).state == "in_force"
    assert again(done).document.payment_term_id == done.document.payment_term_id
    assert delivery(world, case).document.payment_term_id == term.pk


def test_an_accepted_discount_is_of_its_line_not_of_its_place(world: World) -> None:
    """Half off one sack was accepted; another article in its place, or more of the same, is another gift."""
    given = (line(world.lime, "1", discount_percent=D(50)), line(world.wheat, "1"))
    case = act(order(world, *given), "approve", world.manager)
    assert case.document.state == State.POSTED
    data = content(case)
    other = line(world.wheat, "20", discount_percent=D(50))
    for lines in (
        (other, data.lines[1]),
        (replace(data.lines[0], quantity=D(400), price_quantity=None), data.lines[1]),
        (replace(data.lines[1], discount_percent=D(50)), data.lines[0]),
    ):
        revision = amended(world, case, replace(data, lines=lines))
        assert (revision.state, "discount" in exceptions(case)) == ("pending", True)
        amendments.withdraw(actor=world.clerk, revision_id=revision.pk)


def test_an_accepted_discount_goes_along_where_its_line_moves(world: World) -> None:
    given = (line(world.lime, "40", discount_percent=D(50)), line(world.wheat, "1"))
    case = act(order(world, *given), "approve", world.manager)
    data = content(case)
    assert amended(world, case, replace(data, lines=data.lines[::-1])).state == "in_force"
    less = content(case, all_lines=True, quantity=D(1), price_quantity=None)
    assert amended(world, case, less).state == "in_force"


def test_another_tax_code_by_hand_is_asked_about_again(world: World) -> None:
    normal = TaxCode.objects.filter(rates__percent=19, category="S", direction="output").first()
    exempt = TaxCode.objects.filter(category="E", direction="output").first()
    assert normal is not None
    assert exempt is not None
    case = act(order(world, line(world.wheat, "1", tax_code_id=normal.pk)), "approve", world.manager)
    assert amended(world, case, description="Wheat, winter").state == "in_force"
    assert amended(world, case, tax_code_id=exempt.pk).state == "pending"
    assert set(exceptions(case)) == {"manual-tax"}
