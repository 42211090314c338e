"""Amendments beside what exists already or came about meanwhile: drafts, cancelled documents, what went beyond."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from documents.models import Revision
from documents.services import drafts
from documents.services.follow_up import FollowUp, Pick, create_follow_up
from documents.services.wire import to_json
from tests.documents.views.editing import fields_of
from tests.factories.documents import act, again, draft, follow, line, submitted
from tests.factories.masterdata import make_partner
from tests.factories.steps import amended, content, delivery, exceptions, invoice, order
from tests.factories.world import World
from tests.support.proofs import conflicts, refuses
from tests.workflow.test_inbox import browser
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotPermitted, Refused
from valeo.tenancy.selectors import system_actor
from workflow.models import ReleaseRule
from workflow.selectors.inbox import waiting
from workflow.services import amendments
from workflow.services.begin import today_in

D = Decimal


def two_lines(world: World) -> Any:
    return order(world, line(world.wheat, "20"), line(world.lime, "40"))


def without_last(case: Any) -> Any:
    data = content(case)
    return replace(data, lines=data.lines[:1])


def test_a_line_that_a_draft_stands_on_is_not_removed_under_it(world: World) -> None:
    case = two_lines(world)
    draft = follow(world.company, world.warehouse, "delivery_note", case)
    with refuses(Refused, "line-linked") as caught:
        amended(world, case, without_last(case))
    assert str(draft.document) in str(caught[0])
    drafts.update_draft(
        company=world.company, actor=world.warehouse, document_id=draft.document.pk, data=without_last(draft),
        expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    assert amended(world, case, without_last(case)).state == "in_force"
    act(again(draft), "submit", world.warehouse)
    assert again(case).document.fulfilment == "complete"


@pytest.mark.parametrize("ended", ["cancelled", "discarded"])
def test_a_line_that_was_in_a_document_once_is_closed_instead(world: World, ended: str) -> None:
    case = two_lines(world)
    if ended == "cancelled":
        made = act(delivery(world, case), "cancel", world.warehouse, "Never left")
    else:
        draft = follow(world.company, world.warehouse, "delivery_note", case)
        made = act(draft, "discard", world.warehouse, "Not today")
    with refuses(Refused, "line-linked") as caught:
        amended(world, case, without_last(case))
    assert str(made.document) in str(caught[0])
    assert [row.pk for row in again(case).lines] == [row.pk for row in case.lines]
    assert len(again(made).links_in) == 2


def test_the_editor_says_so_in_words(world: World) -> None:
    case = two_lines(world)
    draft = follow(world.company, world.warehouse, "delivery_note", case)
    client = browser(world.clerk)
    url = f"/documents/{case.document.uuid}/edit/?amend=1"
    fields = fields_of(client.get(url)) | {"lines-1-DELETE": "1", "reason": "Customer asked", "do": "amend"}
    answer = client.post(url, fields)
    assert answer.status_code == 422
    assert str(draft.document) in answer.content.decode()


def test_an_order_that_is_cancelled_takes_its_waiting_amendment_along(world: World) -> None:
    case = order(world)
    revision = amended(world, case, quantity=D(95), price_quantity=None)
    assert [row.kind for row in waiting(world.manager)] == ["amendment"]
    act(again(case), "cancel", world.clerk, "Not wanted")
    revision.refresh_from_db()
    assert revision.state == "withdrawn"
    assert not exceptions(case)
    assert not waiting(world.manager)
    rows = AuditEntry.objects.filter(object_uuid=case.document.uuid).order_by("seq")
    assert list(rows.values_list("action", flat=True))[-2:] == ["withdraw-amendment", "cancel"]
    conflicts(
        lambda: amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True), "wrong-state"
    )


def test_an_amendment_that_outlived_its_order_is_rejected_only(world: World) -> None:
    """As cancelling left it before it took amendments along."""
    case = order(world)
    act(again(case), "cancel", world.clerk, "Not wanted")
    revision = Revision.objects.create(
        company_id=world.company.pk, document=case.document, number=2, state="pending", content={},
        content_hash="x", proposal=to_json(content(case)), base_version=1, proposed_by_id=world.clerk.user_id,
    )  # fmt: skip
    conflicts(
        lambda: amendments.decide(actor=world.manager, revision_id=revision.pk, approve=True), "wrong-state"
    )
    amendments.withdraw(actor=world.clerk, revision_id=revision.pk)
    revision.refresh_from_db()
    assert revision.state == "withdrawn"


def test_where_every_order_is_decided_so_is_every_amendment(world: World) -> None:
    ReleaseRule.objects.create(
        company=world.company, kind="sales_order", approval="always", post_on_release=True
    )
    case = act(order(world, line(world.wheat, "1")), "approve", world.manager)
    revision = amended(world, case, quantity=D(70), price_quantity=None)
    assert (revision.state, again(case).lines[0].quantity) == ("pending", 1)
    row = waiting(world.manager)[0]
    assert (row.revision, row.hindrance, row.texts) == (revision, "", ())
    with refuses(NotPermitted):
        amendments.decide(actor=world.clerk, revision_id=revision.pk, approve=True)
    page = browser(world.manager).get(reverse("workflow:inbox"), {"item": str(revision.uuid)})
    assert page.status_code == 200
    amendments.decide(
        actor=world.manager, revision_id=revision.pk, approve=True, accepted=frozenset(),
        content_hash=revision.content_hash,
    )  # fmt: skip
    assert again(case).lines[0].quantity == 70


def test_what_was_delivered_within_the_tolerance_stops_no_amendment(world: World) -> None:
    case = two_lines(world)
    delivery(world, case, {case.lines[0].pk: "20.5"})
    data = content(case)
    more = replace(data.lines[1], quantity=D(50), price_quantity=None)
    assert amended(world, case, replace(data, lines=(data.lines[0], more))).state == "in_force"
    assert amended(world, case, replace(content(case), header_text="Hello")).state == "in_force"
    with refuses(Refused, "below-taken"):
        amended(world, case, quantity=D("19.9"), price_quantity=None)
    assert again(case).lines[0].quantity == 20


@pytest.mark.parametrize("then", ["25", "24", "20", "30"])
def test_an_order_that_went_beyond_its_quotation_is_amended_again(world: World, then: str) -> None:
    quotation = submitted(
        world.company, world.clerk, draft("quotation", world.customer, line(world.wheat, "20"))
    )
    case = act(follow(world.company, world.clerk, "sales_order", quotation), "submit", world.clerk)
    assert amended(world, case, quantity=D(25), price_quantity=None).state == "in_force"
    assert amended(world, case, replace(content(case), header_text="Hello")).state == "in_force"
    assert amended(world, case, quantity=D(then), price_quantity=None).state == "in_force"
    assert again(quotation).lines[0].ordered == D(then)
    assert amended(world, quotation, replace(content(quotation), header_text="Hello")).state == "in_force"
    with refuses(Refused, "nothing-open"):
        follow(world.company, world.clerk, "sales_order", again(quotation))


def test_a_draft_delivery_follows_the_order_to_another_recipient(world: World) -> None:
    """Submitted as it was, its invoice went to whom the order no longer names."""
    case = order(world)
    made = follow(world.company, world.warehouse, "delivery_note", case)
    other = make_partner(system_actor(world.company.pk), tax_status="regular")
    amended(world, case, replace(content(case), bill_to_id=other.pk, parties=()))
    with refuses(Refused, "differs-from-source") as caught:
        act(made, "submit", world.warehouse)
    assert caught[0].violations[0].field == "bill_to"
    drafts.update_draft(
        company=world.company, actor=world.warehouse, document_id=made.document.pk,
        data=replace(content(made), bill_to_id=other.pk, parties=()), expected_version=None,
        today=today_in(world.company),
    )  # fmt: skip
    done = act(again(made), "submit", world.warehouse)
    assert invoice(world, done).document.bill_to_id == other.pk


@pytest.mark.parametrize("to", [{"unit": "KGM", "quantity": D(1000)}, {"unit": "TNE", "quantity": D(1)}])
def test_the_unit_stays_while_a_draft_is_measured_in_it(world: World, to: dict[str, Any]) -> None:
    """40 sacks in a draft delivery: posted against 1,000 kg it moved 1,000 kg and counted 40."""
    case = order(world, line(world.lime, "40"))
    made = follow(world.company, world.warehouse, "delivery_note", case)
    with refuses(Refused, "line-linked") as caught:
        amended(world, case, price_quantity=None, **to)
    assert str(made.document) in str(caught[0])
    amended(world, case, quantity=D(30), price_quantity=None)
    act(made, "discard", world.warehouse, "Weighed instead")
    assert amended(world, case, price_quantity=None, **to).state == "in_force"
    delivery(world, case)
    now = again(case)
    assert (now.lines[0].delivered, now.document.fulfilment) == (to["quantity"], "complete")


def test_the_unit_stays_where_goods_came_back_for_replacement(world: World) -> None:
    case = order(world, line(world.lime, "40"))
    done = delivery(world, case)
    back = create_follow_up(
        company=world.company, actor=world.warehouse, kind="delivery_note", sources=[done.document.pk],
        today=today_in(world.company),
        wish=FollowUp(picks=(Pick(done.lines[0].pk, D(40), replaces=True),)),
    )  # fmt: skip
    act(back, "submit", world.warehouse)
    with refuses(Refused, "line-taken"):
        amended(world, case, quantity=D(1000), unit="KGM", price_quantity=None)
