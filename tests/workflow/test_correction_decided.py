"""A correction is decided as it was seen: the exceptions of both papers, their version, and told of once."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Document
from tests.factories.documents import act, again, line
from tests.factories.steps import edited, open_ids, order, posted_invoice, waiting_order
from tests.factories.world import World
from tests.support.proofs import conflicts, refused
from tests.workflow.test_inbox import browser
from valeo.tenancy.actor import Actor
from workflow.models import Approval, DocumentException
from workflow.services.perform import correct

D = Decimal
ENGLISH = {"accept-language": "en"}
HALVES = ("storno", "successor")


def pair(world: World, price: str = "100.00") -> tuple[Document, dict[str, Any]]:
    """The corrected invoice, and the storno and the successor that wait: at this price it is below cost."""
    _order, _delivery, bill = posted_invoice(world, line(world.wheat, "10"))
    storno, successor = correct(document_id=bill.document.pk, actor=world.accountant)
    edited(world, successor, price=D(price))
    act(again(successor), "submit", world.accountant)
    return bill.document, {"storno": again(storno), "successor": again(successor)}


def page_of(actor: Actor, document: Document) -> str:
    url = reverse("documents:detail", args=[document.uuid])
    return html.unescape(browser(actor).get(url, headers=ENGLISH).content.decode())


def sent_by(page: str) -> dict[str, list[str]]:
    """What the form of the page's buttons sends beside the action."""
    form = page.split('id="act"')[1].split("</form>", maxsplit=1)[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def press(actor: Actor, document: Document, data: dict[str, Any]) -> Any:
    return browser(actor).post(reverse("workflow:act", args=[document.uuid]), data, headers=ENGLISH)


@pytest.mark.parametrize("half", HALVES)
def test_either_page_names_the_exceptions_of_both_and_sends_them(world: World, half: str) -> None:
    _bill, papers = pair(world)
    rows = DocumentException.objects.filter(document=papers["successor"].document, is_open=True)
    assert {row.code for row in rows} == {"below-cost", "discount"}
    shown = papers[half].document
    page = page_of(world.manager, shown)
    for row in rows:
        assert row.text["en"] in page
    assert page.count(f"<b>Invoice {papers['successor'].document}:</b>") == len(rows), (
        "which paper it is about"
    )
    assert "This kind always needs a second person." not in page
    sent = sent_by(page)
    assert {int(pk) for pk in sent["accepted"]} == {row.pk for row in rows}
    assert press(world.manager, shown, {"action": "approve", **sent}).status_code == 303
    assert {again(case).document.state for case in papers.values()} == {"posted"}
    approval = Approval.objects.get(document=papers["successor"].document)
    assert {row["code"] for row in approval.exceptions} == {"below-cost", "discount"}


@pytest.mark.parametrize("half", HALVES)
def test_no_half_is_approved_without_naming_what_is_open(world: World, half: str) -> None:
    _bill, papers = pair(world)
    named = open_ids(papers["successor"])
    for accepted in (None, frozenset(), frozenset(list(named)[:1]), named | {999_999}):
        refused(papers[half], "approve", world.manager, "exceptions-undecided", accepted=accepted)
    sent = sent_by(page_of(world.manager, papers[half].document))
    del sent["accepted"]
    answer = press(world.manager, papers[half].document, {"action": "approve", **sent})
    assert answer.status_code == 422
    assert "Decide every exception that is named" in answer.content.decode()
    act(papers[half], "approve", world.manager, accepted=named)
    assert {again(case).document.state for case in papers.values()} == {"posted"}


def test_the_inbox_says_which_paper_an_exception_is_of(world: World) -> None:
    _bill, papers = pair(world)
    text = browser(world.manager).get(reverse("workflow:inbox"), headers=ENGLISH).content.decode()
    assert text.count(f"<b>Invoice {papers['successor'].document}:</b>") == 2


def test_any_approval_by_the_form_names_what_it_showed(world: World) -> None:
    case = order(world, line(world.wheat, "2"), line(world.wheat, "1", price=D(0), free_reason="sample"))
    page = page_of(world.manager, case.document)
    assert "<b>Sales order" not in page, "of one paper there is nothing to tell apart"
    sent = sent_by(page)
    assert {int(pk) for pk in sent["accepted"]} == open_ids(case)
    without = {name: values for name, values in sent.items() if name != "accepted"}
    assert press(world.manager, case.document, {"action": "approve", **without}).status_code == 422
    assert again(case).document.state == "pending"
    assert press(world.manager, case.document, {"action": "approve", **sent}).status_code == 303
    assert again(case).document.state == "posted"


def test_the_exceptions_are_read_once_for_a_page(world: World) -> None:
    _bill, papers = pair(world)
    client = browser(world.manager)
    url = reverse("documents:detail", args=[papers["storno"].document.uuid])
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len([query for query in queries if 'FROM "workflow_documentexception"' in query["sql"]]) == 1


@pytest.mark.parametrize("half", HALVES)
def test_a_pair_is_approved_by_its_version(world: World, half: str) -> None:
    """The hash is that of one half: the other may have been changed since."""
    _bill, papers = pair(world, "239.00")
    seen = sent_by(page_of(world.manager, papers["storno"].document))
    stale = seen["content_hash"]
    act(papers["storno"], "withdraw", world.accountant)
    edited(world, papers["successor"], price=D("238.00"))
    act(papers["successor"], "submit", world.accountant)
    now = again(papers[half])
    here = stale if half == "storno" else now.document.content_hash
    for version in ({}, {"version": "²"}):
        answer = press(world.manager, now.document, {"action": "approve", "content_hash": here, **version})
        assert answer.status_code == 409
        assert "is decided together with another document" in answer.content.decode()
    answer = press(world.manager, papers["storno"].document, {"action": "approve", **seen})
    assert answer.status_code == 409
    assert {again(case).document.state for case in papers.values()} == {"pending"}
    conflicts(
        lambda: act(now, "approve", world.manager, content_hash=now.document.content_hash), "version-missing"
    )
    act(
        now, "approve", world.manager, content_hash=now.document.content_hash, expected_version=now.document.version
    )  # fmt: skip
    assert {again(case).document.state for case in papers.values()} == {"posted"}


def test_the_reason_is_asked_for_what_was_seen(world: World) -> None:
    """The page that asks for the reason goes on with the version that was sent; an old one is refused at once."""
    case = waiting_order(world)
    seen = {"action": "reject", "version": str(case.document.version)}
    asked = press(world.manager, case.document, seen)
    assert asked.status_code == 200
    assert f'name="version" value="{case.document.version}"' in asked.content.decode()
    act(case, "withdraw", world.clerk)
    act(edited(world, case, actor=world.clerk, quantity=D(96), price_quantity=None), "submit", world.clerk)
    for data in (seen, {**seen, "asked": "1"}, {**seen, "asked": "1", "reason": "Too much"}):
        answer = press(world.manager, case.document, data)
        assert answer.status_code == 409
        assert "was changed by somebody else" in answer.content.decode()
    assert again(case).document.state == "pending", "what nobody had seen is not rejected"


def test_the_reason_page_keeps_what_was_typed(world: World) -> None:
    case = order(world, line(world.wheat, "10"))
    name = f"close-{case.lines[0].pk}"
    data = {"action": "close", "version": str(case.document.version), name: "4"}
    page = press(world.accountant, case.document, data).content.decode()
    assert re.search(rf'name="{name}" value="4"', page)
    page = press(world.accountant, case.document, {"action": "close"}).content.decode()
    assert re.search(rf'name="{name}" value="10"', page)
