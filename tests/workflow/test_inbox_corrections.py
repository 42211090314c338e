"""A one-step correction is one decision: one row that names both papers and what they correct, and what changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from documents.case import Case
from documents.inputs import DraftInput, LineInput, PartyInput
from documents.kinds import LineKind
from documents.models import Document
from documents.selectors.cases import load_case
from documents.services.drafts import update_draft
from tests.factories.documents import act, again, discount, line
from tests.factories.steps import content, edited, posted_invoice
from tests.factories.world import World
from tests.workflow.test_inbox import big, browser
from valeo.tenancy.actor import Actor
from workflow.selectors import corrections
from workflow.selectors.inbox import Waiting, waiting, waiting_count
from workflow.services.begin import today_in
from workflow.services.perform import correct

D = Decimal


@dataclass
class Corrected:
    """An invoice over 10 t of wheat and 40 sacks of lime, and the two papers that correct it; they wait."""

    original: Document
    storno: Document
    successor: Document


def invoice(world: World) -> Case:
    _order, _delivery, posted = posted_invoice(world, line(world.wheat, "10"), line(world.lime, "40"))
    return again(posted)


def corrected(world: World, **changes: Any) -> Corrected:
    """The first line's price goes down, or what else is said; both halves are submitted."""
    original = invoice(world)
    storno, successor = correct(document_id=original.document.pk, actor=world.accountant)
    edited(world, successor, **(changes or {"price": D("239.00")}))
    done = act(successor, "submit", world.accountant)
    return Corrected(original.document, again(storno).document, again(done).document)


def only(actor: Actor) -> Waiting:
    (row,) = waiting(actor)
    return row


def test_two_papers_are_one_row(world: World) -> None:
    made = corrected(world)
    assert {made.storno.state, made.successor.state} == {"pending"}
    row = only(world.manager)
    assert row.correction is not None
    assert row.correction.original == made.original
    assert row.correction.storno == made.storno
    assert row.document == row.correction.successor == made.successor
    assert row.holds(str(made.storno.uuid))
    assert row.holds(str(made.successor.uuid))
    assert not row.holds(str(made.original.uuid))
    assert row.correction.difference == made.successor.gross_total - made.original.gross_total < 0
    assert waiting_count(world.manager) == 1


def test_the_number_is_that_of_the_rows(world: World) -> None:
    corrected(world)
    big(world)
    for actor in (world.manager, world.accountant, world.clerk):
        assert waiting_count(actor) == sum(not row.hindrance for row in waiting(actor))
    assert len(waiting(world.manager)) == waiting_count(world.manager) == 2
    assert waiting_count(world.accountant) == 1, (
        "his own correction is another's to decide, both halves of it"
    )


def test_the_page_names_all_three_and_what_changes(world: World) -> None:
    made = corrected(world)
    english = {"accept-language": "en"}
    for wanted in ({}, {"item": str(made.storno.uuid)}, {"item": str(made.successor.uuid)}):
        page = browser(world.manager).get(reverse("workflow:inbox"), wanted, headers=english)
        text = re.sub(r"\s+", " ", page.content.decode())
        assert page.context["current"].key == str(made.successor.uuid)
        assert f"Correction of {made.original}" in text
        for document in (made.original, made.storno, made.successor):
            assert f'<a href="{reverse("documents:detail", args=[document.uuid])}">{document}</a>' in text
        assert text.count('class="inbox-row') == 1
        for each in ("Line 1: Price", "240.00 / t", "239.00 / t", "Line 1: Net", "€2,400.00", "€2,390.00"):
            assert each in text
        assert "Line 2" not in text
        assert "−€10.70" in text, "10 € and 7 % less"


def test_one_button_posts_both(world: World) -> None:
    made = corrected(world)
    client = browser(world.manager)
    page = client.get(reverse("workflow:inbox"))
    answer = client.post(
        page.context["decide_url"],
        {
            "action": "approve", "inbox": "mine", "content_hash": page.context["current"].content_hash,
            "version": made.successor.version, "accepted": [row.pk for row in page.context["current"].exceptions],
        },
    )  # fmt: skip
    assert answer.status_code == 303
    for document, state in (
        (made.storno, "posted"),
        (made.successor, "posted"),
        (made.original, "cancelled"),
    ):
        document.refresh_from_db()
        assert document.state == state
    text = client.get(answer["Location"]).content.decode()
    assert made.storno.number in text
    assert made.successor.number in text


def test_one_tick_approves_both(world: World) -> None:
    made = corrected(world)
    client = browser(world.manager)
    page = client.get(reverse("workflow:inbox")).content.decode()
    (ticked,) = re.findall(r'name="ids" value="([^"]+)"', page)
    client.post(reverse("workflow:bulk"), {"ids": ticked})
    made.storno.refresh_from_db()
    made.successor.refresh_from_db()
    assert {made.storno.state, made.successor.state} == {"posted"}


def test_a_tick_is_for_the_content_that_was_seen(world: World) -> None:
    big(world)
    row = only(world.manager)
    client = browser(world.manager)
    english = {"accept-language": "en"}
    seen = row.tick.replace(row.content_hash, "0" * 64)
    for text in (seen, row.key, f"{row.key}:999:{row.content_hash}"):
        client.post(reverse("workflow:bulk"), {"ids": text}, headers=english)
        page = client.get(reverse("workflow:inbox"), headers=english)
        assert f"{row.document} was changed by somebody else" in page.content.decode()
        assert only(world.manager).key == row.key, "approved was what nobody had seen"
    client.post(reverse("workflow:bulk"), {"ids": row.tick})
    assert waiting(world.manager) == []


def test_a_tick_is_for_both_papers(world: World) -> None:
    """The cancellation alone was changed meanwhile: the successor, whose row it is, has the content that was seen."""
    made = corrected(world)
    seen = only(world.manager)
    act(load_case(made.successor.pk), "withdraw", world.accountant)
    act(edited(world, load_case(made.storno.pk), description="Something else"), "submit", world.accountant)
    row = only(world.manager)
    assert row.content_hash == seen.content_hash
    browser(world.manager).post(reverse("workflow:bulk"), {"ids": seen.tick})
    assert only(world.manager).key == row.key
    browser(world.manager).post(reverse("workflow:bulk"), {"ids": row.tick})
    assert waiting(world.manager) == []


def test_what_hinders_one_hinders_both(world: World) -> None:
    made = corrected(world)
    Document.objects.filter(pk=made.storno.pk).update(edited_by=world.manager.user_id)
    row = only(world.manager)
    assert row.hindrance
    assert waiting_count(world.manager) == 0


def test_a_cancellation_names_its_invoice(world: World) -> None:
    original = invoice(world)
    act(original, "cancel", world.accountant, "Wrong customer")
    row = only(world.manager)
    assert row.cancels == original.document
    assert row.correction is None
    link = reverse("documents:detail", args=[original.document.uuid])
    page = browser(world.manager).get(reverse("workflow:inbox")).content.decode()
    assert f'<a href="{link}">{original.document}</a>' in page


def test_each_paper_names_the_other_and_what_they_correct(world: World) -> None:
    made = corrected(world)
    for here, other in ((made.storno, made.successor), (made.successor, made.storno)):
        url = reverse("documents:detail", args=[here.uuid])
        page = browser(world.manager).get(url, headers={"accept-language": "en"}).content.decode()
        notice = page.split("One correction, two documents")[1].split("</div>")[0]
        for each in (other, made.original):
            assert f'<a href="{reverse("documents:detail", args=[each.uuid])}">{each}</a>' in notice


def test_corrections_cost_the_same_for_many(world: World) -> None:
    corrected(world)
    with CaptureQueriesContext(connection) as few:
        waiting(world.manager)
    with CaptureQueriesContext(connection) as few_counted:
        waiting_count(world.manager)
    corrected(world)
    corrected(world)
    with CaptureQueriesContext(connection) as many:
        assert len(waiting(world.manager)) == 3
    with CaptureQueriesContext(connection) as many_counted:
        assert waiting_count(world.manager) == 3
    assert len(few) == len(many)
    assert len(few_counted) == len(many_counted) == 1


def told(world: World, change: Callable[[DraftInput], DraftInput]) -> list[tuple[str, str, str]]:
    """What is said to change where the successor is saved like this."""
    original = invoice(world)
    _storno, successor = correct(document_id=original.document.pk, actor=world.accountant)
    update_draft(
        company=world.company, actor=world.accountant, document_id=successor.document.pk,
        data=change(content(successor)), expected_version=None, today=today_in(world.company),
    )  # fmt: skip
    with translation.override("en"):
        found = corrections.changed(again(original), again(successor))
    return [(row.what, row.old, row.new) for row in found]


def test_nothing_changed_says_so(world: World) -> None:
    assert told(world, lambda data: data) == []
    original = invoice(world)
    _storno, successor = correct(document_id=original.document.pk, actor=world.accountant)
    act(successor, "submit", world.accountant)
    page = browser(world.manager).get(reverse("workflow:inbox"), headers={"accept-language": "en"})
    assert f"Nothing differs from {original.document}." in page.content.decode()


def test_lines_are_matched_by_where_they_came_from(world: World) -> None:
    """The first line goes, a free one comes before the other: the other is still the same one."""
    free = LineInput(
        description="Sample bag", quantity=D(1), unit="XSA", price=D(5), line_kind=LineKind.SERVICE
    )

    def change(data: DraftInput) -> DraftInput:
        lime = replace(data.lines[1], quantity=D(30), price_quantity=D("0.75"))
        return replace(data, lines=(free, lime))

    assert told(world, change) == [
        ("Line 1 is new", "–", "€5.00"),
        ("Line 2: Quantity", "40 sack", "30 sack"),
        ("Line 2: Net", "€375.00", "€281.25"),
        ("Line 1 is gone", "€2,400.00", "–"),
    ]


def test_head_discount_and_address_are_told(world: World) -> None:
    address = PartyInput("bill_to", {"name": "Hof Petersen GbR", "street": "Deich 9", "city": "Husum"})

    def change(data: DraftInput) -> DraftInput:
        return replace(
            data, allowances=(discount("2"),), partner_reference="Best. 77", parties=(*data.parties, address)
        )

    found = {what: (old, new) for what, old, new in told(world, change)}
    assert found["Discount on the document"] == ("€0.00", "€55.50")
    assert found["Their reference"] == ("–", "Best. 77")
    assert "Deich 9" in found["Invoice to"][1]
