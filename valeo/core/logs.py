"""Log records without secrets and full e-mail addresses (contract § 9), each with its request's id."""

from __future__ import annotations

import logging
import re
import time

from valeo.core.request_id import current_request_id

_SECRET = re.compile(
    r"""(?ix)
    (?P<name>["']? [\w-]* (?: password | passwd | secret | token | api[_-]?key | sessionid | authorization )
        [\w-]* ["']?)
    (?P<sign>\s* [=:] \s*)
    (?: (?: bearer | basic | token ) \s+ )?
    (?: "[^"]*" | '[^']*' | [^\s,;&)}\]]+ )
    """
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}")
_URL_PASSWORD = re.compile(r"(?P<before>\w+://[^\s:/@]*:)[^\s/@]+@")
_EMAIL = re.compile(r"(?P<first>[\w.+-])[\w.+-]*@(?P<domain>[\w-]+(?:\.[\w-]+)+)")


def redact(text: str) -> str:
    """The text with secrets as ``***`` and e-mail addresses as ``m***@example.org``."""
    text = _URL_PASSWORD.sub(r"\g<before>***@", text)
    text = _SECRET.sub(r"\g<name>\g<sign>***", text)
    text = _BEARER.sub(r"\1 ***", text)
    return _EMAIL.sub(r"\g<first>***@\g<domain>", text)


class RequestIdFilter(logging.Filter):
    """Puts the request's id on the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True


class RedactionFilter(logging.Filter):
    """Redacts the message of the record, arguments included, for whatever handler comes after."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        return True


class RedactingFormatter(logging.Formatter):
    """Redacts what only formatting adds: the traceback, which may quote values. Times are UTC."""

    converter = time.gmtime  # type: ignore[assignment]  # the stub lost the argument

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
