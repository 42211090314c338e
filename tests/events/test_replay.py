from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from valeo.events.journal import Journal
from valeo.events.selectors import last_event_id
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Membership


def happen(actor: Actor, channel: str, *numbers: int) -> None:
    journal = Journal(actor)
    for number in numbers:
        journal.event(channel=channel, payload={"n": number})
    journal.flush()


def test_the_replay_gives_what_came_after(actor: Actor, client_for: Callable[..., Client]) -> None:
    client = client_for("operator")
    since = last_event_id(actor.company_id)
    happen(actor, "sales", 1, 2)
    happen(actor, "inventory", 3)
    answer = client.get(f"/api/workflow/replay/sales?since={since + 1}").json()
    assert [event["n"] for event in answer["events"]] == [2]
    assert (answer["last"], answer["more"]) == (since + 3, False)
    both = client.get(f"/api/workflow/replay/sales,inventory?since={since}").json()
    assert [(event["channel"], event["n"]) for event in both["events"]] == [
        ("sales", 1),
        ("sales", 2),
        ("inventory", 3),
    ]


def test_the_replay_needs_the_channels_scope(client_for: Callable[..., Client]) -> None:
    answer = client_for("operator").get("/api/workflow/replay/sales,policy")
    assert (answer.status_code, answer.json()["missing_scopes"]) == (403, ["policy:read"])


def test_unknown_channels_and_wrong_ids_are_told(client_for: Callable[..., Client]) -> None:
    client = client_for("operator")
    assert client.get("/api/workflow/replay/gossip").status_code == 404
    assert client.get("/api/workflow/replay/sales?since=now").status_code == 400


def test_another_companys_events_are_not_replayed(
    actor: Actor, other_company: object, client_for: Callable[..., Client]
) -> None:
    client = client_for("operator")
    stranger = Actor(user_id=None, name="x", company_id=other_company.pk, scopes=frozenset())  # type: ignore[attr-defined]
    happen(stranger, "sales", 99)
    assert all(
        event.get("n") != 99 for event in client.get("/api/workflow/replay/sales?since=0").json()["events"]
    )


def test_the_replay_keeps_quiet_about_what_one_may_not_read(
    actor: Actor, client_for: Callable[..., Client]
) -> None:
    client = client_for("operator")
    Membership.objects.filter(company_id=actor.company_id, role_codes=["operator"]).update(
        scopes=["inventory:read"]
    )
    journal = Journal(actor)
    for domain in ("sales", "inventory", "finance"):
        journal.event(channel="workflow", payload={"domain": domain, "number": f"{domain}-1"})
    journal.event(channel="workflow", payload={"number": "of no domain"})
    journal.flush()
    events = client.get("/api/workflow/replay/workflow?since=0").json()["events"]
    assert [event["number"] for event in events] == ["inventory-1", "finance-1", "of no domain"]
