"""Deciding: exactly the named exceptions, one content, four eyes, limits; reject, withdraw, revise, reopen, discard."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from documents.case import Case
from documents.models import Document, Line
from documents.states import State
from tests.factories.documents import act, again, line
from tests.factories.steps import (
    amended,
    delivery,
    drafted,
    edited,
    exceptions,
    open_ids,
    order,
    posted_invoice,
    set_partner,
    waiting_order,
)
from tests.factories.tenancy import make_actor
from tests.factories.world import World
from tests.support.proofs import conflicts, forbidden, refused
from valeo.tenancy.models import User
from workflow.models import Approval, DocumentException, ReleaseRule

D = Decimal
REASONED = ("reject", "reopen", "discard", "cancel", "close", "decline")


def test_approved_are_exactly_the_named_exceptions(world: World) -> None:
    case = order(
        world,
        line(world.wheat, "95", discount_percent=D(15)),
        line(world.lime, "4", price=D(0), free_reason="sample"),
    )
    assert set(exceptions(case)) == {"discount", "free-line"}
    named = open_ids(case)
    refused(case, "approve", world.manager, "exceptions-undecided", accepted=frozenset(list(named)[:1]))
    refused(case, "approve", world.manager, "exceptions-undecided", accepted=frozenset({*named, 999_999}))
    refused(case, "approve", world.manager, "exceptions-undecided", accepted=frozenset())
    done = act(
        case,
        "approve",
        world.manager,
        "Good customer",
        accepted=named,
        content_hash=case.document.content_hash,
    )
    assert done.document.state == State.POSTED
    approval = Approval.objects.get(document=done.document)
    assert {row["code"] for row in approval.exceptions} == {"discount", "free-line"}
    assert (approval.decided_by_id, approval.reason, approval.decision) == (
        world.manager.user_id,
        "Good customer",
        "approved",
    )
    assert approval.content_hash
    assert set(DocumentException.objects.filter(accepted_by=approval).values_list("pk", flat=True)) == named


def test_another_content_than_the_one_looked_at(world: World) -> None:
    case = waiting_order(world)
    error = refused(case, "approve", world.manager, "content-changed", content_hash="0" * 64)
    assert error.status == 409


def test_four_eyes(world: World) -> None:
    by_manager = drafted(world, "sales_order", line(world.wheat, "95"), actor=world.manager)
    by_manager = act(by_manager, "submit", world.manager)
    forbidden(lambda: act(by_manager, "approve", world.manager), "sales:approve")
    forbidden(lambda: act(by_manager, "approve", world.clerk), "sales:approve")
    assert act(by_manager, "approve", world.accountant).document.state == State.POSTED


@pytest.mark.parametrize("hand", ["created_by_id", "edited_by_id", "submitted_by_id"])
def test_four_eyes_look_at_writer_editor_and_submitter(world: World, hand: str) -> None:
    author = {
        "created_by_id": world.clerk,
        "edited_by_id": world.clerk,
        "submitted_by_id": world.clerk,
        hand: world.manager,
    }
    case = drafted(world, "sales_order", line(world.wheat, "95"), actor=author["created_by_id"])
    case = edited(world, case, actor=author["edited_by_id"], description="Winter wheat")
    case = act(case, "submit", author["submitted_by_id"])
    assert getattr(case.document, hand) == world.manager.user_id
    forbidden(lambda: act(case, "approve", world.manager), "sales:approve")


def test_four_eyes_off_and_on(world: World) -> None:
    case = act(
        drafted(world, "sales_order", line(world.wheat, "95"), actor=world.manager), "submit", world.manager
    )
    world.company.four_eyes = "off"
    world.company.save()
    assert act(case, "approve", world.manager).document.state == State.POSTED


def test_four_eyes_are_off_by_themselves_where_only_one_can_approve(world: World) -> None:
    from valeo.tenancy.models import Membership

    Membership.objects.filter(user_id=world.accountant.user_id or 0, company=world.company).update(
        is_active=False
    )
    case = act(
        drafted(world, "sales_order", line(world.wheat, "95"), actor=world.manager), "submit", world.manager
    )
    assert act(again(case), "approve", world.manager).document.state == State.POSTED
    world.company.four_eyes = "on"
    world.company.save()
    case = act(
        drafted(world, "sales_order", line(world.wheat, "95"), actor=world.manager), "submit", world.manager
    )
    forbidden(lambda: act(case, "approve", world.manager), "sales:approve")


def test_the_amount_that_a_role_may_approve(world: World) -> None:
    case = waiting_order(world)
    small = replace(world.manager, approval_limit=D("23379.49"))
    error = forbidden(lambda: act(case, "approve", small), "sales:approve")
    assert "23.379,50" in str(error) or "23,379.50" in str(error)
    assert act(case, "approve", replace(small, approval_limit=D("23379.50"))).document.state == State.POSTED


def test_after_a_rejection_it_is_revised_and_decided_anew(world: World) -> None:
    case = waiting_order(world)
    refused(case, "reject", world.manager, "reason-missing")
    forbidden(lambda: act(case, "reject", world.clerk, "no"), "sales:approve")
    case = act(case, "reject", world.manager, "Too much at once")
    assert case.document.state == State.REJECTED
    assert not exceptions(case)
    assert Approval.objects.get(document=case.document).decision == "rejected"
    conflicts(lambda: act(case, "submit", world.clerk), "wrong-state")
    case = act(case, "revise", world.clerk)
    case = edited(world, case, actor=world.clerk, quantity=D(50), price_quantity=None)
    assert act(case, "submit", world.clerk).document.state == State.POSTED


def test_withdrawn_by_who_wrote_or_submitted_it_or_by_an_approver(world: World) -> None:
    stranger = make_actor(world.company, ["operator"])
    case = waiting_order(world)
    forbidden(lambda: act(case, "withdraw", stranger))
    case = act(case, "withdraw", world.clerk)
    assert case.document.state == State.DRAFT
    assert not exceptions(case)
    case = act(case, "submit", world.clerk)
    assert act(case, "withdraw", world.manager).document.state == State.DRAFT


def test_discarded_with_a_reason(world: World) -> None:
    case = drafted(world, "sales_order")
    refused(case, "discard", world.clerk, "reason-missing", reason="   ")
    case = act(case, "discard", world.clerk, "Entered twice")
    assert (case.document.state, case.document.number) == (State.CANCELLED, "")
    conflicts(lambda: act(case, "submit", world.clerk), "wrong-state")


def held_back(world: World, quantity: str = "95") -> Case:
    """Approved, but not posted: the company does not post on release."""
    ReleaseRule.objects.create(company=world.company, kind="sales_order", post_on_release=False)
    return act(order(world, line(world.wheat, quantity)), "approve", world.manager)


def test_above_the_accepted_figure_posting_is_refused_and_reopen_is_the_way(world: World) -> None:
    case = held_back(world)
    assert case.document.state == State.APPROVED
    ReleaseRule.objects.update(post_on_release=True)
    set_partner(world, credit_limit=D("19999.99"))  # one cent more than accepted
    error = refused(again(case), "post", world.clerk, "not-accepted:over-credit-limit")
    assert "wieder öffnen" in str(error)
    refused(again(case), "reopen", world.clerk, "reason-missing")
    case = act(again(case), "reopen", world.clerk, "Limit was lowered")
    assert case.document.state == State.DRAFT
    approval = Approval.objects.get(document=case.document)
    assert approval.voided_at is not None
    assert approval.void_reason == "Limit was lowered"
    case = act(case, "submit", world.clerk)
    assert exceptions(case) == {"over-credit-limit": ("3379.51", "EUR")}
    assert act(case, "approve", world.manager).document.state == State.POSTED


def test_up_to_the_accepted_figure_it_posts(world: World) -> None:
    case = held_back(world)
    set_partner(world, credit_limit=D("20000.01"))
    assert act(again(case), "post", world.clerk).document.state == State.POSTED


def test_an_exception_that_nobody_accepted_refuses_posting(world: World) -> None:
    ReleaseRule.objects.create(company=world.company, kind="sales_order", post_on_release=False)
    case = order(world, line(world.wheat, "10"))
    assert case.document.state == State.APPROVED
    set_partner(world, credit_limit=D("100"))
    refused(case, "post", world.clerk, "not-accepted:over-credit-limit")
    set_partner(world, credit_limit=None, blocked=True, blocked_reason="Fraud")
    refused(case, "post", world.clerk, "partner-blocked")


def test_the_classical_four_steps(world: World) -> None:
    ReleaseRule.objects.create(
        company=world.company, kind="sales_order", approval="always", post_on_release=False
    )
    case = order(world, line(world.wheat, "1"))
    assert case.document.state == State.PENDING
    assert not exceptions(case)
    conflicts(lambda: act(case, "post", world.clerk), "wrong-state")
    case = act(case, "approve", world.manager)
    assert (case.document.state, case.document.number) == (State.APPROVED, "")
    conflicts(lambda: act(case, "approve", world.accountant), "wrong-state")
    case = act(case, "post", world.clerk)
    assert case.document.number.startswith("SO-")


def test_the_last_approval_posts_where_submitter_or_approver_may(world: World) -> None:
    done = delivery(world, order(world, line(world.wheat, "2")))
    from tests.factories.documents import follow

    case = edited(
        world, follow(world.company, world.clerk, "sales_invoice", done), actor=world.clerk, price=D("241")
    )
    case = act(case, "submit", world.clerk)
    assert set(exceptions(case)) == {"price-unlike-source"}
    case = act(case, "approve", world.manager)
    assert case.document.state == State.APPROVED, "neither clerk nor manager may post an invoice"
    assert act(case, "post", world.accountant).document.state == State.POSTED


@pytest.mark.parametrize("action", REASONED)
def test_actions_that_need_a_reason(world: World, action: str) -> None:
    from documents.states import ACTIONS

    assert ACTIONS[action].needs_reason
    assert [code for code, row in ACTIONS.items() if row.needs_reason and code != "amend"] == [
        code for code in ACTIONS if code in REASONED
    ]


def test_only_a_draft_is_edited(world: World) -> None:
    case = waiting_order(world)
    conflicts(lambda: edited(world, case, actor=world.clerk, quantity=D(1)), "wrong-state")
    done = order(world, line(world.wheat, "1"))
    conflicts(lambda: edited(world, done, actor=world.clerk, quantity=D(1)), "wrong-state")


def test_a_pending_document_claims_what_it_takes_and_gives_it_back(world: World) -> None:
    case = order(world)
    wheat = case.lines[0].pk
    done = delivery(world, case, {wheat: "22"})
    assert done.document.state == State.PENDING
    assert Line.objects.get(pk=wheat).delivered == 22
    act(done, "reject", world.manager, "Send less")
    assert Line.objects.get(pk=wheat).delivered == 0
    assert Document.objects.get(pk=case.document.pk).fulfilment == "open"


def test_vouchers_are_neither_amended_nor_closed(world: World) -> None:
    _first, second, third = posted_invoice(world, line(world.wheat, "2"))
    for case in (second, third):
        conflicts(lambda case=case: act(case, "close", world.accountant, "why"), "wrong-state")  # type: ignore[misc]
        conflicts(lambda case=case: act(case, "amend", world.accountant, "why"), "wrong-state")  # type: ignore[misc]
        conflicts(lambda case=case: act(case, "accept", world.accountant), "wrong-state")  # type: ignore[misc]
        conflicts(
            lambda case=case: amended(world, case, actor=world.accountant, quantity=D(1)),  # type: ignore[misc]
            "wrong-state",
        )


def test_a_submitter_who_left_lends_nobody_his_right_to_post(world: World) -> None:
    """The manager may not post invoices; the accountant who submitted this one could, until the account was closed."""
    _order, _delivery, bill = posted_invoice(world)
    storno = act(bill, "cancel", world.accountant, "Wrong price").facts["storno"]
    User.objects.filter(pk=world.accountant.user_id or 0).update(is_active=False)
    assert act(storno, "approve", world.manager).document.state == State.APPROVED
    assert again(bill).document.state == State.POSTED
