"""Deciding goes on from item to item: the next one is open, what was done is said, and nothing leads away."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.models import Document
from tests.factories.documents import line
from tests.factories.steps import order
from tests.factories.world import World
from tests.workflow.test_inbox import D, ask, big, browser, everything
from workflow.models import ChangeRequest
from workflow.selectors.inbox import Waiting, waiting

HERE = reverse("workflow:inbox")


def row_of(world: World, row: Waiting) -> str:
    return f"{HERE}?show=mine&item={row.key}#inbox-item"


def several(world: World, count: int = 3) -> list[Waiting]:
    """Orders with a free line, each submitted later than the one before."""
    for _each in range(count):
        order(world, line(world.wheat, "2"), line(world.wheat, "1", price=D(0), free_reason="sample"))
    for age, document in enumerate(Document.objects.filter(state="pending").order_by("-pk")):
        Document.objects.filter(pk=document.pk).update(submitted_at=timezone.now() - timedelta(hours=age))
    return waiting(world.manager)


def decide(client: Client, row: Waiting, what: str = "approve", **values: Any) -> Any:
    """As the form of the item sends it."""
    page = client.get(HERE, {"item": row.key})
    form = page.content.decode().split('class="decide"')[1].split("</form>")[0]
    data: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        data.setdefault(name, []).append(value)
    name = "action" if row.kind == "document" else "do"
    english = {"accept-language": "en"}
    return client.post(page.context["decide_url"], {**data, name: what, **values}, headers=english)


def test_the_next_one_is_open(world: World) -> None:
    first, second, third = several(world)
    client = browser(world.manager)
    answer = decide(client, second)
    assert (answer.status_code, answer["Location"]) == (303, row_of(world, third))
    page = client.get(answer["Location"], headers={"accept-language": "en"})
    assert page.context["current"].key == third.key
    assert [row.key for row in page.context["rows"]] == [first.key, third.key]
    document = Document.objects.get(uuid=second.key)
    link = reverse("documents:detail", args=[second.key])
    toast = page.content.decode().split("data-toasts>")[1].split("</p>")[0]
    assert document.number in toast
    assert f'<a href="{link}">' in toast
    assert 'data-state="posted"' in toast
    assert "data-flash" not in page.content.decode(), "said once"


def test_after_the_last_comes_the_one_before(world: World) -> None:
    first, second, third = several(world)
    client = browser(world.manager)
    assert decide(client, third)["Location"] == row_of(world, second)
    assert decide(client, second)["Location"] == row_of(world, first)
    answer = decide(client, first)
    assert answer["Location"] == f"{HERE}?show=mine"
    page = client.get(answer["Location"], headers={"accept-language": "en"}).content.decode()
    assert "Nothing waits for a decision" in page
    assert Document.objects.get(uuid=first.key).number in page


def test_only_others_are_left(world: World) -> None:
    """What others decide is not forced upon who has done his part."""
    big(world)
    (mine,) = waiting(world.manager)
    big(world, world.manager)
    client = browser(world.manager)
    answer = decide(client, mine)
    page = client.get(answer["Location"], headers={"accept-language": "en"})
    assert page.context["current"] is None
    assert "Nothing waits for your decision" in page.content.decode()
    assert f'href="{HERE}?show=all"' in page.content.decode().replace("?show=all", f"{HERE}?show=all")
    assert 'class="decide"' not in page.content.decode()


def test_in_the_list_of_all_it_stays_in_the_list_of_all(world: World) -> None:
    big(world, world.manager)
    (own,) = waiting(world.manager)
    big(world)
    other = next(row for row in waiting(world.manager) if row.key != own.key)
    client = browser(world.manager)
    answer = decide(client, other, inbox="all")
    assert answer["Location"] == f"{HERE}?show=all&item={own.key}#inbox-item"


def test_a_rejection_without_its_reason_asks_and_then_goes_on(world: World) -> None:
    """Without scripts: the reason on a page of its own, whose way back and on lead to the inbox."""
    first, second = several(world, 2)
    client = browser(world.manager)
    asked = decide(client, first, "reject")
    assert asked.status_code == 200
    page = asked.content.decode()
    assert row_of(world, first).replace("&", "&amp;") in page, "the way back"
    assert '<input type="hidden" name="inbox" value="mine">' in page
    done = client.post(
        reverse("workflow:act", args=[first.key]),
        {"action": "reject", "reason": "Too much", "asked": "1", "inbox": "mine"},
    )
    assert done.status_code == 303
    assert done["Location"] == row_of(world, second)
    assert Document.objects.get(uuid=first.key).state == "rejected"


def test_a_refusal_leads_back_to_the_item(world: World) -> None:
    first, _second = several(world, 2)
    answer = decide(browser(world.manager), first, content_hash="0" * 64)
    assert answer.status_code in {409, 422}
    assert row_of(world, first).replace("&", "&amp;") in answer.content.decode()
    assert Document.objects.get(uuid=first.key).state == "pending"


def test_from_the_document_page_it_leads_to_the_document(world: World) -> None:
    (row,) = several(world, 1)
    document = row.document
    assert document is not None
    answer = browser(world.manager).post(
        reverse("workflow:act", args=[row.key]),
        {
            "action": "approve", "version": document.version, "content_hash": row.content_hash,
            "accepted": [each.pk for each in row.exceptions],
        },
    )  # fmt: skip
    assert answer["Location"] == reverse("documents:detail", args=[row.key])


def test_amendments_and_changes_lead_on_too(world: World) -> None:
    everything(world)
    client = browser(world.manager)
    for kind, text in (("amendment", "Amendment of SO-"), ("change", "Credit limit of ")):
        row = next(row for row in waiting(world.manager) if row.kind == kind)
        answer = decide(client, row)
        assert answer.status_code == 303
        assert answer["Location"].startswith(f"{HERE}?show=mine")
        page = client.get(answer["Location"], headers={"accept-language": "en"})
        assert text in page.content.decode().split("data-toasts>")[1].split("</p>")[0]
        assert row.key not in {each.key for each in page.context["rows"]}
    assert ChangeRequest.objects.get().state == "approved"


def test_a_change_that_somebody_else_decided_is_an_error_and_no_toast(world: World) -> None:
    ask(world, world.accountant)
    client = browser(world.manager)
    page = client.get(HERE)
    url, row = page.context["decide_url"], page.context["current"]
    client.post(url, {"do": "reject", "reason": "No", "inbox": "mine"})
    again = client.post(url, {"do": "approve", "inbox": "mine"})
    assert again["Location"] == row_of(world, row)
    shown = client.get(HERE).content.decode()
    assert "notice-danger" in shown


def test_a_part_shows_nothing_in_place_of_what_was_decided(world: World) -> None:
    """The open page is told that its item is gone; no other one slips under the hand that is about to press."""
    first, second = several(world, 2)
    client = browser(world.manager)
    part = client.get(HERE, {"part": "item", "show": "mine", "item": first.key}).content.decode()
    assert part.lstrip().startswith('<section class="preview" id="inbox-item"')
    assert first.content_hash in part
    decide(client, first)
    gone = client.get(
        HERE, {"part": "item", "show": "mine", "item": first.key}, headers={"accept-language": "en"}
    )
    assert "This is decided" in gone.content.decode()
    assert 'class="decide"' not in gone.content.decode()
    listed = client.get(HERE, {"part": "list", "show": "mine", "item": first.key}).content.decode()
    assert second.key in listed
    assert "is-current" not in listed


def test_the_credit_limit_is_told_as_a_sum(world: World) -> None:
    big(world)
    page = browser(world.manager).get(HERE, headers={"accept-language": "en"})
    use = page.context["credit"]
    assert (use.open_items, use.open_orders, use.this) == (D(0), D(0), D("23379.50"))
    assert (use.total, use.over, use.free) == (D("23379.50"), D("3379.50"), D(0))
    text = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
    text = re.sub(r"\s+", " ", text)
    for each in (
        "Open items €0.00", "Orders not yet invoiced €0.00", "This document €23,379.50", "Total €23,379.50",
        "Credit limit €20,000.00", "Over the limit by €3,379.50",
    ):  # fmt: skip
        assert each in text
