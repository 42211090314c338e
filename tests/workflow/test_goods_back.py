"""A quantity credit with goods names posted returns, and makes and posts one for the rest (contract § 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from documents import quantities, registry
from documents.case import Case
from documents.inputs import LineInput
from documents.kinds import LineKind
from documents.models import Document, Line, LineLot, Link, Revision
from documents.selectors.cases import load_case
from documents.services import drafts
from documents.services.follow_up import FollowUp, Pick, create_follow_up
from documents.states import State
from inventory.models import Lot, Reservation, StockBalance, StockMovement
from inventory.needs import Key
from inventory.services import entries
from inventory.services.ledger import lock_balances
from masterdata.models import Article, TaxRate, Warehouse
from payments.models import OpenItem
from tests.factories.documents import act, again, follow, line
from tests.factories.masterdata import make_article
from tests.factories.steps import content, credit, delivery, edited, invoice, order, posted_invoice
from tests.factories.world import World
from tests.support.proofs import forbidden, refused
from valeo.audit.selectors import verify
from valeo.tenancy.models import Membership, Period
from valeo.tenancy.selectors import system_actor
from workflow.models import ReleaseRule
from workflow.services.begin import today_in
from workflow.services.options import available_actions

D = Decimal
GOODS: dict[str, Any] = {"with_goods": True}


def with_goods(world: World, bill: Case, *quantities_: str) -> Case:
    """A draft credit of the first lines with their goods."""
    picks = {row.pk: quantity for row, quantity in zip(bill.lines, quantities_, strict=False)}
    return edited(world, credit(world, bill, "quantity", picks), all_lines=True, **GOODS)


def approved(world: World, draft: Case) -> Case:
    return act(act(draft, "submit", world.accountant), "approve", world.manager)


def through(world: World, draft: Case) -> Case:
    done = act(approved(world, draft), "post", world.accountant)
    assert done.document.state == State.POSTED
    return again(done)


def taken_back(world: World, source: Case, quantity: str, *, replaces: bool = False) -> Case:
    """A return by hand of the first line."""
    case = create_follow_up(
        company=world.company, actor=world.warehouse, kind="delivery_note", sources=[source.document.pk],
        today=today_in(world.company), wish=FollowUp(picks=(Pick(source.lines[0].pk, D(quantity), replaces),)),
    )  # fmt: skip
    return act(case, "submit", world.warehouse)


def returns() -> list[Document]:
    rows = Document.objects.filter(kind="delivery_note", lines__quantity__lt=0, number__gt="")
    return list(rows.distinct().order_by("pk"))


def whole(world: World) -> None:
    assert [row for row in verify(world.company).problems if not row.startswith("masterdata")] == []


def test_the_return_is_made_and_posted_with_the_credit(world: World) -> None:
    case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    stock = StockBalance.objects.get(article=world.wheat).on_hand
    draft = with_goods(world, bill, "2")
    pending = approved(world, draft)
    assert returns() == [], "nothing comes back before the credit is posted"
    assert pending.document.state == State.APPROVED
    made = again(act(pending, "post", world.accountant))
    (back,) = returns()
    assert (back.state, back.document_date) == (State.POSTED, today_in(world.company))
    assert back.number.startswith("DL-")
    assert [row.quantity for row in Line.objects.filter(document=back)] == [D(-2)]
    movement = StockMovement.objects.get(document=back)
    assert (movement.stock_quantity, movement.value, movement.kind) == (D(2), D("360.00"), "return")
    assert movement.reversal_of == StockMovement.objects.get(document=done.document)
    assert StockBalance.objects.get(article=world.wheat).on_hand == stock + 2
    for source in (case, done):
        row = Line.objects.get(pk=source.lines[0].pk)
        assert (row.returned, row.replaced, row.credited) == (2, 0, 2)
        assert quantities.to_invoice(row, registry.get(source.document.kind)) == 0
        assert quantities.to_credit(row, registry.get(source.document.kind)) == 0
    assert sum(row.open_amount for row in OpenItem.objects.all()) == D("240") * 8 * D("1.07")
    assert Link.objects.filter(source_document=back, target_document=made.document).count() == 1
    assert back.posted_at == made.document.posted_at
    assert not Reservation.objects.filter(quantity__gt=0).exists(), "nobody delivers it again"
    whole(world)


def test_the_paper_names_the_invoice_alone(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    made = through(world, with_goods(world, bill, "2"))
    told = Revision.objects.get(document=made.document).content["references"]
    assert [row["number"] for row in told] == [bill.document.number]


def test_only_what_no_posted_return_brought(world: World) -> None:
    _case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    taken_back(world, done, "1")
    through(world, with_goods(world, bill, "3"))
    assert [row.quantity for back in returns() for row in Line.objects.filter(document=back)] == [
        D(-1),
        D(-2),
    ]
    through(world, with_goods(world, bill, "4"))
    assert len(returns()) == 3, "what one credit took up is not named by the next"
    assert Line.objects.get(pk=done.lines[0].pk).returned == 7
    whole(world)


def test_a_credit_without_goods_takes_up_no_return(world: World) -> None:
    _case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    picks = {bill.lines[0].pk: "2"}
    through(world, credit(world, bill, "quantity", picks, reopens=True))
    taken_back(world, done, "3")
    through(world, with_goods(world, bill, "3"))
    assert len(returns()) == 1
    assert Line.objects.get(pk=done.lines[0].pk).returned == 3


def test_a_return_that_came_while_it_waited_is_named(world: World) -> None:
    _case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    waiting = approved(world, with_goods(world, bill, "2"))
    taken_back(world, done, "2")
    act(waiting, "post", world.accountant)
    assert len(returns()) == 1
    assert Line.objects.get(pk=done.lines[0].pk).returned == 2


def test_what_came_back_to_be_replaced_is_no_return_for_a_credit(world: World) -> None:
    """Nobody can know whether the replaced goods are meant: one says so by posting the return."""
    _case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    taken_back(world, done, "3", replaces=True)
    draft = with_goods(world, bill, "2")
    error = refused(draft, "submit", world.accountant, "return-unclear")
    assert done.document.number in str(error)
    taken_back(world, done, "2")
    through(world, draft)
    assert Line.objects.get(pk=done.lines[0].pk).returned == 5
    whole(world)


def test_of_every_delivery_its_own_return(world: World) -> None:
    case = order(world, line(world.wheat, "10"))
    halves = [delivery(world, case, {case.lines[0].pk: "5"}) for _ in range(2)]
    bill = invoice(world, *halves)
    made = through(world, with_goods(world, bill, "1", "2"))
    assert [row.quantity for back in returns() for row in Line.objects.filter(document=back)] == [
        D(-1),
        D(-2),
    ]
    assert Link.objects.filter(target_document=made.document, source_document__in=returns()).count() == 2
    assert Line.objects.get(pk=case.lines[0].pk).returned == 3
    whole(world)


def test_the_balances_of_several_returns_are_locked_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after another would be in the order of the deliveries, and deadlock with who takes them by their ids."""
    first = order(world, line(world.lime, "4"), line(world.wheat, "10"))
    one = delivery(world, first, picks={first.lines[1].pk: "10"})
    two = delivery(world, again(first))
    waiting = approved(world, with_goods(world, invoice(world, one, two), "1", "2"))
    locked: list[set[int]] = []

    def watched(company_id: int, keys: Iterable[Key], **values: Any) -> Any:
        wanted = list(keys)
        locked.append({key.article for key in wanted})
        return lock_balances(company_id, wanted, **values)

    monkeypatch.setattr("sales.services.lock_balances", watched)
    monkeypatch.setattr("inventory.services.ledger.lock_balances", watched)
    act(waiting, "post", world.accountant)
    assert len(returns()) == 2
    assert locked == [{world.wheat.pk, world.lime.pk}, {world.wheat.pk}, {world.lime.pk}]


def test_other_units_on_the_invoice(world: World) -> None:
    """The credit counts sacks, the stock counts kilograms."""
    _case, done, bill = posted_invoice(world, line(world.lime, "40"))
    through(world, with_goods(world, bill, "3"))
    assert Line.objects.get(pk=done.lines[0].pk).returned == 3
    assert StockMovement.objects.get(document=returns()[0]).stock_quantity == 75


def test_taxes_that_changed_since_are_no_hindrance(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    TaxRate.objects.filter(percent=7, valid_to=None).update(percent=8)
    made = through(world, with_goods(world, bill, "2"))
    assert made.lines[0].tax_rate == 7
    assert Line.objects.get(document=returns()[0]).tax_rate == 7


# ------------------------------------------------------------------------------------------------------------ lots


@pytest.fixture
def seed(world: World) -> Article:
    """Seed with lot duty; two lots of it in stock."""
    system = system_actor(world.company.pk)
    article = make_article(
        system, "KGM", tax_class="reduced", list_price=D("2"), standard_cost=D("1"), lot_duty=True
    )
    store = Warehouse.objects.get()
    for lot, cost in (("A-1", "1.10"), ("B-2", "1.30")):
        entries.record_opening(
            actor=system,
            entry=entries.StockEntry(article.uuid, store.uuid, D(100), "Opening", lot=lot, unit_cost=D(cost)),
        )
    return article


def billed(world: World, seed: Article, *lots: tuple[str, str]) -> Case:
    quantity = str(sum(D(amount) for _lot, amount in lots))
    made = follow(world.company, world.warehouse, "delivery_note", order(world, line(seed, quantity)))
    made = edited(world, made, lots=tuple((lot, D(amount)) for lot, amount in lots))
    return invoice(world, act(made, "submit", world.warehouse))


def lots_back() -> list[tuple[str, Decimal]]:
    rows = LineLot.objects.filter(document__in=returns()).order_by("pk")
    return [(row.lot, row.stock_quantity) for row in rows]


def test_the_only_lot_comes_back_at_its_cost(world: World, seed: Article) -> None:
    bill = billed(world, seed, ("A-1", "10"))
    through(world, with_goods(world, bill, "4"))
    assert lots_back() == [("A-1", D(-4))]
    assert StockMovement.objects.get(document=returns()[0]).value == D("4.40")
    assert StockBalance.objects.get(article=seed, lot="A-1").on_hand == 94
    whole(world)


def test_several_lots_are_unclear_and_the_remedy_helps(world: World, seed: Article) -> None:
    bill = billed(world, seed, ("A-1", "6"), ("B-2", "4"))
    draft = with_goods(world, bill, "4")
    error = refused(draft, "submit", world.accountant, "lot-unclear")
    assert error.violations[0].line == 1
    source = next(row for row in again(bill).sources.values() if row.kind == "delivery_note")
    assert source.number in str(error)
    back = follow(
        world.company,
        world.warehouse,
        "delivery_note",
        case_of(source),
        picks={case_of(source).lines[0].pk: "4"},
    )
    act(edited(world, back, lots=(("B-2", D(-4)),)), "submit", world.warehouse)
    through(world, draft)
    assert lots_back() == [("B-2", D(-4))]
    whole(world)


def test_when_all_of_it_comes_back_all_lots_do(world: World, seed: Article) -> None:
    bill = billed(world, seed, ("A-1", "6"), ("B-2", "4"))
    through(world, with_goods(world, bill, "10"))
    assert lots_back() == [("A-1", D(-6)), ("B-2", D(-4))]
    assert {row.lot: row.on_hand for row in StockBalance.objects.filter(article=seed)} == {
        "A-1": 100,
        "B-2": 100,
    }
    assert Lot.objects.filter(article=seed).count() == 2
    whole(world)


def test_the_lot_that_is_left_is_clear_again(world: World, seed: Article) -> None:
    bill = billed(world, seed, ("A-1", "6"), ("B-2", "4"))
    source = case_of(next(row for row in again(bill).sources.values() if row.kind == "delivery_note"))
    back = follow(world.company, world.warehouse, "delivery_note", source, picks={source.lines[0].pk: "6"})
    act(edited(world, back, lots=(("A-1", D(-6)),)), "submit", world.warehouse)
    through(world, with_goods(world, bill, "8"))
    assert lots_back() == [("A-1", D(-6)), ("B-2", D(-2))]


def case_of(document: Document) -> Case:
    return load_case(document.pk)


# ------------------------------------------------------------------------------------------------------- refusals


def service() -> LineInput:
    return line(None, "2", line_kind=LineKind.SERVICE, description="Unloading", price=D("80"), unit="HUR")


def test_what_was_not_delivered_does_not_come_back(world: World) -> None:
    case = order(world, service())
    bill = act(invoice(world, case), "post", world.accountant)
    refused(with_goods(world, again(bill), "1"), "submit", world.accountant, "no-delivery")


def test_a_closed_period_refuses_credit_and_return(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    waiting = approved(world, with_goods(world, bill, "2"))
    Period.everywhere.filter(company=world.company).update(state="closed_for_vouchers")
    refused(waiting, "post", world.accountant, "period-closed_for_vouchers")


def test_what_blocks_the_return_blocks_the_credit_in_words(world: World) -> None:
    _case, done, bill = posted_invoice(world, line(world.wheat, "10"))
    waiting = approved(world, with_goods(world, bill, "2"))
    Warehouse.objects.update(active=False)
    error = refused(waiting, "post", world.accountant, "warehouse-inactive")
    assert done.document.number in str(error)


def test_somebody_must_hold_the_right_to_move_goods(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    waiting = approved(world, with_goods(world, bill, "2"))
    poster = replace(world.manager, scopes=frozenset({"sales:read", "sales:post"}))
    kept = Membership.objects.get(user_id=world.accountant.user_id or 0).scopes
    Membership.objects.filter(user_id=world.accountant.user_id or 0).update(scopes=["sales:read"])
    forbidden(lambda: act(waiting, "post", poster), "inventory:write", "sales:write")
    Membership.objects.filter(user_id=world.accountant.user_id or 0).update(scopes=kept)
    assert act(waiting, "post", poster).document.state == State.POSTED, "the submitter may"


def test_the_last_approval_leaves_it_to_somebody_who_may(world: World) -> None:
    """The company posts credits with their approval; here neither approver nor submitter may move the goods."""
    ReleaseRule.objects.create(
        company=world.company, kind="credit_note", approval="always", post_on_release=True
    )
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    waiting = act(with_goods(world, bill, "2"), "submit", world.accountant)
    approver = replace(world.manager, scopes=frozenset({"sales:read", "sales:approve", "sales:post"}))
    members = Membership.objects.filter(user_id=world.accountant.user_id or 0)
    kept = members.get().scopes
    members.update(scopes=["sales:read", "sales:post"])
    done = again(act(waiting, "approve", approver))
    assert (done.document.state, returns()) == (State.APPROVED, [])
    post = next(option for option in available_actions(done, approver) if option.code == "post")
    (reason,) = post.reasons
    assert "Buchen kann sie, wer Lieferscheine buchen darf" in reason
    mover = replace(world.manager, scopes=frozenset({"sales:read", "sales:post", "inventory:write"}))
    assert next(option for option in available_actions(done, mover) if option.code == "post").allowed
    assert act(done, "post", mover).document.state == State.POSTED
    assert len(returns()) == 1
    members.update(scopes=kept)


def test_where_the_submitter_may_move_them_the_approval_posts(world: World) -> None:
    ReleaseRule.objects.create(
        company=world.company, kind="credit_note", approval="always", post_on_release=True
    )
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    approver = replace(world.manager, scopes=frozenset({"sales:read", "sales:approve"}))
    waiting = act(with_goods(world, bill, "2"), "submit", world.accountant)
    assert act(waiting, "approve", approver).document.state == State.POSTED
    assert len(returns()) == 1


def test_a_block_of_the_return_stands_at_the_credit_s_line(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.lime, "4"), line(world.wheat, "10"))
    draft = credit(world, bill, "quantity", {row.pk: "1" for row in bill.lines})
    data = content(draft)
    given = (data.lines[0], replace(data.lines[1], with_goods=True))
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=draft.document.pk, data=replace(data, lines=given),
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    waiting = approved(world, again(draft))
    Warehouse.objects.update(active=False)
    (violation,) = refused(waiting, "post", world.accountant, "warehouse-inactive").violations
    assert (violation.field, violation.line) == ("warehouse", 2)


def test_without_goods_nothing_comes_back(world: World) -> None:
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    through(world, credit(world, bill, "quantity", {bill.lines[0].pk: "2"}))
    assert returns() == []


def test_the_credit_is_taken_back_and_the_return_by_itself(world: World) -> None:
    case, _done, bill = posted_invoice(world, line(world.wheat, "10"))
    made = through(world, with_goods(world, bill, "2"))
    act(made, "cancel", world.accountant, "He keeps them")
    assert again(made).document.state == State.CANCELLED
    (back,) = returns()
    act(case_of(back), "cancel", world.warehouse, "They never came")
    row = Line.objects.get(pk=case.lines[0].pk)
    assert (row.delivered, row.returned, row.invoiced, row.credited) == (10, 0, 10, 0)
    whole(world)


def test_the_editor_s_choice_reaches_it(world: World) -> None:
    """Per line: one with goods, one that was never delivered in full and stays with the customer."""
    _case, _done, bill = posted_invoice(world, line(world.wheat, "10"), line(world.lime, "4"))
    draft = credit(world, bill, "quantity", {bill.lines[0].pk: "1", bill.lines[1].pk: "1"})
    data = content(draft)
    given = (replace(data.lines[0], with_goods=True), data.lines[1])
    drafts.update_draft(
        company=world.company, actor=world.accountant, document_id=draft.document.pk, data=replace(data, lines=given),
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    through(world, again(draft))
    (back,) = returns()
    assert [row.article_id for row in Line.objects.filter(document=back)] == [world.wheat.pk]
