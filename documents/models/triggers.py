"""What the database itself refuses, whoever sends it (contract § 4): wrong state moves and changes after posting.

Written as own triggers with ERRCODE check_violation, so that every refusal arrives as IntegrityError.
"""

from __future__ import annotations

from typing import Final

import pgtrigger

from documents.kinds import COMMITMENTS
from documents.states import FROZEN, State, moves
from valeo.audit.models import refuse_truncate

DOCUMENT_PROGRESS: Final = (
    "state", "outcome", "outcome_reason", "fulfilment", "invoicing", "payment", "version", "changed_by_id", "changed_at",
)  # fmt: skip
LINE_PROGRESS: Final = (
    "delivered", "returned", "replaced", "ordered", "received", "invoiced", "billed", "credited", "closed", "closed_reason",
)  # fmt: skip


def _texts(values: object) -> str:
    return ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]


_FROZEN = _texts(FROZEN)
_COMMITMENTS = _texts(COMMITMENTS)
_MOVES = _texts(sorted(f"{source}>{target}" for source, target in moves()))
_ROW_BY_ROW = "documents are never emptied at once: only drafts go"
_REFUSE = "RAISE EXCEPTION 'valeo: %', {text} USING ERRCODE = 'check_violation';"


def _same_but(columns: tuple[str, ...]) -> str:
    drop = "".join(f" - '{column}'" for column in columns)
    return f"(to_jsonb(OLD){drop}) = (to_jsonb(NEW){drop})"


# S608 below: the names come from constants of this project.
_DOCUMENT_UPDATE = f"""
IF NEW.company_id <> OLD.company_id OR NEW.kind <> OLD.kind OR NEW.uuid <> OLD.uuid THEN
  {_REFUSE.format(text="'company, kind and uuid of a document never change'")}
END IF;
IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({_MOVES}) THEN
  {_REFUSE.format(text="'no way from ' || OLD.state || ' to ' || NEW.state")}
END IF;
IF OLD.state IN ({_FROZEN}) AND NOT {_same_but(DOCUMENT_PROGRESS)} THEN
  IF NOT (OLD.state = '{State.POSTED}' AND NEW.state = '{State.POSTED}' AND OLD.kind IN ({_COMMITMENTS})
          AND NEW.number = OLD.number AND NEW.revision = OLD.revision + 1
          AND EXISTS (SELECT 1 FROM documents_revision r
                      WHERE r.document_id = OLD.id AND r.number = NEW.revision AND r.state = 'in_force')) THEN
    {_REFUSE.format(text="'a posted document is immutable: ' || OLD.number")}
  END IF;
END IF;
RETURN NEW;
"""  # noqa: S608

_CHILD = f"""
  SELECT d.state, d.kind, d.id, d.revision, d.number INTO parent FROM documents_document d
    WHERE d.id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.__KEY__ ELSE NEW.__KEY__ END);
  IF FOUND AND parent.state IN ({_FROZEN}) __UNLESS__ THEN
    IF NOT (parent.state = '{State.POSTED}' AND parent.kind IN ({_COMMITMENTS})
            AND EXISTS (SELECT 1 FROM documents_revision r
                        WHERE r.document_id = parent.id AND r.number = parent.revision + 1 AND r.state = 'in_force')) THEN
      {_REFUSE.format(text="'a posted document is immutable: ' || parent.number")}
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.__KEY__ <> OLD.__KEY__ THEN
    {_REFUSE.format(text="'a row never moves to another document'")}
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
"""  # noqa: S608


def _child(*, key: str = "document_id", progress: tuple[str, ...] = ()) -> list[object]:
    unless = f"AND NOT (TG_OP = 'UPDATE' AND {_same_but(progress)})" if progress else ""
    return [
        pgtrigger.Trigger(
            name="frozen_with_document",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("parent", "record")],
            func=_CHILD.replace("__KEY__", key).replace("__UNLESS__", unless),
        ),
        refuse_truncate(_ROW_BY_ROW),
    ]


DOCUMENT_TRIGGERS: Final[list[object]] = [
    pgtrigger.Trigger(
        name="starts_as_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition(f"NEW.state <> '{State.DRAFT}' OR NEW.number <> ''"),
        func=_REFUSE.format(text="'a document starts as a draft without a number'") + " RETURN NEW;",
    ),
    pgtrigger.Trigger(
        name="frozen_when_posted", when=pgtrigger.Before, operation=pgtrigger.Update, func=_DOCUMENT_UPDATE
    ),
    pgtrigger.Trigger(
        name="only_drafts_go",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition(f"OLD.state <> '{State.DRAFT}' OR OLD.number <> ''"),
        func=_REFUSE.format(text="'only a draft can be deleted'") + " RETURN OLD;",
    ),
    refuse_truncate(_ROW_BY_ROW),
]
CHILD_TRIGGERS: Final = _child()
LINE_TRIGGERS: Final = _child(progress=LINE_PROGRESS)
LINK_TRIGGERS: Final = _child(key="target_document_id")
REVISION_TRIGGERS: Final[list[object]] = [
    pgtrigger.Trigger(
        name="frozen_in_force",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.state IN ('in_force', 'superseded')"),
        func=(
            f"IF TG_OP = 'DELETE' OR NOT {_same_but(('state', 'version'))} "
            "OR NEW.state NOT IN ('in_force', 'superseded') THEN "
            + _REFUSE.format(text="'a revision in force is immutable'")
            + " END IF; RETURN NEW;"
        ),
    ),
    refuse_truncate(_ROW_BY_ROW),
]
