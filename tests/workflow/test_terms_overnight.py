"""What waits overnight is of the new day, with its due dates; what was accepted stands, unless the terms were changed."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from documents.case import Case
from documents.states import State
from masterdata.services.terms import update_payment_term
from masterdata.terms import TermPart, split
from tests.factories.documents import act, again, follow, line
from tests.factories.steps import delivery, edited, open_ids, order, waiting_order
from tests.factories.tenancy import make_actor
from tests.factories.world import World
from tests.support.proofs import refused
from valeo.audit.selectors import verify
from workflow.models import ReleaseRule

D = Decimal
TERMS: dict[str, dict[str, Any]] = {
    "from the end of the month": {"days": 30, "end_of_month": True, "skonto_days": 10},
    "on the 15th, the discount at most until then": {"days": 10, "fixed_day": 15, "skonto_days": 40},
    "so many days": {"days": 30, "skonto_days": 10},
}


@contextmanager
def on(day: dt.date) -> Iterator[None]:
    now = timezone.now().replace(year=day.year, month=day.month, day=day.day, hour=10)
    with patch("django.utils.timezone.now", return_value=now):
        yield


@pytest.fixture(params=["within a month", "over its end"])
def evening(request: pytest.FixtureRequest) -> dt.date:
    """A day of this month whose next is in the same one, or in the next."""
    today = timezone.now().date()
    last = calendar.monthrange(today.year, today.month)[1]
    return today.replace(day=14 if request.param == "within a month" else last)


@pytest.fixture(params=TERMS)
def terms(world: World, request: pytest.FixtureRequest) -> TermPart:
    return agreed(world, **TERMS[request.param])


def agreed(world: World, note: str = "", **values: Any) -> TermPart:
    """The customer's terms, as somebody enters them."""
    part = TermPart(**{"skonto_percent": D(2), **values})
    term = world.customer.payment_term
    assert term is not None
    update_payment_term(
        actor=make_actor(world.company), uuid=term.uuid, values={"note_de": note}, parts=[part]
    )
    return part


def waiting_invoice(world: World) -> Case:
    """At less than the goods cost."""
    done = delivery(world, order(world, line(world.wheat, "10")))
    made = edited(world, follow(world.company, world.accountant, "sales_invoice", done), price=D("100.00"))
    waiting = act(made, "submit", world.accountant)
    assert waiting.document.state == State.PENDING
    return waiting


def accepted(world: World, case: Case) -> Case:
    now = again(case)
    done = act(now, "approve", world.manager, accepted=open_ids(now), content_hash=now.document.content_hash)
    return act(done, "post", world.accountant) if done.document.state == State.APPROVED else done


@pytest.mark.parametrize("made", [waiting_order, waiting_invoice])
def test_what_was_accepted_stands_over_the_night(
    world: World, terms: TermPart, evening: dt.date, made: Any
) -> None:
    with on(evening):
        waiting = made(world)
    morning = evening + dt.timedelta(days=1)
    with on(morning):
        done = again(accepted(world, waiting))
        assert (done.document.state, done.document.document_date) == (State.POSTED, morning)
        (row,) = done.instalments
        (due,) = split(done.document.payable_total, [terms], morning)
        assert (row.due, row.skonto_until, row.skonto_percent) == (due.due, due.skonto_until, D(2))
        assert row.skonto_days == (due.skonto_until - morning).days  # type: ignore[operator]
        assert verify(world.company).problems == []


@pytest.mark.parametrize("note", ["", "Wie besprochen"])
@pytest.mark.parametrize(
    "changed",
    [{"skonto_percent": D(5)}, {"skonto_days": 11}, {"days": 60}, {"months": 1}],
    ids=lambda values: next(iter(values)),
)
def test_terms_that_were_changed_meanwhile_were_accepted_by_nobody(
    world: World, evening: dt.date, changed: dict[str, Any], note: str
) -> None:
    """Also where the words on the paper are a note of the company's own, which says none of it."""
    before = TERMS["from the end of the month"]
    agreed(world, note, **before)
    with on(evening):
        waiting = waiting_order(world)
    agreed(world, note, **{**before, **changed})
    with on(evening + dt.timedelta(days=1)):
        refused(waiting, "approve", world.manager, "not-accepted:over-credit-limit")
        assert again(waiting).document.state == State.PENDING


def test_terms_that_said_the_same_on_that_day_only(world: World) -> None:
    """On the last day of a month it makes no difference, on the next it does: the words tell."""
    today = timezone.now().date()
    last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    agreed(world, days=30, end_of_month=True)
    with on(last):
        waiting = waiting_order(world)
    agreed(world, days=30)
    with on(last + dt.timedelta(days=1)):
        refused(waiting, "approve", world.manager, "not-accepted:over-credit-limit")


def test_a_draft_of_yesterday_says_the_terms_of_today_in_words(world: World, evening: dt.date) -> None:
    agreed(world, days=30, skonto_days=10)
    ReleaseRule.objects.create(company=world.company, kind="sales_order", post_on_release=False)
    with on(evening):
        case = order(world, line(world.wheat, "1"))
        assert "10" in again(case).document.terms_text
    agreed(world, days=30, skonto_days=14)
    with on(evening + dt.timedelta(days=1)):
        done = again(act(again(case), "post", world.clerk))
    (row,) = done.instalments
    assert row.skonto_days == 14
    assert "14" in done.document.terms_text
