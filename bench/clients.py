"""Clients as processes of their own: each repeats one piece of work until the time is over."""

from __future__ import annotations

import http.client
import multiprocessing as mp
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import uuid4

import psycopg

from bench import bare
from bench.session import Answer, Session, order_form

LINES: Final = 5
#: what a page says when the database refused to wait or had to choose a victim
LOCK_WORDS: Final = (b"deadlock", b"could not serialize", b"lock timeout", b"LockNotAvailable")


@dataclass(frozen=True, slots=True)
class Target:
    """A running installation with a world in it."""

    address: str
    database: str
    cookies: dict[str, dict[str, str]]  # by person
    customer: str
    customer_id: int
    articles: list[tuple[str, int]]


@dataclass(slots=True)
class Outcome:
    """What one client saw: seconds of each act, and what went wrong."""

    done: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lock_errors: int = 0

    def note(self, act: str, answer: Answer) -> bool:
        """Whether the act was acknowledged."""
        self.seconds.setdefault(act, []).append(answer.seconds)
        if answer.status == 303 and answer.uuid:
            return True
        self.lock_errors += any(word in answer.body for word in LOCK_WORDS)
        self.errors.append(f"{act}: {answer.status}")
        return False


class Client(Protocol):
    """One kind of work; ``once`` does it one time."""

    def once(self, outcome: Outcome) -> None: ...


def _session(target: Target, person: str) -> Session:
    session = Session(target.address)
    session.cookies = dict(target.cookies[person])
    return session


def _order(target: Target, do: str) -> dict[str, str]:
    chosen = [target.articles[index % len(target.articles)] for index in range(LINES)]
    form = order_form(target.customer, [(number, "1") for number, _key in chosen], do)
    form["partner_id"] = str(target.customer_id)
    form |= {f"lines-{index}-article_id": str(key) for index, (_number, key) in enumerate(chosen)}
    form["once"] = str(uuid4())
    return form


class Orders:
    """A saved draft of five lines through the form's URL."""

    def __init__(self, target: Target) -> None:
        self.target, self.clerk = target, _session(target, "clerk")

    def once(self, outcome: Outcome) -> None:
        answer = self.clerk.post("/documents/sales_order/new/", _order(self.target, "save"))
        outcome.done += outcome.note("order", answer)


class Chains:
    """Create and release an order, deliver it, invoice and post the delivery: three requests."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.clerk, self.accountant = _session(target, "clerk"), _session(target, "accountant")
        self.database = psycopg.connect(target.database, autocommit=True)

    def once(self, outcome: Outcome) -> None:
        order = self.clerk.post("/documents/sales_order/new/", _order(self.target, "submit"))
        if not outcome.note("order and release", order):
            return
        url = f"/documents/delivery_note/from/{order.uuid}/"
        delivery = self.clerk.post(url, self._picks(order.uuid))
        if not outcome.note("deliver", delivery):
            return
        url = f"/documents/sales_invoice/from/{delivery.uuid}/"
        invoice = self.accountant.post(url, self._picks(delivery.uuid))
        outcome.done += outcome.note("invoice and post", invoice)

    def _picks(self, uuid: str) -> dict[str, str]:
        """Every line, as the page of the follow-up offers them."""
        rows = self.database.execute(
            "SELECT l.id FROM documents_line l JOIN documents_document d ON d.id = l.document_id WHERE d.uuid = %s",
            [uuid],
        ).fetchall()
        form = {"do": "submit"}
        for (pk,) in rows:
            form |= {f"pick-{pk}": "on", f"quantity-{pk}": "1"}
        return form


class Bare:
    """The rows of the templates, written by bare SQL."""

    def __init__(self, database: str, templates: list[tuple[str, tuple[int, int]]]) -> None:
        self.connection = bare.connect(database)
        self.acts = [bare.Act(self.connection, key, events) for key, events in templates]
        self.connection.commit()

    def once(self, outcome: Outcome) -> None:
        begin = time.perf_counter()
        bare.run(self.connection, self.acts)
        outcome.seconds.setdefault("bare", []).append(time.perf_counter() - begin)
        outcome.done += 1


def _run(
    make: Callable[..., Client], given: tuple[Any, ...], ready: Any, seconds: float, results: Any
) -> None:
    client = make(*given)
    for _warm in range(3):
        client.once(Outcome())
    outcome = Outcome()
    ready.wait()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        try:
            client.once(outcome)
        except (OSError, http.client.HTTPException, psycopg.Error) as error:
            outcome.errors.append(f"{type(error).__name__}: {error}"[:200])
            outcome.lock_errors += isinstance(error, psycopg.errors.DeadlockDetected)
    results.put(outcome)


def measure(make: Callable[..., Client], given: tuple[Any, ...], *, clients: int, seconds: float) -> Outcome:
    """All clients at once for so many seconds; their outcomes together."""
    context = mp.get_context("spawn")
    ready, results = context.Barrier(clients), context.Queue()
    processes = [
        context.Process(target=_run, args=(make, given, ready, seconds, results), daemon=True)
        for _client in range(clients)
    ]
    for process in processes:
        process.start()
    total = Outcome()
    for _process in processes:
        found = results.get(timeout=seconds + 90)
        total.done += found.done
        total.errors += found.errors
        total.lock_errors += found.lock_errors
        for act, each in found.seconds.items():
            total.seconds.setdefault(act, []).extend(each)
    for process in processes:
        process.join(timeout=30)
    return total
