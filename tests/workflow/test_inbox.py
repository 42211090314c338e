"""The inbox: what waits, what of it the reader can decide, and its number in navigation and bell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from masterdata.guarded import BANK_ACCOUNT, TAX_STATUS
from masterdata.services.partner_finance import StatusSpan, save_bank_account, set_tax_statuses
from masterdata.services.partners import update_partner
from tests.factories.documents import draft, line, submitted
from tests.factories.tenancy import make_actor
from tests.factories.world import World, make_world
from tests.support.proofs import forbidden
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Company, User
from workflow.models import ChangeRequest
from workflow.selectors import changes
from workflow.selectors.inbox import waiting, waiting_count
from workflow.services import amendments, change_requests
from workflow.services.perform import perform

D = Decimal


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company)


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id or 0), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def big(world: World, by: Actor | None = None) -> None:
    """An order over the credit limit."""
    submitted(world.company, by or world.clerk, draft("sales_order", world.customer, line(world.wheat, "95")))


def ask(world: World, by: Actor, limit: str = "50000.00") -> None:
    update_partner(actor=by, uuid=world.customer.uuid, values={"credit_limit": D(limit)}, reason="Grows")


def everything(world: World) -> None:
    """One of each: an order, an amendment, a change of master data."""
    small = submitted(
        world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "10"))
    )
    amendments.propose(
        company=world.company, actor=world.clerk, document_id=small.document.pk, reason="More",
        expected_version=small.document.version,
        data=draft("sales_order", world.customer, line(world.wheat, "95", id=small.lines[0].pk)),
    )  # fmt: skip
    big(world)
    ask(world, world.accountant)


def limited(world: World, limit: Decimal) -> Actor:
    """A manager who may approve up to an amount."""
    return replace(make_actor(world.company, ["manager"]), approval_limit=limit)


def mine(actor: Actor) -> int:
    return sum(not row.hindrance for row in waiting(actor))


def test_the_number_is_what_the_reader_can_decide(world: World) -> None:
    everything(world)
    assert {row.kind for row in waiting(world.manager)} == {"document", "amendment", "change"}
    assert waiting_count(world.manager) == 3
    assert waiting_count(world.accountant) == 2, "his own change of the limit is another's to decide"
    assert waiting_count(world.clerk) == 0, "a clerk decides nothing"
    assert len(waiting(world.clerk)) == 2, "but sees what waits"
    for actor in (world.manager, world.accountant, world.clerk, make_actor(world.company, ["auditor"])):
        assert waiting_count(actor) == mine(actor)


def test_four_eyes_take_the_own_away(world: World) -> None:
    big(world, world.manager)
    assert waiting_count(world.manager) == mine(world.manager) == 0
    assert waiting_count(world.accountant) == 1
    world.company.four_eyes = "off"
    world.company.save()
    assert waiting_count(world.manager) == mine(world.manager) == 1


def test_the_limit_of_the_role_counts(world: World) -> None:
    everything(world)
    total = next(row for row in waiting(world.manager) if row.kind == "document").document
    assert total is not None
    small = limited(world, total.gross_company - 1)
    assert waiting_count(small) == mine(small) == 1, "the change of master data has no amount"
    assert next(row.hindrance for row in waiting(small) if row.kind == "amendment") != ""
    large = limited(world, total.gross_company)
    assert waiting_count(large) == mine(large) == 3


def test_what_is_shown_as_undecidable_is_refused(world: World) -> None:
    """The reading agrees with the services, and the refusal has figures in the reader's form."""
    everything(world)
    small = limited(world, D("1234.50"))
    row = next(row for row in waiting(small) if row.kind == "document")
    assert row.document is not None
    document = row.document
    with translation.override("de"):
        refusal = forbidden(lambda: perform(document_id=document.pk, action="approve", actor=small))
    assert "1.234,50\u00a0€" in str(refusal)
    assert "1234.5" not in str(refusal)
    change = ChangeRequest.objects.get()
    forbidden(lambda: change_requests.decide(actor=world.accountant, uuid=change.uuid, approve=True))
    forbidden(lambda: change_requests.decide(actor=world.clerk, uuid=change.uuid, approve=True))


def test_the_number_costs_the_same_for_many(world: World) -> None:
    everything(world)
    with CaptureQueriesContext(connection) as few:
        waiting_count(world.manager)
    for _each in range(3):
        big(world)
    with CaptureQueriesContext(connection) as many:
        assert waiting_count(world.manager) == 6
    assert len(few) == len(many) == 1


def test_the_page_shows_mine_first_and_all_on_demand(world: World) -> None:
    everything(world)
    big(world, world.manager)
    client, here = browser(world.manager), reverse("workflow:inbox")
    page = client.get(here)
    assert [page.context[name] for name in ("show", "mine", "all")] == ["mine", 3, 4]
    assert [not row.hindrance for row in page.context["rows"]] == [True] * 3
    page = client.get(here, {"show": "all"})
    own = next(row for row in page.context["rows"] if row.hindrance)
    assert f'value="{own.key}' not in page.content.decode(), "nothing to tick that cannot be approved"
    assert client.get(here, {"item": own.key}).context["current"].key == own.key
    assert client.get(reverse("counts")).json()["inbox"] == 3
    assert browser(world.clerk).get(here).context["show"] == "all"


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("de", ("Kreditlimit", "20.000,00\u00a0€", "50.000,00\u00a0€")),
        ("en", ("Credit limit", "€20,000.00", "€50,000.00")),
    ],
)
def test_a_change_is_told_in_words_and_figures(world: World, language: str, texts: tuple[str, ...]) -> None:
    ask(world, world.accountant)
    page = browser(world.manager).get(reverse("workflow:inbox"), headers={"accept-language": language})
    text = page.content.decode()
    for each in texts:
        assert each in text
    assert "50000.00" not in text
    assert "credit_limit" not in text
    assert reverse("masterdata:partner", args=[world.customer.uuid]) in text


def test_accounts_and_tax_statuses_are_told_in_words(world: World) -> None:
    account = {"iban": "DE89370400440532013000", "holder": "Hof Petersen", "is_default": True}
    save_bank_account(actor=world.accountant, partner_uuid=world.customer.uuid, values=account)
    spans = [StatusSpan("regular", None, None)]
    old = list(world.customer.tax_statuses.values_list("status", flat=True))
    assert old == ["regular"]
    spans = [StatusSpan("flat_rate_farmer")]
    set_tax_statuses(actor=world.accountant, partner_uuid=world.customer.uuid, spans=spans)
    with translation.override("de"):
        told = {
            row.field: [(each.label, each.old, each.new) for each in changes.differences(row)]
            for row in changes.waiting_for(world.customer)
        }
    assert ("IBAN", "–", "DE89 3704 0044 0532 0130 00") in told[BANK_ACCOUNT]
    assert not [each for each in told[BANK_ACCOUNT] if each[0] == "BIC"], "what does not change is not told"
    (status,) = told[TAX_STATUS]
    assert status[2] == "Pauschalierender Landwirt (§ 24 UStG)"


def test_an_amendment_shows_what_it_changes(world: World) -> None:
    order = submitted(
        world.company, world.clerk, draft("sales_order", world.customer, line(world.wheat, "10"))
    )
    cheaper = line(world.wheat, "12", id=order.lines[0].pk, discount_percent=D("14"))
    amendments.propose(
        company=world.company, actor=world.clerk, document_id=order.document.pk, reason="He asks for it",
        expected_version=order.document.version, data=draft("sales_order", world.customer, cheaper),
    )  # fmt: skip
    page = browser(world.manager).get(reverse("workflow:inbox"), headers={"accept-language": "en"})
    text = page.content.decode()
    for each in ("He asks for it", "line 1: quantity 10 → 12", "line 1: discount 0% → 14%", "€2,568.00 →"):
        assert each in text


def test_who_proposed_an_amendment_finds_why_he_does_not_decide_it(world: World) -> None:
    order = submitted(
        world.company, world.manager, draft("sales_order", world.customer, line(world.wheat, "10"))
    )
    amendments.propose(
        company=world.company, actor=world.manager, document_id=order.document.pk, reason="More",
        expected_version=order.document.version,
        data=draft("sales_order", world.customer, line(world.wheat, "95", id=order.lines[0].pk)),
    )  # fmt: skip
    url = reverse("documents:detail", args=[order.document.uuid])
    page = browser(world.manager).get(url, headers={"accept-language": "en"}).content.decode()
    assert "Four eyes: you wrote, changed or submitted it." in page
    assert (
        "Four eyes"
        not in browser(world.accountant).get(url, headers={"accept-language": "en"}).content.decode()
    )


def test_a_change_is_taken_back_where_it_waits(world: World) -> None:
    ask(world, world.accountant)
    page = browser(world.accountant).get(reverse("workflow:inbox"), {"show": "all"})
    assert 'value="withdraw"' in page.content.decode()
    assert 'value="withdraw"' not in browser(world.manager).get(reverse("workflow:inbox")).content.decode()
    done = browser(world.accountant).post(page.context["decide_url"], {"do": "withdraw"})
    assert done.status_code == 303
    assert ChangeRequest.objects.get().state == "withdrawn"
