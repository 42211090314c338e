"""Who may do what (contract § 2 and § 3, written here by hand): role × action × kind × own or foreign company."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from documents import registry
from documents.case import Case
from documents.selectors.cases import load_case
from documents.services.drafts import create_draft
from tests.factories.documents import act, draft, line
from tests.factories.steps import amended, edited
from tests.factories.tenancy import make_actor, make_company
from tests.factories.world import World
from tests.generic.conftest import Stock, fresh
from tests.support.proofs import picture
from valeo.core.exceptions import DomainError, NotFound, NotPermitted
from valeo.tenancy.actor import Actor
from valeo.tenancy.scope import company_scope
from workflow.services.begin import today_in
from workflow.services.perform import correct

D = Decimal
ROLES = ("operator", "warehouse", "manager", "accountant", "auditor", "administrator")
WRITERS = {"operator", "manager", "accountant", "administrator"}
APPROVERS = {"manager", "accountant", "administrator"}
BOOKKEEPERS = {"accountant", "administrator"}
EVERYBODY = set(ROLES)
PRINTERS = EVERYBODY - {"auditor"}

#: kind → (who writes, who approves, who posts)
RIGHTS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "quotation": (WRITERS, APPROVERS, WRITERS),
    "sales_order": (WRITERS, APPROVERS, WRITERS),
    "delivery_note": (WRITERS | {"warehouse"}, APPROVERS, WRITERS | {"warehouse"}),
    "sales_invoice": (WRITERS, APPROVERS, BOOKKEEPERS),
    "credit_note": (WRITERS, APPROVERS, BOOKKEEPERS),
}
WRITE, APPROVE, POST = range(3)
#: action → (state to start from, which right)
ACTIONS: dict[str, tuple[str, int]] = {
    "create": ("draft", WRITE),
    "edit": ("draft", WRITE),
    "submit": ("draft", WRITE),
    "discard": ("draft", WRITE),
    "reopen": ("approved", WRITE),
    "approve": ("pending", APPROVE),
    "reject": ("pending", APPROVE),
    "withdraw": ("pending", APPROVE),  # by somebody who neither wrote nor submitted it
    "post": ("approved", POST),
    "cancel": ("posted", POST),
    "amend": ("posted", POST),
    "close": ("posted", POST),
    "correct": ("posted", POST),
}
ONLY = {
    "amend": {"quotation", "sales_order"}, "close": {"quotation", "sales_order"}, "correct": {"sales_invoice"},
}  # fmt: skip
CELLS = [(kind, action) for kind in RIGHTS for action in ACTIONS if kind in ONLY.get(action, RIGHTS)]


@pytest.fixture(scope="module")
def shared_roles(
    shared_documents: Stock, shared_world: World, django_db_blocker: DjangoDbBlocker
) -> dict[str, Actor]:
    with django_db_blocker.unblock(), company_scope(shared_world.company.pk):
        return {role: make_actor(shared_world.company, [role]) for role in ROLES}


@pytest.fixture
def actors(shared_roles: dict[str, Actor], stock: Stock) -> dict[str, Actor]:
    return shared_roles


def do(world: World, action: str, case: Case, actor: Actor) -> None:
    if action == "create":
        fresh(world, case.document.kind, actor)
    elif action == "edit":
        edited(world, case, actor=actor, description="Changed")
    elif action == "amend":
        amended(world, case, actor=actor, description="Changed")
    elif action == "correct":
        correct(document_id=case.document.pk, actor=actor)
    else:
        act(case, action, actor, "because")


def answer(call: Callable[[], None]) -> DomainError | None:
    """What came of it, undone again."""
    try:
        with transaction.atomic():
            call()
            transaction.set_rollback(True)
    except DomainError as refusal:
        return refusal
    return None


@pytest.mark.parametrize(("kind", "action"), CELLS)
def test_the_services(world: World, stock: Stock, actors: dict[str, Actor], kind: str, action: str) -> None:
    state, right = ACTIONS[action]
    case = load_case(stock[kind, state].document.pk)
    before = picture()
    found = {
        role: answer(lambda actor=actor: do(world, action, case, actor))  # type: ignore[misc]
        for role, actor in actors.items()
    }
    permitted = {role for role, outcome in found.items() if not isinstance(outcome, NotPermitted)}
    assert permitted == RIGHTS[kind][right]
    wanted = {"sales:write", "sales:approve", "sales:post", "inventory:write"}
    assert all(
        set(error.missing) <= wanted and error.missing
        for error in found.values()
        if isinstance(error, NotPermitted)
    )
    assert picture() == before, "what was refused or undone left something"


@pytest.mark.parametrize(("kind", "action"), [cell for cell in CELLS if cell[1] != "create"])
def test_a_foreign_company_s_administrator_finds_nothing(
    world: World, stock: Stock, kind: str, action: str
) -> None:
    case = load_case(stock[kind, ACTIONS[action][0]].document.pk)
    company = make_company("FOREIGN")
    before = picture()
    with company_scope(company.pk):
        stranger = make_actor(company)
        there = replace(world, company=company)
        if action in ("edit", "amend"):
            with company_scope(world.company.pk):
                from tests.factories.steps import content

                data = content(case)
            from documents.services.drafts import update_draft
            from workflow.services import amendments

            with pytest.raises(NotFound):  # noqa: PT012 - one of two calls
                if action == "edit":
                    update_draft(
                        company=company, actor=stranger, document_id=case.document.pk, data=data,
                        expected_version=None, today=today_in(company),
                    )  # fmt: skip
                else:
                    amendments.propose(
                        company=company, actor=stranger, document_id=case.document.pk, data=data, reason="x",
                        expected_version=None,
                    )  # fmt: skip
        else:
            with pytest.raises(NotFound):
                do(there, action, case, stranger)
    after = picture()
    assert after["documents_document"] == before["documents_document"]
    assert after["documents_line"] == before["documents_line"]


@pytest.mark.parametrize("kind", RIGHTS)
def test_a_foreign_company_s_partner_is_none(world: World, kind: str) -> None:
    company = make_company("FOREIGN")
    with company_scope(company.pk):
        from tests.factories.masterdata import make_masterdata, make_partner

        theirs = make_partner(make_masterdata(company))
    with pytest.raises((NotFound, DomainError)):
        create_draft(
            company=world.company, actor=world.accountant, data=draft(kind, theirs, line(world.wheat, "1")),
            today=today_in(world.company),
        )  # fmt: skip


def status(client: Client, method: str, where: str, data: dict[str, str] | None = None) -> int:
    """The status of an answer whose effects are undone."""
    with transaction.atomic():
        code: int = getattr(client, method)(where, data or {}).status_code
        transaction.set_rollback(True)
    return code


@pytest.mark.parametrize("kind", RIGHTS)
def test_the_pages(
    world: World, stock: Stock, actors: dict[str, Actor], browser: Callable[[Actor], Client], kind: str
) -> None:
    clients = {role: browser(actor) for role, actor in actors.items()}
    write, approve, post = RIGHTS[kind]
    drafted, pending, approved, posted = (
        stock[kind, state].document for state in ("draft", "pending", "approved", "posted")
    )
    paper = registry.get(kind).papers[0].code
    table: list[tuple[str, str, dict[str, str], set[str]]] = [
        ("get", reverse("documents:list", args=[kind]), {}, EVERYBODY),
        ("get", reverse("documents:detail", args=[posted.uuid]), {}, EVERYBODY),
        ("post", reverse("documents:note", args=[posted.uuid]), {"text": "A note"}, EVERYBODY),
        ("get", reverse("documents:new", args=[kind]), {}, write),
        ("get", reverse("documents:edit", args=[drafted.uuid]), {}, write),
        ("post", reverse("workflow:act", args=[drafted.uuid]), {"action": "submit"}, write),
        ("post", reverse("workflow:act", args=[drafted.uuid]), {"action": "discard", "reason": "x"}, write),
        ("post", reverse("workflow:act", args=[pending.uuid]), {"action": "approve"}, approve),
        ("post", reverse("workflow:act", args=[pending.uuid]), {"action": "reject", "reason": "x"}, approve),
        ("post", reverse("workflow:act", args=[approved.uuid]), {"action": "post"}, post),
        ("post", reverse("workflow:act", args=[posted.uuid]), {"action": "cancel", "reason": "x"}, post),
        ("get", reverse("archive:paper", args=[drafted.uuid, paper]) + "?size=Nonsense", {}, PRINTERS),
    ]
    for method, where, data, expected in table:
        found = {role: status(client, method, where, data) for role, client in clients.items()}
        assert {role for role, code in found.items() if code != 403} == expected, (
            f"{method} {where} {data}: {found}"
        )
        assert all(code < 500 for code in found.values()), f"{where} {data}: {found}"
