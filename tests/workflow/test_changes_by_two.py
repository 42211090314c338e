"""Credit limit, bank data and tax status of a partner wait for a second person (ChangeRequest, contract § 4)."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from masterdata.models import Partner
from masterdata.services.partners import update_partner
from tests.factories.world import World
from tests.support.proofs import conflicts, forbidden, refuses
from valeo.administration.services.accounts import see_news
from valeo.core.exceptions import Conflict, NotPermitted, Refused
from valeo.office.selectors.notes import news_for
from valeo.tenancy.actor import Actor
from workflow.models import ChangeRequest
from workflow.services import change_requests

D = Decimal


def ask(world: World, limit: str = "50000.00", actor: Actor | None = None) -> None:
    update_partner(
        actor=actor or world.accountant,
        uuid=world.customer.uuid,
        values={"credit_limit": D(limit)},
        reason="Grows",
    )


def waiting() -> ChangeRequest:
    return ChangeRequest.objects.get(state="pending")


def limit_of(world: World) -> Decimal | None:
    limit: Decimal | None = Partner.objects.get(pk=world.customer.pk).credit_limit
    return limit


def test_it_waits_and_takes_effect_with_the_second_person(world: World) -> None:
    ask(world)
    request = waiting()
    assert (request.field, request.old, request.new, request.reason) == (
        "credit_limit",
        "20000.00",
        "50000.00",
        "Grows",
    )
    assert limit_of(world) == D("20000.00")
    change_requests.decide(actor=world.manager, uuid=request.uuid, approve=True)
    assert limit_of(world) == D("50000.00")
    request.refresh_from_db()
    assert (request.state, request.decided_by_id) == ("approved", world.manager.user_id)
    conflicts(
        lambda: change_requests.decide(actor=world.manager, uuid=request.uuid, approve=True), "wrong-state"
    )


def test_who_asked_does_not_decide_and_a_clerk_neither(world: World) -> None:
    ask(world)
    request = waiting()
    forbidden(lambda: change_requests.decide(actor=world.accountant, uuid=request.uuid, approve=True))
    forbidden(
        lambda: change_requests.decide(actor=world.clerk, uuid=request.uuid, approve=True),
        "finance:write", "sales:approve", "purchase:approve",
    )  # fmt: skip
    with refuses(NotPermitted):
        ask(world, "1.00", actor=world.clerk)


def test_the_bell_tells_who_asked(world: World) -> None:
    for limit, approve in (("50000.00", True), ("90000.00", False)):
        ask(world, limit)
        change_requests.decide(
            actor=world.manager, uuid=waiting().uuid, approve=approve, reason="Decided together"
        )
    news = news_for(world.accountant)
    assert [note.icon for note in news.notes] == ["st-rejected", "st-approved"]
    assert news.notes[0].url == reverse("masterdata:partner", args=[world.customer.uuid])
    assert world.customer.customer_number in news.notes[0].text
    assert news.unread == 2
    assert news_for(world.manager).notes == [], "what one decided oneself is no news"
    see_news(actor=world.accountant)
    assert news_for(world.accountant).unread == 0


def test_one_request_per_field(world: World) -> None:
    ask(world)
    with refuses(Refused, "change-waiting"):
        ask(world, "60000.00")


def test_rejected_with_a_reason_and_withdrawn_by_who_asked(world: World) -> None:
    ask(world)
    request = waiting()
    with refuses(Refused, "reason-missing"):
        change_requests.decide(actor=world.manager, uuid=request.uuid, approve=False)
    change_requests.decide(actor=world.manager, uuid=request.uuid, approve=False, reason="Too much")
    assert limit_of(world) == D("20000.00")
    ask(world)
    second = waiting()
    with refuses(NotPermitted):
        change_requests.withdraw(actor=world.manager, uuid=second.uuid)
    change_requests.withdraw(actor=world.accountant, uuid=second.uuid)
    assert ChangeRequest.objects.get(pk=second.pk).state == "withdrawn"


def test_a_partner_that_changed_meanwhile(world: World) -> None:
    ask(world)
    Partner.objects.filter(pk=world.customer.pk).update(credit_limit=D("1.00"))
    with refuses(Conflict):
        change_requests.decide(actor=world.manager, uuid=waiting().uuid, approve=True)


def test_without_four_eyes_it_takes_effect_at_once(world: World) -> None:
    world.company.four_eyes = "off"
    world.company.save()
    ask(world)
    assert limit_of(world) == D("50000.00")
    assert not ChangeRequest.objects.exists()
