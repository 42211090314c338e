"""Periods, fiscal years, own dates and rates that ended: a block in words, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from documents.models import Document, Instalment
from documents.states import State
from inventory.models import StockMovement
from masterdata.models import TaxRate
from numbering.models import IssuedNumber
from tests.factories.documents import act, again, follow, line
from tests.factories.steps import delivery, drafted, edited, order
from tests.factories.world import World
from tests.support.proofs import refused, refuses
from valeo.core.components import formats
from valeo.core.exceptions import DomainError
from valeo.tenancy.models import Period
from workflow.models import ReleaseRule
from workflow.services import day as days
from workflow.services.begin import today_in
from workflow.services.day import DayTurned

D = Decimal


def set_period(world: World, state: str) -> None:
    today = today_in(world.company)
    assert (
        Period.everywhere.filter(company=world.company, start__lte=today, end__gte=today).update(state=state)
        == 1
    )


def test_a_closed_period_refuses_every_kind(world: World) -> None:
    case, goods = drafted(world, "sales_order"), order(world)
    set_period(world, "closed")
    refused(case, "submit", world.clerk, "period-closed")
    made = follow(world.company, world.warehouse, "delivery_note", goods)
    error = refused(made, "submit", world.warehouse, "period-closed")
    assert formats.day(today_in(world.company)) in str(error)


def test_closed_for_vouchers_lets_commitments_pass(world: World) -> None:
    goods = order(world)
    set_period(world, "closed_for_vouchers")
    assert order(world, line(world.wheat, "1")).document.state == State.POSTED
    made = follow(world.company, world.warehouse, "delivery_note", goods)
    refused(made, "submit", world.warehouse, "period-closed_for_vouchers")


def test_outside_of_every_fiscal_year(world: World) -> None:
    case = drafted(world, "sales_order")
    Period.everywhere.filter(company=world.company).delete()
    refused(case, "submit", world.clerk, "period-none")


def test_the_text_of_a_closed_period_speaks_the_user_s_language(world: World) -> None:
    case = drafted(world, "sales_order")
    set_period(world, "closed")
    with translation.override("de"):
        german = str(refused(case, "submit", world.clerk, "period-closed"))
    with translation.override("en"):
        english = str(refused(case, "submit", world.clerk, "period-closed"))
    assert german != english


def test_a_period_that_closed_between_approval_and_posting(world: World) -> None:
    ReleaseRule.objects.create(company=world.company, kind="sales_order", post_on_release=False)
    case = order(world)
    set_period(world, "closed")
    refused(case, "post", world.clerk, "period-closed")


def test_a_reversal_needs_an_open_period_of_today(world: World) -> None:
    done = delivery(world, order(world))
    set_period(world, "closed_for_vouchers")
    refused(done, "cancel", world.warehouse, "period-closed_for_vouchers", reason="Wrong truck")


def test_only_who_may_post_sets_the_date(world: World) -> None:
    done = delivery(world, order(world, line(world.wheat, "2")))
    yesterday = today_in(world.company) - dt.timedelta(days=1)
    header = {"document_date": yesterday}
    case = follow(world.company, world.clerk, "sales_invoice", done, header=header)
    refused(case, "submit", world.clerk, "date-not-yours")
    case = act(case, "submit", world.accountant)
    assert (case.document.state, case.document.document_date) == (State.POSTED, yesterday)


def test_a_date_in_the_future_is_refused(world: World) -> None:
    case = drafted(world, "sales_order", document_date=today_in(world.company) + dt.timedelta(days=1))
    with refuses(DomainError) as caught:
        act(case, "submit", world.clerk)
    assert "date-future" in [item.code for item in caught[0].violations]


def test_not_before_the_last_of_its_counter(world: World) -> None:
    order(world, line(world.wheat, "1"))
    case = drafted(world, "sales_order", document_date=today_in(world.company) - dt.timedelta(days=1))
    with refuses(DomainError):
        act(case, "submit", world.clerk)


@pytest.mark.parametrize("day", [dt.date(1900, 1, 1), dt.date(9000, 1, 1)])
def test_a_date_of_supply_in_another_age(world: World, day: dt.date) -> None:
    case = drafted(world, "sales_order", supply_from=day)
    with refuses(DomainError) as caught:
        act(case, "submit", world.clerk)
    assert "date-age" in [item.code for item in caught[0].violations]


@pytest.mark.parametrize(("days_off", "goes"), [(-367, False), (-30, True), (7, True), (32, False)])
def test_goods_leave_about_now(world: World, days_off: int, goes: bool) -> None:
    """A slip of the year would be taxed by the rates of that year."""
    day = today_in(world.company) + dt.timedelta(days=days_off)
    made = follow(world.company, world.warehouse, "delivery_note", order(world), supply_from=day)
    if goes:
        assert act(made, "submit", world.warehouse).document.state == State.POSTED
    else:
        error = refused(made, "submit", world.warehouse, "date-age")
        assert formats.day(day) in str(error)


def test_nothing_is_invoiced_years_before_it_is_supplied(world: World) -> None:
    promised = order(
        world, line(world.wheat, "1"), supply_from=dt.date(today_in(world.company).year + 3, 1, 1)
    )
    assert promised.document.state == State.POSTED
    bill = follow(world.company, world.accountant, "sales_invoice", delivery(world, order(world)))
    late = edited(world, bill, supply_from=dt.date(today_in(world.company).year + 2, 1, 1))
    refused(late, "submit", world.accountant, "date-age")


def end_rates(world: World, day: dt.date) -> None:
    TaxRate.objects.filter(percent=7, valid_to=None).update(valid_to=day)


def test_a_rate_that_ended_yesterday_blocks_a_new_draft(world: World) -> None:
    end_rates(world, today_in(world.company) - dt.timedelta(days=1))
    case = drafted(world, "sales_order")
    error = refused(case, "submit", world.clerk, "tax-missing")
    assert error.violations[0].line == 1


def test_a_rate_that_ended_between_approval_and_posting(world: World) -> None:
    ReleaseRule.objects.create(company=world.company, kind="sales_order", post_on_release=False)
    case = order(world)
    assert case.document.state == State.APPROVED
    end_rates(world, today_in(world.company) - dt.timedelta(days=1))
    error = refused(case, "post", world.clerk, "rate-not-in-force")
    assert formats.day(today_in(world.company)) in str(error)
    case = act(case, "reopen", world.clerk, "The rate ended")
    case = edited(world, case, actor=world.clerk)
    refused(case, "submit", world.clerk, "tax-missing")


def test_the_rate_is_that_of_the_supply_date(world: World) -> None:
    """Delivered while 7 % held, invoiced later: still 7 %."""
    done = delivery(world, order(world, line(world.wheat, "2")))
    today = today_in(world.company)
    assert done.document.supply_from == today
    end_rates(world, today)
    case = act(follow(world.company, world.accountant, "sales_invoice", done), "submit", world.accountant)
    assert case.document.state == State.POSTED
    assert again(case).lines[0].tax_rate == 7


def test_the_day_of_posting_counts_where_nobody_set_a_date(world: World) -> None:
    case = drafted(world, "sales_order")
    Document.objects.filter(pk=case.document.pk).update(
        document_date=today_in(world.company) - dt.timedelta(days=40)
    )
    case = act(again(case), "submit", world.clerk)
    assert case.document.document_date == today_in(world.company)


class Clock:
    """A clock on which midnight passes when it has been looked at so many times."""

    def __init__(self, looks: int, step: int = 1) -> None:
        self.looks, self.step, self.days = looks, step, 0

    def now(self) -> dt.datetime:
        if self.looks <= 0:
            self.looks, self.days = self.step, self.days + 1
        self.looks -= 1
        return timezone.now() + dt.timedelta(days=self.days)


def midnight_passes(world: World, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> dt.date:
    """Runs the work, which looks at the clock once before and once after midnight; gives the new day."""
    tomorrow = today_in(world.company) + dt.timedelta(days=1)
    monkeypatch.setattr(days, "timezone", Clock(1, step=100))
    work()
    return tomorrow


def test_midnight_passes_before_the_series_is_locked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the document is of the new day: its date, its terms, its goods; and it exists once."""
    case = drafted(world, "sales_order")
    due = [row.due for row in Instalment.objects.filter(document=case.document)]
    tomorrow = midnight_passes(world, monkeypatch, lambda: act(case, "submit", world.clerk))
    case = again(case)
    assert (case.document.document_date, case.document.posting_date) == (tomorrow, tomorrow)
    assert [row.due - dt.timedelta(days=1) for row in case.instalments] == due
    assert IssuedNumber.objects.get(document_uuid=case.document.uuid).dated == tomorrow


def test_goods_that_leave_at_midnight(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = follow(world.company, world.warehouse, "delivery_note", order(world))
    tomorrow = midnight_passes(world, monkeypatch, lambda: act(made, "submit", world.warehouse))
    moved = StockMovement.objects.get(document=made.document)
    assert (moved.effective_on, again(made).document.supply_from) == (tomorrow, tomorrow)


def test_a_new_order_saved_at_midnight_exists_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Document.objects.count()
    tomorrow = midnight_passes(world, monkeypatch, lambda: order(world, line(world.wheat, "1")))
    assert Document.objects.count() == before + 1
    assert Document.objects.latest("pk").document_date == tomorrow


def test_a_day_that_a_person_chose_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    today = today_in(world.company)
    case = drafted(world, "sales_order", document_date=today)
    midnight_passes(world, monkeypatch, lambda: act(case, "submit", world.clerk))
    assert again(case).document.document_date == today


def test_a_clock_that_never_stands_still(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused in words after a few attempts, and nothing has changed."""
    case = drafted(world, "sales_order")
    monkeypatch.setattr(days, "timezone", Clock(1))
    with refuses(DayTurned, "day-turned"):
        act(case, "submit", world.clerk)
