"""A branch gets another code while its first number is given: one comes wholly before the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
from django.db import connection, transaction

from numbering.services import allocate, create_series
from tests.factories.tenancy import make_actor, make_company
from tests.numbering.conftest import DAY
from valeo.administration.services.companies import save_branch
from valeo.core.exceptions import Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch
from valeo.tenancy.scope import company_scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def actor() -> Iterator[Actor]:
    company = make_company()
    with company_scope(company.pk):
        yield make_actor(company)


@pytest.fixture(params=[True, False], ids=["the branch's own series", "one for all branches"])
def branch(actor: Actor, request: pytest.FixtureRequest) -> Branch:
    made = Branch.objects.create(company_id=actor.company_id, code="N", name="Nord")
    create_series(
        actor=actor, kind="sales_order", prefix="", pattern="{branch}-{year}-{number:05d}",
        branch=made if request.param else None,
    )  # fmt: skip
    return made


def number(actor: Actor, branch: Branch) -> str:
    return allocate(company_id=actor.company_id, kind="sales_order", branch_id=branch.pk, on=DAY)


def recode(actor: Actor, branch: Branch) -> str:
    try:
        return save_branch(actor=actor, branch=branch, code="X").code
    except Refused as refusal:
        return refusal.violations[0].code


def beside(actor: Actor, done: Callable[[], str]) -> Future[str]:
    """What another session gets, which has to wait for this one."""
    answer: Future[str] = Future()

    def run() -> None:
        try:
            with company_scope(actor.company_id), transaction.atomic():
                answer.set_result(done())
        except Exception as error:  # noqa: BLE001 - the test's own thread raises it again
            answer.set_exception(error)
        finally:
            connection.close()

    threading.Thread(target=run, daemon=True).start()
    with pytest.raises(TimeoutError):
        answer.result(0.5)
    return answer


def test_a_number_given_meanwhile_shows_the_new_code(actor: Actor, branch: Branch) -> None:
    with transaction.atomic():
        assert recode(actor, branch) == "X"
        given = beside(actor, lambda: number(actor, branch))
    assert given.result(10) == "X-2026-00001"


def test_a_code_whose_first_number_is_being_given_stays(actor: Actor, branch: Branch) -> None:
    with transaction.atomic():
        assert number(actor, branch) == "N-2026-00001"
        changed = beside(actor, lambda: recode(actor, branch))
    assert changed.result(10) == "branch-code-used"
    assert Branch.objects.get().code == "N"
