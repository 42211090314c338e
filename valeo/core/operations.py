"""Migration operations that cost what they should.

Django and pgtrigger build the model's class and those of all related models anew when a constraint, an index or a
trigger is added. None of these changes a field or a relation, so the class that is there only gets it listed: an
empty database is made in a third of the time, in every test process.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger import migrations as pgtrigger


def _list(state: ProjectState, app_label: str, model_name: str, option: str, item: Any) -> None:
    """Append to an option of the model, in the state and on its class where one is built already."""
    key = (app_label, model_name.lower())
    options: dict[str, Any] = state.models[key].options
    options[option] = [*options.get(option, []), item]
    if "apps" in state.__dict__:  # built lazily
        meta = state.apps.get_model(*key)._meta
        setattr(meta, option, [*getattr(meta, option, []), item])


class AddConstraint(migrations.AddConstraint):
    """Django's, without building classes anew."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        _list(state, app_label, self.model_name, "constraints", self.constraint)


class AddIndex(migrations.AddIndex):
    """Django's, without building classes anew."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        _list(state, app_label, self.model_name, "indexes", self.index)


#: Each trigger of pgtrigger first asks this function whether the session wants it ignored. pgtrigger's own says yes to
#: whoever sets a variable; ours never does, so that a trigger refuses whoever sends it (contract § 4). The tests' own
#: databases have pgtrigger's (tests/conftest.py): they prove what is found when somebody got past the triggers.
NEVER_IGNORED: Final = """
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT FALSE'
"""


class AddTrigger(pgtrigger.AddTrigger):
    """pgtrigger's, without building classes anew, and nobody can have the trigger ignored."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute(NEVER_IGNORED, params=None)  # pgtrigger has just put its own there

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        _list(state, app_label, self.model_name, "triggers", self.trigger)


def cheap(operation: Operation) -> Operation:
    """Our operation in the place of Django's or pgtrigger's."""
    if type(operation) is migrations.AddConstraint:
        return AddConstraint(operation.model_name, operation.constraint)
    if type(operation) is migrations.AddIndex:
        return AddIndex(operation.model_name, operation.index)
    if type(operation) is pgtrigger.AddTrigger:
        return AddTrigger(operation.model_name, operation.trigger)
    return operation


def watch_reference(*tables: str) -> list[RunSQL]:
    """Every statement that changes one of these tables gives the companies concerned a new stamp.

    The function is made by tenancy's migration ``0002_reference_stamp``.
    """
    call = "EXECUTE FUNCTION tenancy_new_reference()"
    events = (
        ("insert", "INSERT", "REFERENCING NEW TABLE AS changed"),
        ("update", "UPDATE", "REFERENCING NEW TABLE AS changed"),
        ("delete", "DELETE", "REFERENCING OLD TABLE AS changed"),
        ("truncate", "TRUNCATE", ""),
    )
    return [
        RunSQL(
            f"CREATE TRIGGER reference_{name} AFTER {event} ON {table} {rows} FOR EACH STATEMENT {call}",
            f"DROP TRIGGER reference_{name} ON {table}",
        )
        for table in tables
        for name, event, rows in events
    ]
