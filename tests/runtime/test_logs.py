from __future__ import annotations

import logging

import pytest

from valeo.core.logs import RedactingFormatter, RedactionFilter, redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer abcdef123456", "Authorization: ***"),
        ("got Bearer abcdef123456 today", "got Bearer *** today"),
        ("password=hunter2&next=/", "password=***&next=/"),
        ('{"api_key": "k-1234", "page": 2}', '{"api_key": ***, "page": 2}'),
        ("client_secret: s3cr3t;", "client_secret: ***;"),
        ("postgresql://valeo:hunter2@db/valeo", "postgresql://valeo:***@db/valeo"),
        ("mail to marie.muster@example.org failed", "mail to m***@example.org failed"),
        ("nothing to hide: INV-2026-00042", "nothing to hide: INV-2026-00042"),
    ],
)
def test_redact(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_arguments_and_tracebacks_are_redacted() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "login of %s", ("max@example.org",), None)
    assert RedactionFilter().filter(record)
    assert record.getMessage() == "login of m***@example.org"
    try:
        raise ValueError("token=abcdef")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    assert "abcdef" not in RedactingFormatter("%(message)s").format(record).splitlines()[-1]
