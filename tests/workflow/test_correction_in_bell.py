"""A decided correction is one note at the bell, as it was one item in the inbox; who can ask hears the answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from documents.models import Document
from masterdata.services.partners import update_partner
from tests.factories.documents import act, again, line
from tests.factories.steps import posted_invoice
from tests.factories.world import World
from tests.workflow.test_correction_decided import pair
from valeo.office.selectors.notes import ASKS, news_for
from valeo.tenancy.scopes import SCOPES
from workflow.services.change_requests import decide

D = Decimal


@pytest.mark.parametrize(("action", "word"), [("approve", "approved"), ("reject", "rejected")])
def test_a_decided_correction_is_one_note(world: World, action: str, word: str) -> None:
    bill, papers = pair(world, "239.00")
    act(papers["storno"], action, world.manager, "Agreed")
    with translation.override("en"):
        news = news_for(world.accountant)
    assert news.unread == len(news.notes) == 1
    (note,) = news.notes
    assert note.text.endswith(f" {word} the correction of {bill.number}")
    assert note.url == reverse("documents:detail", args=[papers["successor"].document.uuid])


def test_a_plain_cancellation_is_told_as_itself(world: World) -> None:
    _order, _delivery, bill = posted_invoice(world, line(world.wheat, "10"))
    act(bill, "cancel", world.accountant, "Wrong customer")
    storno = Document.objects.get(kind="credit_note")
    act(replace(again(bill), document=storno), "approve", world.manager)
    (note,) = news_for(world.accountant).notes
    storno.refresh_from_db()
    assert str(storno) in note.text
    assert str(bill.document) not in note.text


def test_who_can_ask_is_told_of_the_answer(world: World) -> None:
    assert set(ASKS) <= set(SCOPES)
    update_partner(
        actor=world.accountant, uuid=world.customer.uuid, values={"credit_limit": D("50000.00")}, reason="Grows"
    )  # fmt: skip
    request = world.customer.change_requests.get()
    decide(actor=world.manager, uuid=request.uuid, approve=True)
    (note,) = news_for(world.accountant).notes
    assert world.customer.number in note.text
