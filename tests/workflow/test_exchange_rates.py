"""Documents in a foreign currency take the newest rate of the table; another one can be typed."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone, translation

from documents.case import Case
from documents.models import Document, Revision
from documents.selectors.cases import load_case
from documents.services import drafts
from documents.services.compose import rating
from masterdata.models import ExchangeRate
from masterdata.services.code_lists import create_row, update_row
from tests.factories.documents import act, again, draft, follow, line
from tests.factories.steps import credit, delivery, invoice
from tests.factories.tenancy import make_actor, make_company
from tests.factories.world import World
from tests.support.raw import run
from valeo.audit.models import AuditEntry
from valeo.audit.selectors import verify
from valeo.core.exceptions import NotFound, NotPermitted, Refused
from valeo.tenancy.models import Company
from valeo.tenancy.scope import company_scope
from workflow.services.begin import today_in

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = dt.date(2026, 11, 25)


def rate(world: World, currency: str, day: dt.date, value: str, source: str = "ECB") -> ExchangeRate:
    values = {"currency": currency, "valid_from": day, "rate": D(value), "source": source}
    return create_row(ExchangeRate, actor=make_actor(world.company), values=values)


@contextmanager
def world_of_yesterday(world: World) -> Iterator[None]:
    """The clock a day earlier, for who asks for the company's day."""
    now = timezone.now() - dt.timedelta(days=1)
    with patch("django.utils.timezone.now", return_value=now):
        yield


def order(world: World, **values: Any) -> Document:
    data = draft("sales_order", world.customer, line(world.wheat, "1", price=D(100)), **values)
    return drafts.create_draft(company=world.company, actor=world.clerk, data=data, today=TODAY).document


def test_the_newest_rate_up_to_the_documents_day(world: World) -> None:
    rate(world, "USD", dt.date(2026, 11, 1), "0.91")
    rate(world, "USD", dt.date(2026, 11, 20), "0.9231")
    rate(world, "USD", dt.date(2026, 11, 26), "0.95")
    rate(world, "GBP", dt.date(2026, 11, 24), "1.17")
    found = order(world, currency="USD")
    assert (found.exchange_rate, found.rate_date, found.rate_source) == (
        D("0.9231"),
        dt.date(2026, 11, 20),
        "ECB",
    )
    assert found.gross_company == (found.gross_total * D("0.9231")).quantize(D("0.01"))
    earlier = order(world, currency="USD", document_date=dt.date(2026, 11, 19))
    assert earlier.exchange_rate == D("0.91")
    typed = order(world, currency="USD", exchange_rate=D("0.9"), rate_source="bank")
    assert (typed.exchange_rate, typed.rate_source) == (D("0.9"), "bank")


def test_without_a_rate_it_is_asked_for(world: World) -> None:
    rate(world, "USD", dt.date(2026, 11, 26), "0.95")
    before = Document.objects.count()
    with pytest.raises(Refused) as refused:
        order(world, currency="USD")
    assert [(each.code, each.field) for each in refused.value.violations] == [
        ("rate-missing", "exchange_rate")
    ]
    assert Document.objects.count() == before


def test_another_currency_drops_the_rate_of_the_first(world: World) -> None:
    rate(world, "USD", dt.date(2026, 11, 1), "0.91")
    rate(world, "GBP", dt.date(2026, 11, 1), "1.17")
    data = draft("sales_order", world.customer, line(world.wheat, "1", price=D(100)), currency="USD")
    made = drafts.create_draft(company=world.company, actor=world.clerk, data=data, today=TODAY)
    again = replace(data, currency="GBP", exchange_rate=D("0.91"), rate_source="ECB")
    changed = drafts.update_draft(
        company=world.company, actor=world.clerk, document_id=made.document.pk, data=again, today=TODAY,
        expected_version=made.document.version,
    )  # fmt: skip
    assert changed.document.exchange_rate == D("1.17")


def test_another_rate_is_not_the_tables_any_more(world: World) -> None:
    rate(world, "USD", dt.date(2026, 11, 1), "0.91")
    data = draft("sales_order", world.customer, line(world.wheat, "1", price=D(100)), currency="USD")
    made = drafts.create_draft(company=world.company, actor=world.clerk, data=data, today=TODAY)
    again = replace(
        data, exchange_rate=D("0.90"), rate_source="ECB", rate_date=dt.date(2026, 11, 1)
    )  # as the form sends it
    changed = drafts.update_draft(
        company=world.company, actor=world.clerk, document_id=made.document.pk, data=again, today=TODAY,
        expected_version=made.document.version,
    ).document  # fmt: skip
    assert (changed.exchange_rate, changed.rate_source, changed.rate_date) == (D("0.90"), "", TODAY)


@pytest.mark.parametrize(
    "wrong", [{"rate": D(0)}, {"rate": D(-1)}, {"currency": "usd"}, {"currency": "US"}, {"source": ""}]
)
def test_a_wrong_row_is_refused_and_nothing_changes(world: World, wrong: dict[str, Any]) -> None:
    values = {"currency": "USD", "valid_from": TODAY, "rate": D("0.92"), "source": "ECB", **wrong}
    boss = make_actor(world.company)
    entries = AuditEntry.objects.count()
    with pytest.raises(Refused) as refused:
        create_row(ExchangeRate, actor=boss, values=values)
    assert [each.field for each in refused.value.violations] == list(wrong)
    assert not ExchangeRate.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_one_row_for_a_day(world: World) -> None:
    first = rate(world, "USD", TODAY, "0.92")
    with pytest.raises(Refused):
        rate(world, "USD", TODAY, "0.93")
    update_row(ExchangeRate, actor=make_actor(world.company), pk=first.pk, values={"rate": D("0.94")})
    assert order(world, currency="USD").exchange_rate == D("0.94")
    assert AuditEntry.objects.filter(action__startswith="exchange_rate.").count() == 2


def test_who_may_and_whose_they_are(world: World) -> None:
    row = rate(world, "USD", TODAY, "0.92")
    with pytest.raises(NotPermitted):
        update_row(ExchangeRate, actor=world.clerk, pk=row.pk, values={"rate": D(1)})
    other = make_company("OTHER")
    stranger = make_actor(other)
    with company_scope(other.pk):
        assert not ExchangeRate.objects.exists()
        with pytest.raises(NotFound):
            update_row(ExchangeRate, actor=stranger, pk=row.pk, values={"rate": D(1)})
    row.refresh_from_db()
    assert row.rate == D("0.92")


def test_the_administrators_page(company: Company, client_for: Callable[..., Client]) -> None:
    client = client_for("administrator")
    values = {"currency": "USD", "valid_from": "2026-11-25", "rate": "0.92", "source": "ECB"}
    assert client.post("/admin/masterdata/exchangerate/add/", values).status_code == 302
    again = client.post("/admin/masterdata/exchangerate/add/", values)
    assert again.status_code == 200
    assert again.context["adminform"].form.errors["valid_from"]
    assert ExchangeRate.everywhere.filter(company=company).count() == 1
    assert client_for("manager").get("/admin/masterdata/exchangerate/").status_code == 403


def test_the_administrator_reads_it_in_his_form(company: Company, client_for: Callable[..., Client]) -> None:
    client = client_for("administrator")
    client.post("/language/", {"language": "de"})
    values = {"currency": "USD", "valid_from": "2026-11-25", "rate": "0.92", "source": "ECB"}
    page = client.post("/admin/masterdata/exchangerate/add/", values, follow=True).content.decode()
    assert "USD, 25.11.2026" in page
    assert "2026-11-25" not in page.split('class="field-', 1)[0]
    assert "Wechselkurs" in page
    assert ">Satz<" not in page
    assert '<td class="field-rate_shown">0,9200</td>' in page
    row = ExchangeRate.everywhere.get(company=company)
    assert AuditEntry.objects.get(action="exchange_rate.create").label == "USD 2026-11-25"
    ExchangeRate.everywhere.filter(pk=row.pk).update(rate=D("0.923101"))
    assert ">0,923101</td>" in client.get("/admin/masterdata/exchangerate/").content.decode()


# ------------------------------------------------------------------------------- posted on another day (docs/adr/0014)


def yesterdays(world: World, kind: str = "sales_order", quantity: str = "1", **values: Any) -> Document:
    """A draft in dollars of the day before, at that day's rate."""
    data = draft(kind, world.customer, line(world.lime, quantity, price=D(400)), currency="USD", **values)
    day = today_in(world.company) - dt.timedelta(days=1)
    return drafts.create_draft(company=world.company, actor=world.clerk, data=data, today=day).document


@pytest.fixture
def rates(world: World) -> dt.date:
    """0.91 until yesterday, 0.9231 from today."""
    today = today_in(world.company)
    rate(world, "USD", today - dt.timedelta(days=30), "0.91")
    rate(world, "USD", today, "0.9231")
    return today


def in_company(document: Document) -> list[Decimal]:
    return [document.net_company, document.tax_company, document.gross_company, document.payable_company]


def test_posted_on_another_day_it_has_that_days_rate(world: World, rates: dt.date) -> None:
    made = yesterdays(world, quantity="40")
    assert made.exchange_rate == D("0.91")
    done = again(act(load_case(made.pk), "submit", world.clerk))
    document = done.document
    assert document.state == "posted"
    assert (document.exchange_rate, document.rate_date, document.document_date) == (D("0.9231"), rates, rates)
    assert in_company(document) == [D("369.24"), D("70.16"), D("439.40"), D("439.40")]
    assert [(row.net_company, row.tax_company) for row in done.tax_groups] == [(D("369.24"), D("70.16"))]
    fresh = drafts.create_draft(
        company=world.company, actor=world.clerk,
        data=draft("sales_order", world.customer, line(world.lime, "40", price=D(400)), currency="USD"), today=rates,
    ).document  # fmt: skip
    assert in_company(document) == in_company(fresh), "as if it had been written today"
    content = Revision.objects.get(document=document).content
    assert content["totals"]["tax_company"] == "70.16"
    assert [row for row in verify(world.company).problems if not row.startswith("masterdata")] == []


def test_a_typed_rate_stays(world: World, rates: dt.date) -> None:
    made = yesterdays(world, exchange_rate=D("0.90"), rate_source="Bank")
    done = again(act(load_case(made.pk), "submit", world.clerk)).document
    assert (done.exchange_rate, done.rate_source) == (D("0.90"), "Bank")


def test_one_that_waits_overnight_is_posted_at_the_new_days_rate(world: World, rates: dt.date) -> None:
    """The approval stands: what it was bound to is the content at the rate of its own day."""
    made = yesterdays(world, quantity="4000", warehouse_id=None)
    with world_of_yesterday(world):
        waiting = act(load_case(made.pk), "submit", world.clerk)
        assert (waiting.document.state, waiting.document.exchange_rate) == ("pending", D("0.91"))
    ExchangeRate.objects.filter(valid_from=rates).update(rate=D("0.90"))
    done = again(act(load_case(made.pk), "approve", world.manager)).document
    assert (done.state, done.exchange_rate) == ("posted", D("0.90"))
    assert done.gross_company == (done.net_total * D("0.9")).quantize(D("0.01")) + done.tax_company


def test_a_follow_up_takes_its_own_days_rate_and_what_corrects_keeps_it(world: World, rates: dt.date) -> None:
    with world_of_yesterday(world):
        first = act(load_case(yesterdays(world, quantity="40").pk), "submit", world.clerk)
    assert again(first).document.exchange_rate == D("0.91")
    done = delivery(world, again(first))
    bill = invoice(world, done)
    assert [case.document.exchange_rate for case in (done, bill)] == [D("0.9231")] * 2
    ExchangeRate.objects.filter(valid_from=rates).update(rate=D("0.95"))
    back = credit(world, again(bill), "quantity", {bill.lines[0].pk: "1"})
    assert back.document.exchange_rate == D("0.9231")


def test_a_draft_that_gets_another_date_gets_its_rate(world: World, rates: dt.date) -> None:
    made = yesterdays(world)
    data = draft(
        "sales_order", world.customer, line(world.lime, "1", price=D(400)), currency="USD", document_date=rates,
        exchange_rate=D("0.91"), rate_date=made.rate_date, rate_source="ECB",
    )  # fmt: skip
    changed = drafts.update_draft(
        company=world.company, actor=world.clerk, document_id=made.pk, data=data, today=rates,
        expected_version=None,
    ).document  # fmt: skip
    assert (changed.exchange_rate, changed.rate_date) == (D("0.9231"), rates)


# ---------------------------------------------------------------------------- a row that was mistyped and is put right


@pytest.fixture
def mistyped(world: World) -> ExchangeRate:
    """Of last month: 9.231 instead of 0.9231."""
    return rate(world, "USD", today_in(world.company) - dt.timedelta(days=30), "9.231")


def put_right(world: World, row: ExchangeRate) -> None:
    update_row(ExchangeRate, actor=make_actor(world.company), pk=row.pk, values={"rate": D("0.9231")})


def todays(world: World, **values: Any) -> Document:
    data = draft(
        "sales_order", world.customer, line(world.lime, "40", price=D(400)), **{"currency": "USD", **values}
    )
    return drafts.create_draft(
        company=world.company, actor=world.clerk, data=data, today=today_in(world.company)
    ).document


@pytest.mark.parametrize("dated", [True, False])
def test_a_row_put_right_counts_for_the_drafts_made_with_it(
    world: World, mistyped: ExchangeRate, dated: bool
) -> None:
    made = todays(world, document_date=today_in(world.company) if dated else None)
    assert (made.exchange_rate, made.rate_typed) == (D("9.231"), False)
    put_right(world, mistyped)
    done = again(act(load_case(made.pk), "submit", world.accountant)).document
    assert (done.state, done.exchange_rate, done.rate_typed) == ("posted", D("0.9231"), False)
    assert in_company(done) == [D("369.24"), D("70.16"), D("439.40"), D("439.40")]
    assert [row for row in verify(world.company).problems if not row.startswith("masterdata")] == []


def test_it_counts_when_the_draft_is_saved_again_and_for_what_is_approved(
    world: World, mistyped: ExchangeRate
) -> None:
    made = todays(world)
    waiting = act(load_case(yesterdays(world, quantity="400").pk), "submit", world.clerk)
    assert waiting.document.state == "pending"
    put_right(world, mistyped)
    data = draft(
        "sales_order", world.customer, line(world.lime, "40", price=D(400)), currency="USD",
        exchange_rate=made.exchange_rate, rate_date=made.rate_date, rate_source=made.rate_source,
    )  # fmt: skip
    saved = drafts.update_draft(
        company=world.company, actor=world.clerk, document_id=made.pk, data=data, expected_version=None,
        today=today_in(world.company),
    ).document  # fmt: skip
    assert (saved.exchange_rate, saved.rate_typed) == (D("0.9231"), False)
    done = again(act(again(waiting), "approve", world.manager)).document
    assert (done.state, done.exchange_rate) == ("posted", D("0.9231"))


def test_what_follows_a_posted_one_has_the_rate_put_right(world: World, mistyped: ExchangeRate) -> None:
    first = act(load_case(todays(world, warehouse_id=None).pk), "submit", world.accountant)
    first = act(again(first), "approve", world.manager) if first.document.state == "pending" else first
    put_right(world, mistyped)
    assert again(first).document.exchange_rate == D("9.231")
    assert delivery(world, again(first)).document.exchange_rate == D("0.9231")


def test_a_typed_rate_is_no_row_put_right(world: World, mistyped: ExchangeRate) -> None:
    """Also where it says what the row said: only one that agrees in day and source is the table's."""
    made = todays(world, exchange_rate=D("9.231"), rate_source="Bank")
    same = todays(
        world, exchange_rate=mistyped.rate, rate_date=mistyped.valid_from, rate_source=mistyped.source
    )
    assert (made.rate_typed, same.rate_typed) == (True, False)
    put_right(world, mistyped)
    done = act(load_case(made.pk), "submit", world.accountant)
    assert again(done).document.exchange_rate == D("9.231")


def test_of_a_document_from_before_the_table_is_asked(world: World, mistyped: ExchangeRate) -> None:
    for made in (todays(world), todays(world, exchange_rate=D("0.8"))):
        Document.objects.filter(pk=made.pk).update(rate_typed=None)
    first, second = Document.objects.order_by("pk")
    assert [rating.is_the_tables(each) for each in (first, second)] == [True, False]
    put_right(world, mistyped)
    assert not rating.is_the_tables(first)


def test_the_migration_asks_the_table_for_what_may_still_change(world: World, mistyped: ExchangeRate) -> None:
    found = importlib.import_module("documents.migrations.0004_rate_typed").FOUND
    tables, typed, own = todays(world), todays(world, exchange_rate=D("0.8")), todays(world, currency="EUR")
    posted = todays(world)
    Document.objects.update(rate_typed=None)
    act(load_case(posted.pk), "submit", world.accountant)
    run(found)
    rows = Document.objects.in_bulk()
    assert [rows[each.pk].rate_typed for each in (tables, typed, own, posted)] == [False, True, None, None]
    assert rows[posted.pk].state == "posted"


# ---------------------------------------------------------------------------------------------- several sources


def delivered(world: World, **values: Any) -> Case:
    first = act(load_case(todays(world, **values).pk), "submit", world.accountant)
    return again(delivery(world, again(first)))


def test_one_typed_rate_counts_for_all_sources(world: World, rates: dt.date) -> None:
    plain, hedged = delivered(world), delivered(world, exchange_rate=D("0.80"), rate_source="Bank")
    assert [case.document.state for case in (plain, hedged)] == ["posted"] * 2
    for sources in ((plain, hedged), (hedged, plain)):
        made = follow(world.company, world.accountant, "sales_invoice", *sources).document
        assert (made.exchange_rate, made.rate_source, made.rate_typed) == (D("0.80"), "Bank", True)


def test_two_typed_rates_do_not_go_together(world: World, rates: dt.date) -> None:
    one, two, three = (delivered(world, exchange_rate=D(value)) for value in ("0.80", "0.80", "0.85"))
    before = Document.objects.count()
    with pytest.raises(Refused) as refusal, translation.override("en"):
        follow(world.company, world.accountant, "sales_invoice", one, two, three)
    (violation,) = refusal.value.violations
    assert violation.code == "rates-differ"
    assert [str(case.document) in str(violation.text) for case in (one, two, three)] == [True, False, True]
    assert Document.objects.count() == before
    same = follow(world.company, world.accountant, "sales_invoice", one, two).document
    assert (same.exchange_rate, same.rate_typed) == (D("0.80"), True)
