"""The installation and the people at their browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.house import House, running
from tests.e2e.person import PATIENCE, Person
from tests.support.browser import chromium

Hire = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this directory are browser tests, and go together where pytest runs in several processes."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with running(str(worker)) as made:
        yield made


@pytest.fixture(scope="session")
def browser(house: House) -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def keys() -> dict[str, Any]:
    """Cookies of people who have signed in once; who is hired again need not do it again."""
    return {}


@pytest.fixture
def hire(browser: Browser, house: House, keys: dict[str, Any]) -> Iterator[Hire]:
    """``hire("anke")``: this person in a browser of her own, signed in."""
    people: list[Person] = []

    def hired(name: str, *, fresh: bool = False, **options: Any) -> Person:
        options = {
            "viewport": {"width": 1440, "height": 1000},
            "locale": "de-DE",
            "base_url": house.address,
            **options,
        }
        if not fresh and name in keys:
            options["storage_state"] = keys[name]
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        person = Person(context, name, scripts=bool(options.get("java_script_enabled", True)))
        people.append(person)
        if name and (fresh or name not in keys):
            person.sign_in().close()
            if not fresh:
                keys[name] = {"cookies": context.cookies(), "origins": []}
        return person

    yield hired
    for person in people:
        with suppress(Exception):
            person.context.close()
    assert [text for person in people for text in person.complaints] == []
