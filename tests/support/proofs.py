"""Proves that a refusal changed nothing: every row of the documents' and workflow's tables, numbers and audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from documents.case import Case
from tests.factories.documents import act
from valeo.core.exceptions import Conflict, DomainError, NotPermitted, Refused
from valeo.tenancy.actor import Actor

TABLES = (
    "documents_document", "documents_line", "documents_allowancecharge", "documents_taxgroup", "documents_party",
    "documents_instalment", "documents_linelot", "documents_link", "documents_revision", "workflow_approval",
    "workflow_documentexception", "workflow_changerequest", "inventory_stockmovement", "inventory_stockbalance",
    "inventory_reservation", "payments_openitem", "payments_settlement", "numbering_issuednumber",
    "numbering_numberseries", "masterdata_partner", "audit_auditentry",
)  # fmt: skip
_PICTURE = " UNION ALL ".join(
    f"SELECT '{table}', count(*), md5(coalesce(string_agg(to_jsonb(r)::text, '|' ORDER BY to_jsonb(r)::text), '')) "  # noqa: S608 - names from the list above
    f"FROM {table} r"
    for table in TABLES
)


def picture() -> dict[str, tuple[int, str]]:
    """Table → number of rows and a digest over all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_PICTURE)
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


@contextmanager
def refuses(kind: type[DomainError] = Refused, *codes: str) -> Iterator[list[Any]]:
    """The block raises ``kind`` with exactly these codes (in any order) and leaves every row as it was."""
    before = picture()
    caught: list[Any] = []
    with pytest.raises(kind) as raised:
        yield caught
    caught.append(raised.value)
    if codes:
        error: Any = raised.value
        found = [item.code for item in error.violations] if isinstance(error, Refused) else [error.code]
        assert sorted(found) == sorted(codes), str(error)
    after = picture()
    assert {name for name in before if before[name] != after[name]} == set()


def refused(case: Case, action: str, actor: Actor, *codes: str, reason: str = "", **values: Any) -> Refused:
    with refuses(Refused, *codes) as caught:
        act(case, action, actor, reason, **values)
    found: Refused = caught[0]
    return found


def conflicts(call: Callable[[], Any], code: str) -> Conflict:
    with refuses(Conflict, code) as caught:
        call()
    found: Conflict = caught[0]
    return found


def forbidden(call: Callable[[], Any], *scopes: str) -> NotPermitted:
    """Refused for want of a right, naming the scopes."""
    with refuses(NotPermitted) as caught:
        call()
    found: NotPermitted = caught[0]
    if scopes:
        assert set(found.missing) == set(scopes)
    return found
