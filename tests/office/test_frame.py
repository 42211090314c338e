"""Navigation, bell and what they cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.documents import act
from tests.office.conftest import Office
from valeo.administration.services.accounts import see_news
from valeo.office.navigation import navigation
from valeo.office.selectors.counting import MOST, Count, capped
from valeo.office.selectors.notes import SHOWN, news_for
from valeo.tenancy.models import User

SignIn = Callable[..., Client]
BACKEND = "django.contrib.auth.backends.ModelBackend"
ALL = {
    "/", "/approvals/", "/documents/quotation/", "/documents/sales_order/", "/documents/delivery_note/",
    "/documents/sales_invoice/", "/documents/credit_note/", "/articles/", "/stock/", "/partners/", "/price-lists/",
    "/terms/", "/open-items/", "/admin/",
}  # fmt: skip


def nav_of(answer: Any) -> str:
    found = re.search(r'<nav class="nav".*?</nav>', answer.content.decode(), re.DOTALL)
    assert found
    return found[0]


def links(answer: Any) -> set[str]:
    return set(re.findall(r'<a class="nav-item" href="([^"]+)"', nav_of(answer)))


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        ("administrator", set()),
        ("operator", {"/open-items/", "/admin/"}),
        ("warehouse", {"/open-items/", "/admin/"}),
        ("manager", {"/open-items/", "/admin/"}),
        ("accountant", {"/admin/"}),
        ("auditor", {"/admin/"}),
    ],
)
def test_each_role_gets_what_it_may_read(
    office: Office, client_for: SignIn, role: str, missing: set[str]
) -> None:
    client = client_for(role)
    offered = links(client.get(reverse("dashboard")))
    assert offered == ALL - missing
    for link in offered:
        assert client.get(link).status_code == 200, f"{role} is led to {link}"
    for link in missing:
        assert client.get(link).status_code in {302, 403}, f"{link} is kept from {role} by its view, too"


def test_numbers_say_what_is_open(office: Office, neighbour: Office) -> None:
    office.everything()
    office.order()
    groups = navigation(office.boss, "/", 3)
    items = {item.url: item for group in groups for item in group.items}
    assert items["/approvals/"].count == Count(3)
    assert items["/approvals/"].is_due
    numbers = {url: item.count.number for url, item in items.items() if url.startswith("/documents/")}
    assert numbers == {
        "/documents/quotation/": 1, "/documents/sales_order/": 2, "/documents/delivery_note/": 1,
        "/documents/sales_invoice/": 1, "/documents/credit_note/": 0,
    }  # fmt: skip


def test_the_number_is_the_one_of_the_list_behind(office: Office, client_for: SignIn) -> None:
    office.everything()
    answer = client_for("administrator").get("/documents/sales_order/?view=open")
    assert len(answer.context["rows"]) == 1


def test_counting_stops() -> None:
    assert str(capped(MOST)) == "999"
    assert str(capped(MOST + 1)) == "999+"
    assert not capped(0)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "/"),
        ("/documents/sales_order/new/", "/documents/sales_order/"),
        ("/partners/x/", "/partners/"),
        ("/nowhere/", ""),
    ],
)
def test_the_current_place_is_marked(office: Office, path: str, current: str) -> None:
    marked = [item.url for group in navigation(office.boss, path, 0) for item in group.items if item.current]
    assert marked == ([current] if current else [])


def test_a_documents_page_marks_its_list(office: Office, client_for: SignIn) -> None:
    order = office.order().document
    nav = nav_of(client_for("operator").get(reverse("documents:detail", args=[order.uuid])))
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="page"', nav) == ["/documents/sales_order/"]


def test_the_frame_costs_few_queries_and_parts_none(office: Office, client_for: SignIn) -> None:
    client = client_for("administrator")
    office.everything()
    client.get("/terms/")
    with CaptureQueriesContext(connection) as whole:
        assert client.get("/terms/").status_code == 200
    with CaptureQueriesContext(connection) as part:
        assert client.get("/terms/", headers={"X-Valeo-Live": "1"}).status_code == 200
    frame = len(whole) - len(part)
    assert frame <= 6, "numbers, inbox, bell, companies, where the stream goes on"
    assert not [query for query in part if "CARDINALITY" in query["sql"]]
    office.everything()
    with CaptureQueriesContext(connection) as more:
        client.get("/terms/")
    assert len(more) == len(whole)


def test_public_pages_know_nothing_of_it(office: Office) -> None:
    page = Client().get(reverse("login"))
    assert page.status_code == 200
    assert "nav" not in page.context


def test_the_bell_tells_the_submitter(office: Office, neighbour: Office) -> None:
    refused = office.waiting()
    act(refused, "reject", office.boss, reason="Too cheap")
    act(office.waiting(), "approve", office.boss)
    news = news_for(office.clerk)
    assert [note.icon for note in news.notes] == ["st-approved", "st-rejected"]
    assert news.notes[1].url == reverse("documents:detail", args=[refused.document.uuid])
    assert office.boss.name in news.notes[0].text
    assert news.unread == 2
    assert news_for(office.boss).notes == [], "what one decided oneself is no news"


def test_what_was_seen_is_no_news(office: Office, neighbour: Office) -> None:
    """The number counts beyond the few notes that are shown, per company, and starts again once the bell was opened."""
    for _each in range(SHOWN + 1):
        act(office.waiting(), "approve", office.boss)
    assert news_for(office.clerk).unread == SHOWN + 1
    see_news(actor=office.boss)
    see_news(actor=replace(office.clerk, company_id=neighbour.company.pk))
    assert news_for(office.clerk).unread == SHOWN + 1, "others' bells are their own"
    see_news(actor=office.clerk)
    assert news_for(office.clerk).unread == 0
    assert not any(note.is_new for note in news_for(office.clerk).notes)
    act(office.waiting(), "reject", office.boss, reason="Too cheap")
    news = news_for(office.clerk)
    assert (news.unread, [note.is_new for note in news.notes]) == (1, [True] + [False] * (SHOWN - 1))


def test_news_cost_one_query(office: Office) -> None:
    for _each in range(3):
        act(office.waiting(), "approve", office.boss)
    with CaptureQueriesContext(connection) as queries:
        assert news_for(office.clerk).unread == 3
    assert len(queries) == 1


def test_who_decides_nothing_has_a_number_at_the_bell(office: Office) -> None:
    act(office.waiting(), "approve", office.boss)
    client = Client()
    client.force_login(User.objects.get(pk=office.clerk.user_id or 0), backend=BACKEND)
    assert '<span class="bell-count" data-live-count="bell">1</span>' in client.get("/").content.decode()
    assert client.get(reverse("counts")).json() == {"inbox": 0, "bell": 1}
    told = client.post(reverse("bell-seen"), headers={"accept": "application/json"})
    assert told.json() == {"inbox": 0, "bell": 0}
    page = client.get("/").content.decode()
    assert '<span class="bell-count" data-live-count="bell" hidden>0</span>' in page
    assert "bell-seen" not in page.split("data-bell=")[1].split("</details>")[0].partition(">")[2], (
        "nothing to mark as read"
    )


def test_the_bell_is_read_without_scripts(office: Office) -> None:
    act(office.waiting(), "approve", office.boss)
    client = Client()
    client.force_login(User.objects.get(pk=office.clerk.user_id or 0), backend=BACKEND)
    page = client.get("/terms/").content.decode()
    assert f'action="{reverse("bell-seen")}"' in page
    answer = client.post(reverse("bell-seen"), {"next": "/terms/"}, headers={"accept": "text/html"})
    assert (answer.status_code, answer["Location"]) == (302, "/terms/")
    answer = client.post(
        reverse("bell-seen"), {"next": "https://evil.example/"}, headers={"accept": "text/html"}
    )
    assert answer["Location"] == "/"
    assert client.get(reverse("bell-seen")).status_code == 405
    assert news_for(office.clerk).unread == 0


def test_the_bell_is_read_again_alone(office: Office, client_for: SignIn) -> None:
    client = client_for("manager")
    whole = client.get(reverse("dashboard")).content.decode()
    part = f"{reverse('dashboard')}?part=bell"
    assert f'<div id="bell-notes" data-live-list="workflow" data-live-url="{part}">' in whole
    assert '<span class="bell-count" data-live-count="bell" hidden>0</span>' in whole
    office.waiting()
    answer = client.get(part).content.decode()
    assert answer.lstrip().startswith('<div id="bell-notes"')
    assert '<span class="end">1</span>' in answer
    assert '<span class="bell-count" data-live-count="bell">1</span>' in client.get("/").content.decode()
    assert client.get(reverse("counts")).json() == {"inbox": 1, "bell": 1}


def test_robots_stay_out() -> None:
    answer = Client().get("/robots.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain")
    assert b"Disallow: /\n" in answer.content
