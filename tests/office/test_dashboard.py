"""The dashboard: figures that are right, boxes by scope, queries that do not grow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.tenancy import make_user
from tests.office.conftest import Office
from valeo.office.tiles import Looker, places, tile
from valeo.office.views.dashboard import greeting
from valeo.tenancy.models import Company

SignIn = Callable[..., Client]
D = Decimal
URL = reverse("dashboard")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def shown(answer: Any) -> set[str]:
    return set(re.findall(r'id="tile-(\w+)"', text(answer)))


def looker(office: Office, waiting: int = 0) -> Looker:
    return Looker(office.boss, office.company, timezone.localdate(), lambda: waiting)


@pytest.mark.parametrize(
    ("role", "boxes"),
    [
        ("operator", {"todo", "feed", "deliver", "invoice", "stock"}),
        ("warehouse", {"todo", "feed", "deliver", "invoice", "stock"}),
        ("manager", {"todo", "feed", "revenue", "margin", "deliver", "invoice", "stock"}),
        ("accountant", {"todo", "receivables", "revenue", "margin", "deliver", "invoice", "stock", "feed"}),
        ("auditor", {"todo", "receivables", "revenue", "margin", "deliver", "invoice", "stock", "feed"}),
        (
            "administrator",
            {"todo", "receivables", "revenue", "margin", "deliver", "invoice", "stock", "feed"},
        ),
    ],
)
def test_each_role_sees_its_boxes(office: Office, client_for: SignIn, role: str, boxes: set[str]) -> None:
    office.everything()
    client = client_for(role)
    assert shown(client.get(URL)) == boxes
    for key in ("todo", "receivables", "revenue", "margin", "deliver", "invoice", "stock", "feed"):
        answer = client.get(URL, {"part": key})
        assert answer.status_code == (200 if key in boxes else 404)


def test_without_a_scope_there_is_no_figure(office: Office, client_for: SignIn) -> None:
    office.everything()
    answer = client_for().get(URL)
    assert answer.status_code == 200
    assert shown(answer) == set()
    assert "SO-" not in text(answer)
    assert 'href="/search/' not in text(answer)


def test_without_a_company_it_says_so(office: Office) -> None:
    client = Client()
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(URL)
    assert answer.status_code == 403
    assert "SO-" not in text(answer)


def test_who_is_not_signed_in_comes_to_the_login(office: Office) -> None:
    assert Client().get(URL)["Location"] == f"{reverse('login')}?next=/"


def test_another_companys_rows_never_appear(office: Office, neighbour: Office, client_for: SignIn) -> None:
    page = text(client_for("administrator").get(URL))
    assert "OTHER" not in page
    assert "Hof Petersen" not in page
    office.everything()
    page = text(client_for("administrator").get(URL))
    assert "Hof Petersen TEST" in page
    assert "OTHER" not in page


def test_an_empty_company_is_told_how_to_begin(company: Company, client_for: SignIn) -> None:
    answer = client_for("administrator").get(URL, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert len(shown(answer)) == 8
    assert '<svg class="plot"' not in text(answer)
    assert reverse("documents:new", args=["sales_order"]) in text(answer)


def test_the_figures_are_right(office: Office) -> None:
    office.everything()
    owed = tile("receivables", "", looker(office)).facts["owed"]
    assert (owed.count, owed.overdue, owed.worst) == (1, D(0), None)
    assert owed.total == owed.ages[0].amount == D("35.70")
    revenue = tile("revenue", "", looker(office)).facts
    assert revenue["this"].net == D("30.00")
    assert revenue["change"] is None
    assert tile("margin", "", looker(office)).facts["share"] == D("0.6"), "30.00 at a cost of 4.00 a piece"
    invoice = tile("invoice", "", looker(office)).facts["shelf"]
    assert [row.document.net_total for row in invoice.rows] == [D("30.00")]
    scarce = tile("stock", "", looker(office)).facts["scarce"]
    assert [(row.article, row.available) for row in scarce.rows] == [(office.rare, D(0))]


def test_overdue_receivables_fall_into_their_age(office: Office) -> None:
    office.everything()
    item = office.invoice(office.deliver(office.order())).document.open_items.get()
    today = timezone.localdate()
    owed = tile("receivables", "", looker(office)).facts["owed"]
    for days, box in ((0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)):
        item.due = today - dt.timedelta(days=days)
        item.save(update_fields=["due"])
        owed = tile("receivables", "", looker(office)).facts["owed"]
        assert [age.count for age in owed.ages][box] == (2 if box == 0 else 1), days
        assert owed.total == D("71.40")
        assert owed.overdue == (D("35.70") if days else D(0))
        assert (owed.worst.days if owed.worst else 0) == days
    assert owed.worst.name == office.customer.name


def test_each_age_leads_to_its_own_items(office: Office, client_for: SignIn) -> None:
    office.everything()
    today = timezone.localdate()
    for days in (5, 45, 46, 75, 400):
        item = office.invoice(office.deliver(office.order())).document.open_items.get()
        item.due = today - dt.timedelta(days=days)
        item.save(update_fields=["due"])
    owed = tile("receivables", "", looker(office)).facts["owed"]
    assert [age.count for age in owed.ages] == [1, 1, 2, 1, 1]
    client = client_for("administrator")
    for age in owed.ages:
        answer = client.get(age.url)
        assert len(answer.context["page"].rows) == age.count, age.label
        assert answer.context["sums"].total == age.amount, age.label
        assert str(age.label) in text(answer)
    assert len({age.url for age in owed.ages}) == 5
    assert client.get(f"{reverse('payments:items')}?age=' OR 1=1").status_code == 200


def test_stock_below_its_minimum_says_of_what(office: Office, client_for: SignIn) -> None:
    page = text(client_for("warehouse").get(URL, {"part": "stock"}))
    unit = office.rare.stock_unit.symbol()
    assert page.count(f'<span class="unit">{unit}</span>') == 2, "with what is there, and with the minimum"


def test_orders_are_due_by_their_supply_day_with_what_is_open(office: Office) -> None:
    today = timezone.localdate()
    later = office.order(supply_from=today + dt.timedelta(days=3))
    late = office.order(supply_from=today - dt.timedelta(days=6))
    undated = office.order()
    now = office.order(supply_from=today)
    office.deliver(office.order())
    rows = tile("deliver", "", looker(office)).facts["shelf"].rows
    assert [row.document.pk for row in rows] == [case.document.pk for case in (late, now, later, undated)]
    assert [row.is_late for row in rows] == [True, False, False, False]
    assert [row.is_today for row in rows] == [False, True, False, False]
    assert rows[0].open_text.startswith("3 ")


def test_tasks_are_for_who_can_do_them(office: Office) -> None:
    office.everything()

    def urls(actor: Any) -> dict[str, int]:
        who = Looker(actor, office.company, timezone.localdate(), lambda: 5)
        facts = tile("todo", "", who).facts
        return {"approvals": facts["approvals"], **{task.url: task.count.number for task in facts["tasks"]}}

    orders, deliveries = "/documents/sales_order/", "/documents/delivery_note/"
    clerk = urls(office.clerk)
    assert clerk["approvals"] == 0, "she can't approve"
    assert clerk[f"{orders}?view=open"] == 1
    assert clerk[f"{deliveries}?view=to_invoice"] == 1
    assert clerk[f"{orders}?state=rejected&mine=1"] == 1
    assert clerk[f"{orders}?view=draft&mine=1"] == 1
    assert clerk["/documents/quotation/?view=open"] == 1
    boss = urls(office.boss)
    assert boss["approvals"] == 5
    assert f"{orders}?state=rejected&mine=1" not in boss, "somebody else's"


def test_every_link_leads_to_a_list(office: Office, client_for: SignIn) -> None:
    office.everything()
    client = client_for("administrator")
    links = set(re.findall(r'href="(/[^"#]*)"', text(client.get(URL)))) - {"/logout/"}
    assert len(links) > 20
    broken = {
        link
        for link in links
        if not link.startswith("/static/") and client.get(link.replace("&amp;", "&")).status_code != 200
    }
    assert broken == set()


def test_queries_do_not_grow(office: Office, client_for: SignIn) -> None:
    client = client_for("administrator")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        return len(queries)

    office.everything()
    count()
    one = count()
    office.everything()
    office.everything()
    assert count() == one
    assert one <= 20


def test_one_box_costs_only_its_own_queries(office: Office, client_for: SignIn) -> None:
    office.everything()
    client = client_for("administrator")
    client.get(URL)
    for key, most in (("todo", 6), ("feed", 5), ("deliver", 7), ("invoice", 5), ("receivables", 5)):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(URL, {"part": key}, headers={"X-Valeo-Live": "1"})
        assert len(queries) <= most, key
        assert text(answer).lstrip().startswith('<section class="tile')
        assert f'id="tile-{key}"' in text(answer)
        assert "<html" not in text(answer)


def test_the_feed_tells_one_line_per_click_and_escapes(office: Office, client_for: SignIn) -> None:
    act_by = office.waiting()
    from tests.factories.documents import act

    act(act_by, "reject", office.boss, reason="<script>alert(1)</script>")
    page = text(client_for("auditor").get(URL, {"part": "feed"}))
    assert page.count("<li") == 2, "submitted, rejected"
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(("hour", "word"), [(6, "morning"), (13, "afternoon"), (19, "evening")])
def test_greeting(hour: int, word: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert (
            greeting("Jens Brodersen", dt.datetime(2026, 11, 24, hour, tzinfo=dt.UTC)) == f"Good {word}, Jens"
        )


def test_a_row_is_filled_whatever_is_missing(office: Office) -> None:
    from dataclasses import replace

    few = replace(office.boss, scopes=frozenset({"inventory:read"}))
    assert places(few) == {"stock": "first last t12"}
    finance = replace(office.boss, scopes=frozenset({"finance:read"}))
    assert places(finance) == {"receivables": "first last t12"}
    assert places(office.boss)["todo"] == "first t5"
    assert places(office.boss)["receivables"] == "last t7"
