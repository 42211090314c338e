"""Random sequences of all actions keep the invariants, whatever is refused on the way.

Open quantities are never below zero, progress is what the links say, stock is the sum of its movements, open items are
invoices less credits, numbers have no gap, and the audit chain with all its proofs verifies.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from documents import quantities, registry
from documents.models import Document, Line, Revision
from documents.selectors.cases import load_case
from documents.services.carry import allowances_of, carried, line_of
from documents.services.follow_up import proposals
from documents.states import State
from tests.factories.documents import act, discount, draft, follow, freight, line, submitted
from tests.factories.world import World, make_world
from valeo.audit.selectors import verify
from valeo.core.exceptions import DomainError
from valeo.tenancy.models import Company
from workflow.services import amendments
from workflow.services.begin import today_in
from workflow.services.perform import correct, follow_and_submit

STEPS = 90
LEAST_POSTINGS = 10  # below that the run would prove nothing
SEEDS = (1, 2, 3, 4)
SIMPLE = (
    "submit",
    "approve",
    "post",
    "reject",
    "withdraw",
    "revise",
    "reopen",
    "discard",
    "cancel",
    "close",
    "unclose",
    "accept",
    "decline",
)


@dataclass
class Play:
    """One random run: what it did, for the message of a failure."""

    world: World
    dice: random.Random
    done: list[str] = field(default_factory=list)
    moved: int = 0

    def document(self, *states: str) -> Document | None:
        rows = Document.objects.all()
        if states:
            rows = rows.filter(state__in=states)
        keys = list(rows.values_list("pk", flat=True))
        return Document.objects.get(pk=self.dice.choice(keys)) if keys else None

    def quantity(self, most: int = 30) -> str:
        return str(
            self.dice.choice([self.dice.randint(1, most), Decimal(self.dice.randint(1, most * 10)) / 10])
        )


def new(play: Play) -> None:
    world, dice = play.world, play.dice
    lines = [line(dice.choice([world.wheat, world.lime]), play.quantity()) for _ in range(dice.randint(1, 3))]
    allowances = (discount("3"), freight("25.00")) if dice.random() < 0.4 else ()
    kind = dice.choice(["quotation", "sales_order", "sales_order", "delivery_note"])
    submitted(world.company, world.clerk, draft(kind, world.customer, *lines, allowances=allowances))


def simple(play: Play) -> None:
    document = play.document()
    if document is None:
        return
    actor = play.dice.choice([play.world.clerk, play.world.manager, play.world.accountant])
    act(load_case(document.pk), play.dice.choice(SIMPLE), actor, "because of the dice")


def approve(play: Play) -> None:
    document = play.document(State.PENDING)
    if document is not None:
        act(load_case(document.pk), "approve", play.world.manager)


def successor(play: Play) -> None:
    document = play.document(State.POSTED)
    if document is None:
        return
    ways = registry.follow_ups(document.kind)
    if not ways:
        return
    target = play.dice.choice(ways)[0]
    case = load_case(document.pk)
    offers = proposals(target.code, [case])
    picks = {
        offer.line.pk: str(
            (offer.open * Decimal(play.dice.choice(["1", "0.5", "1.02", "1.5"]))).quantize(Decimal("0.001"))
        )
        for offer in offers
        if play.dice.random() < 0.8
    }
    if not picks:
        return
    reason = play.dice.choice(["quantity", "price"]) if target.ledger_sign < 0 else ""
    made = follow(
        play.world.company, play.world.accountant, target.code, case, picks=picks, reason_kind=reason
    )
    if play.dice.random() < 0.8:
        act(made, "submit", play.world.accountant)


def all_open(play: Play) -> None:
    document = play.document(State.POSTED)
    if document is None or not (ways := registry.follow_ups(document.kind)):
        return
    follow_and_submit(
        company=play.world.company, actor=play.world.accountant, kind=play.dice.choice(ways)[0].code,
        sources=[document.pk], today=today_in(play.world.company),
    )  # fmt: skip


def amend(play: Play) -> None:
    document = play.document(State.POSTED)
    if document is None or not document.is_commitment:
        return
    case = load_case(document.pk)
    lines = [line_of(case, each, None, None, keep_id=True) for each in case.lines]
    index = play.dice.randrange(len(lines))
    factor = Decimal(play.dice.choice(["0.5", "1.25", "2"]))
    lines[index] = replace(lines[index], quantity=lines[index].quantity * factor, price_quantity=None)
    data = replace(
        carried(case, kind=document.kind, relation=None, measure=None),
        lines=tuple(lines),
        allowances=allowances_of(case),
    )
    amendments.propose(
        company=play.world.company, actor=play.world.clerk, document_id=document.pk, data=data, reason="dice",
        expected_version=document.version,
    )  # fmt: skip


def decide_amendment(play: Play) -> None:
    revision = Revision.objects.filter(state="pending").first()
    if revision is not None:
        amendments.decide(
            actor=play.world.manager, revision_id=revision.pk, approve=play.dice.random() < 0.7, reason="dice"
        )


def correct_one(play: Play) -> None:
    document = play.document(State.POSTED)
    if document is None or not document.type_code:
        return
    storno, _successor = correct(document_id=document.pk, actor=play.world.accountant)
    act(storno, "submit", play.world.accountant)
    if play.dice.random() < 0.8:
        act(storno, "approve", play.world.manager)


MOVES: list[tuple[int, Callable[[Play], None]]] = [
    (5, new), (6, simple), (5, approve), (8, successor), (5, all_open), (3, amend), (2, decide_amendment), (3, correct_one),
]  # fmt: skip


def check(play: Play) -> None:
    company = play.world.company
    story = "\n".join(play.done[-15:])
    for each in Line.objects.select_related("document").all():
        kind = registry.get(each.document.kind)
        assert each.delivered >= 0, story
        assert each.invoiced >= 0, story
        assert quantities.to_deliver(each) >= 0, story
        if each.document.state == State.POSTED and each.quantity > 0 and kind.traits.moves_stock:
            assert each.invoiced - each.credited <= each.quantity, story
    verdict = verify(company)
    assert verdict.problems == [], f"{verdict.problems}\n{story}"


@pytest.mark.parametrize("seed", SEEDS)
def test_random_sequences_keep_the_invariants(company: Company, seed: int) -> None:
    world = make_world(company, credit_limit="60000.00")
    play = Play(world, random.Random(seed))
    weighted = [move for weight, move in MOVES for _ in range(weight)]
    for step in range(STEPS):
        move = play.dice.choice(weighted)
        before = Document.objects.filter(state=State.POSTED).count()
        try:
            move(play)
        except DomainError as refusal:
            play.done.append(f"{step} {move.__name__}: {type(refusal).__name__} {refusal}")
        else:
            play.done.append(f"{step} {move.__name__}: done")
            play.moved += Document.objects.filter(state=State.POSTED).count() != before
        if step % 10 == 9:
            check(play)
    check(play)
    assert play.moved >= LEAST_POSTINGS, "too little happened to mean anything: " + "\n".join(play.done)
