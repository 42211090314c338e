from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from asgiref.typing import HTTPScope

from valeo.runtime import bodies
from valeo.runtime.bodies import Bodies, BodyRefused


def scope(**headers: str) -> HTTPScope:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return cast("HTTPScope", {"type": "http", "headers": pairs})


def sending(*chunks: bytes, end: bool = True) -> Any:
    """A ``receive`` of these pieces; without ``end`` nothing comes after them."""
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": not end or number < len(chunks) - 1}
        for number, chunk in enumerate(chunks)
    ]

    async def receive() -> Any:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    return receive


def test_what_has_a_body() -> None:
    assert not bodies.has_body(scope())
    assert not bodies.has_body(scope(content_length="0"))
    assert bodies.has_body(scope(content_length="1"))
    assert bodies.has_body(scope(transfer_encoding="chunked"))
    assert bodies.has_body(scope(content_length="²"))


def test_a_body_is_read_once_and_its_size_given_back() -> None:
    reader = Bodies()

    async def story() -> None:
        body = await reader.read(scope(content_length="6"), sending(b"abc", b"def"))
        assert (body, reader.held) == (b"abcdef", 6)
        receive = bodies.again(body, sending(b"later"))
        assert cast("Any", await receive())["body"] == b"abcdef"
        assert cast("Any", await receive())["body"] == b"later"
        reader.done(body)

    asyncio.run(story())
    assert reader.held == 0


@pytest.mark.parametrize(
    ("status", "headers", "chunks", "end"),
    [
        (413, {"content_length": str(bodies.MOST_BYTES + 1)}, (), True),
        (413, {"content_length": "9" * 30}, (), True),
        (413, {"transfer_encoding": "chunked"}, (b"x" * 1_000_000,) * 13, True),
        (408, {"content_length": "10"}, (b"a",), False),
    ],
)  # fmt: skip
def test_what_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    headers: dict[str, str],
    chunks: tuple[bytes, ...],
    end: bool,
) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.2)
    reader = Bodies()
    with pytest.raises(BodyRefused) as refusal:
        asyncio.run(reader.read(scope(**headers), sending(*chunks, end=end)))
    assert (refusal.value.status, reader.held) == (status, 0)


def test_all_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES_TOGETHER", 10)
    reader = Bodies()

    async def story() -> None:
        first = await reader.read(scope(content_length="8"), sending(b"12345678"))
        with pytest.raises(BodyRefused) as refusal:
            await reader.read(scope(content_length="8"), sending(b"12345678"))
        assert refusal.value.status == 503
        reader.done(first)
        reader.done(await reader.read(scope(content_length="8"), sending(b"12345678")))

    asyncio.run(story())
    assert reader.held == 0


def test_a_browser_that_goes_gets_no_answer() -> None:
    async def gone() -> Any:
        return {"type": "http.disconnect"}

    with pytest.raises(BodyRefused) as refusal:
        asyncio.run(Bodies().read(scope(content_length="3"), gone))
    assert refusal.value.status is None
