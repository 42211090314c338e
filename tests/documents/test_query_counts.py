"""The number of statements decides how fast a document step is: it is held, whatever the number of lines."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bench.session import order_form
from documents.services.drafts import create_draft
from documents.services.follow_up import FollowUp, Pick
from tests.factories.documents import draft, line
from tests.factories.world import World, make_world
from valeo.tenancy.models import Company, User
from workflow.services.begin import today_in
from workflow.services.perform import follow_and_submit, save_and_submit

#: statements with BEGIN and COMMIT, the reference data in the process already
DRAFT, ORDER, DELIVER, INVOICE, REQUEST = 8, 18, 33, 27, 10


@pytest.fixture
def world(company: Company) -> World:
    return make_world(company, credit_limit="9000000.00")


def data(world: World, lines: int) -> Any:
    articles = (world.wheat, world.lime)
    return draft("sales_order", world.customer, *[line(articles[index % 2], "1") for index in range(lines)])


@pytest.mark.parametrize("lines", [2, 5, 40])
def test_a_draft(world: World, lines: int, django_assert_max_num_queries: Any) -> None:
    def make() -> None:
        create_draft(
            company=world.company, actor=world.clerk, data=data(world, lines), today=today_in(world.company)
        )

    make()
    with django_assert_max_num_queries(DRAFT):
        make()


@pytest.mark.parametrize("lines", [2, 20])
def test_a_chain(world: World, lines: int, django_assert_max_num_queries: Any) -> None:
    company, today = world.company, today_in(world.company)
    for counted in (False, True):  # the first fills what the process keeps
        with django_assert_max_num_queries(ORDER if counted else 999):
            order = save_and_submit(company=company, actor=world.clerk, data=data(world, lines), today=today)
        picks = tuple(Pick(row.pk, row.quantity) for row in order.lines)
        with django_assert_max_num_queries(DELIVER if counted else 999):
            delivery = follow_and_submit(
                company=company, actor=world.clerk, kind="delivery_note", sources=[order.document.pk], today=today,
                wish=FollowUp(picks=picks),
            )  # fmt: skip
        with django_assert_max_num_queries(INVOICE if counted else 999):
            invoice = follow_and_submit(
                company=company, actor=world.accountant, kind="sales_invoice", sources=[delivery.document.pk],
                today=today,
            )  # fmt: skip
        assert invoice.document.state == "posted"


def test_a_whole_request(world: World, client: Client, django_assert_max_num_queries: Any) -> None:
    """Session, member, and the draft: nothing else."""
    client.force_login(User.objects.get(pk=world.clerk.user_id or 0))
    form = order_form(str(world.customer.customer_number), [(world.wheat.number, "1")] * 5, "save")
    form |= {"partner_id": str(world.customer.pk)}
    form |= {f"lines-{index}-article_id": str(world.wheat.pk) for index in range(5)}
    url = reverse("documents:new", args=["sales_order"])
    assert client.post(url, form).status_code == 303
    with django_assert_max_num_queries(REQUEST):
        assert client.post(url, form).status_code == 303
