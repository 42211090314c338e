from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.factories.tenancy import make_company, make_member
from valeo.events import hub as hubs
from valeo.events import stream
from valeo.events.journal import Journal
from valeo.events.models import LiveEvent
from valeo.tenancy.models import Company, Membership, User
from valeo.tenancy.selectors import system_actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet")]


class Browser:
    """One open stream, driven as an ASGI server drives it."""

    def __init__(self, path: str, cookie: str = "", last_event_id: str = "", query: str = "") -> None:
        headers = [(b"cookie", f"sessionid={cookie}".encode())] if cookie else []
        if last_event_id:
            headers.append((b"last-event-id", last_event_id.encode()))
        self.scope = {
            "type": "http", "method": "GET", "path": f"/api/stream/{path}", "headers": headers,
            "query_string": query.encode(),
        }  # fmt: skip
        self.status = 0
        self.text = ""
        self.at: dict[int, float] = {}
        self.ended = False
        self._gone = asyncio.Event()
        self.task = asyncio.create_task(stream.stream_app(self.scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"].decode()
            self.ended = not message.get("more_body", False)

    @property
    def events(self) -> list[tuple[str, int, dict[str, Any]]]:
        found = []
        for block in self.text.split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "event" in lines:
                found.append((lines["event"], int(lines.get("id", 0)), json.loads(lines["data"])))
        return found

    def numbers(self) -> list[int]:
        return [data["n"] for _, _, data in self.events if "n" in data]

    async def until(self, condition: Callable[[], object], seconds: float = 5.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{self.status} {self.text[-500:]}"
            await asyncio.sleep(0.005)

    async def opened(self) -> Browser:
        await self.until(lambda: "stream-open" in self.text or "stream-reset" in self.text or self.ended)
        return self

    async def close(self) -> None:
        self._gone.set()
        await asyncio.wait_for(self.task, 5)


def run(story: Callable[[], Awaitable[None]]) -> None:
    """The story on a loop of its own; the hub ends with it."""

    async def whole() -> None:
        try:
            await story()
        finally:
            for task in hubs.hub()._tasks:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    asyncio.run(whole())


async def db(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run it in a thread that closes its database connection."""

    def inside() -> Any:
        try:
            return function(*arguments)
        finally:
            connection.close()

    return await asyncio.to_thread(inside)


def happen(company: Company, *numbers: int, channel: str = "sales") -> None:
    for number in numbers:
        journal = Journal(system_actor(company.pk))
        journal.event(channel=channel, payload={"n": number})
        with transaction.atomic():
            journal.flush()


def sign_in(company: Company, *roles: str) -> tuple[str, Membership]:
    membership = make_member(company, *roles)
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value, membership


@pytest.fixture
def company() -> Company:
    return make_company()


def test_an_event_arrives_within_a_moment_of_its_commit(company: Company) -> None:
    cookie, _ = sign_in(company, "operator")

    async def story() -> None:
        browser = await Browser("sales", cookie).opened()
        assert browser.text.startswith("retry: 2000\n\n")
        took = []
        for number in range(5):
            started = time.monotonic()
            await db(happen, company, number)
            await browser.until(lambda: number in browser.numbers())  # noqa: B023 - awaited here
            took.append(time.monotonic() - started)
        assert sorted(took)[2] < 0.5
        event, seq, data = browser.events[-1]
        assert (event, data["id"], data["company"], data["n"]) == ("sales", seq, str(company.uuid), 4)
        await browser.close()

    run(story)


def test_nobody_hears_another_company_or_another_channel(company: Company) -> None:
    other = make_company()
    mine, theirs = sign_in(company, "operator")[0], sign_in(other, "operator")[0]

    async def story() -> None:
        first, second = (
            await Browser("sales", mine).opened(),
            await Browser("sales,workflow", theirs).opened(),
        )
        await db(happen, company, 1)
        await db(happen, other, 2)
        await db(lambda: happen(other, 3, channel="inventory"))
        await db(lambda: happen(other, 4, channel="workflow"))
        await second.until(lambda: 4 in second.numbers())
        assert first.numbers() == [1]
        assert second.numbers() == [2, 4]
        await first.close()
        await second.close()

    run(story)


@pytest.mark.parametrize("how", ["header", "query"])
def test_a_reconnect_gets_what_it_missed_once_and_in_order(company: Company, how: str) -> None:
    cookie, _ = sign_in(company, "operator")
    happen(company, *range(10))
    first = LiveEvent.everywhere.filter(company=company, payload__n=3).get().seq

    async def story() -> None:
        where = {"last_event_id": str(first)} if how == "header" else {"query": f"since={first}"}
        browser = await Browser("sales", cookie, **where).opened()
        await db(happen, company, 10)
        await browser.until(lambda: 10 in browser.numbers())
        assert browser.numbers() == [4, 5, 6, 7, 8, 9, 10]
        await browser.close()

    run(story)


def test_who_missed_more_than_is_kept_reads_the_page_again(company: Company) -> None:
    cookie, _ = sign_in(company, "operator")
    happen(company, *range(5))
    LiveEvent.everywhere.filter(company=company, payload__n__lt=3).delete()

    async def story() -> None:
        for unknown in ("1", "999999"):
            browser = await Browser("sales", cookie, last_event_id=unknown).opened()
            assert [event for event, _, _ in browser.events] == ["stream-reset"]
            await browser.close()

    run(story)


def test_nothing_is_lost_or_doubled_with_parallel_writers_and_a_reconnecting_reader(company: Company) -> None:
    cookie, _ = sign_in(company, "operator")

    async def story() -> None:
        browser = await Browser("sales", cookie).opened()
        writers = [asyncio.create_task(db(happen, company, *range(w * 30, w * 30 + 30))) for w in range(4)]
        got: list[int] = []
        while not all(writer.done() for writer in writers):
            await asyncio.sleep(0.05)
            got += browser.numbers()
            last = browser.events[-1][1]
            await browser.close()
            browser = await Browser("sales", cookie, last_event_id=str(last)).opened()
        await asyncio.gather(*writers)
        await browser.until(lambda: len(got) + len(browser.numbers()) >= 120)
        got += browser.numbers()
        await browser.close()
        assert sorted(got) == list(range(120))

    run(story)


def test_a_lost_nudge_costs_a_second_only(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie, _ = sign_in(company, "operator")
    monkeypatch.setattr("valeo.events.nudge.after_commit", lambda *_args, **_kwargs: None)

    async def story() -> None:
        browser = await Browser("sales", cookie).opened()
        await db(happen, company, 1)
        await browser.until(lambda: browser.numbers() == [1], seconds=2.5)
        await browser.close()

    run(story)


def test_many_streams_hold_no_thread_and_two_connections(company: Company) -> None:
    cookies = [sign_in(company, "operator")[0] for _ in range(4)]
    listing = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"

    def connections() -> int:
        with connection.cursor() as cursor:
            cursor.execute(listing)
            return int(cursor.fetchone()[0])

    async def story() -> None:
        before, threads = await db(connections), threading.active_count()
        browsers = [await Browser("sales,workflow", cookie).opened() for cookie in cookies for _ in range(50)]
        assert threading.active_count() <= threads + 1
        assert await db(connections) <= before + 3  # listen, read, and the one of the checking thread
        await db(happen, company, 1)
        await asyncio.gather(
            *(browser.until(lambda b=browser: b.numbers() == [1]) for browser in browsers)  # type: ignore[misc]
        )
        assert hubs.hub().streams == 200
        await asyncio.gather(*(browser.close() for browser in browsers))
        assert hubs.hub().streams == 0

    run(story)


def test_strangers_and_members_without_the_scope_are_refused(company: Company) -> None:
    cookie, _ = sign_in(company, "operator")

    async def story() -> None:
        for path, key, status, code in (
            ("sales", "", 401, "not-signed-in"),
            ("sales", "f" * 32, 401, "not-signed-in"),
            ("policy", cookie, 403, "not-permitted"),
            ("sales,policy", cookie, 403, "not-permitted"),
            ("gossip", cookie, 404, "not-found"),
        ):
            browser = await Browser(path, key).opened()
            problem = json.loads(browser.text)
            assert (browser.status, problem["code"]) == (status, code)
            if status == 403:
                assert problem["missing_scopes"] == ["policy:read"]

    run(story)


def test_one_user_holds_a_tab_s_worth_of_streams(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_STREAMS", 3)
    mine, theirs = sign_in(company, "operator")[0], sign_in(company, "operator")[0]

    async def story() -> None:
        browsers = [await Browser("sales", mine).opened() for _ in range(3)]
        refused = await Browser("workflow", mine).opened()
        assert (refused.status, json.loads(refused.text)["code"]) == (429, "too-many-requests")
        browsers.append(await Browser("sales", theirs).opened())
        await browsers.pop(0).close()
        browsers.append(await Browser("sales", mine).opened())
        assert [browser.status for browser in browsers] == [200] * 4
        await asyncio.gather(*(browser.close() for browser in browsers))

    run(story)


def test_the_workflow_channel_keeps_quiet_about_what_one_may_not_read(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any read scope opens the channel; numbers and names of a domain are for those who read that domain."""
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.2)
    monkeypatch.setattr(stream, "CHECK_SECONDS", 0.1)
    cookie, membership = sign_in(company, "operator")
    Membership.objects.filter(pk=membership.pk).update(scopes=["inventory:read"])

    def work(number: int, domain: str) -> None:
        journal = Journal(system_actor(company.pk))
        journal.event(channel="workflow", payload={"n": number, "domain": domain})
        with transaction.atomic():
            journal.flush()

    async def story() -> None:
        await db(work, 1, "sales")
        browser = await Browser("workflow", cookie, query="since=0").opened()
        for number, domain in ((2, "sales"), (3, "purchase"), (4, "finance"), (5, "inventory")):
            await db(work, number, domain)
        await browser.until(lambda: 5 in browser.numbers())
        assert browser.numbers() == [4, 5]
        await db(lambda: Membership.objects.filter(pk=membership.pk).update(scopes=["sales:read"]))
        await browser.until(lambda: browser.ended, seconds=2)
        browser = await Browser("workflow", cookie, query="since=0").opened()
        assert browser.numbers() == [1, 2, 4]
        await browser.close()

    run(story)


@pytest.mark.parametrize("how", ["logout", "right", "company", "account", "membership", "password"])
def test_a_logout_and_a_lost_right_end_the_stream(
    company: Company, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.2)
    monkeypatch.setattr(stream, "CHECK_SECONDS", 0.1)
    cookie, membership = sign_in(company, "operator")

    def lose() -> None:
        if how == "logout":
            client = Client()
            client.cookies["sessionid"] = cookie
            client.session.flush()
        elif how == "company":
            second = make_company()
            make_member(second, "operator", user=membership.user)
            client = Client()
            client.cookies["sessionid"] = cookie
            assert client.post("/company/", {"company": str(second.uuid)}).status_code == 302
        elif how == "account":
            User.objects.filter(pk=membership.user_id).update(is_active=False)
        elif how == "membership":
            Membership.objects.filter(pk=membership.pk).update(is_active=False)
        elif how == "password":
            membership.user.set_password("another one of his")
            membership.user.save()
        else:
            Membership.objects.filter(pk=membership.pk).update(scopes=["docs:print"])

    async def story() -> None:
        browser = await Browser("sales", cookie).opened()
        await browser.until(lambda: browser.text.count(": keep-alive") > 1)
        assert not browser.ended
        await db(lose)
        await browser.until(lambda: browser.ended, seconds=2)
        await asyncio.wait_for(browser.task, 2)

    run(story)


def test_a_slow_reader_is_told_to_read_the_page_again(company: Company) -> None:
    client = hubs.Client(company.pk, frozenset({"sales"}))
    for seq in range(hubs.QUEUE_LENGTH + 1):
        client.offer(hubs.Message(seq, "sales", b""))
    assert client.lost
    assert client.queue.qsize() == 1
    client.offer(hubs.Message(1000, "workflow", b""))
    assert client.queue.qsize() == 1


def test_the_keep_alive_is_well_below_thirty_seconds_and_the_check_below_a_minute() -> None:
    assert stream.KEEP_ALIVE_SECONDS <= 30
    assert stream.KEEP_ALIVE_SECONDS + stream.CHECK_SECONDS < 60
