"""Whether the triggers that keep the record are in the database as the migrations made them, and on.

Who owns the tables can switch a trigger off or put another body into it; PostgreSQL refuses that to everybody else.
``manage.py check_triggers`` says so; what was changed meanwhile ``verify_audit`` finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pgtrigger
from django.db import connection

from valeo.core.operations import NEVER_IGNORED

_STATE: Final = """
SELECT t.tgname, t.tgenabled, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE NOT t.tgisinternal AND t.tgname LIKE 'pgtrigger_%%'
"""
_IGNORED: Final = "SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'"
#: tgenabled: fires in ordinary sessions
_ON: Final = "O"


def problems() -> Iterator[str]:
    """What is not as the migrations made it, in words."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        found = {name: (enabled, body) for name, enabled, body in cursor.fetchall()}
        cursor.execute(_IGNORED)
        bodies = [body for (body,) in cursor.fetchall()]
    for model, trigger in pgtrigger.registered():
        compiled = trigger.compile(model)
        name = f"the trigger {trigger.name} of {model._meta.db_table}"
        enabled, body = found.get(compiled.sql.pgid, ("", ""))
        if not enabled:
            yield f"{name} is missing"
        elif enabled != _ON:
            yield f"{name} is switched off"
        elif body != compiled.install_sql.split("$$")[3]:
            yield f"{name} does something else than it should"
    if bodies != [NEVER_IGNORED.split("'")[1]]:
        yield "a session can have the triggers ignored"
