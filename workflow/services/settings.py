"""What an administrator sets: the limits of a company and how it releases each kind; audited with old and new."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from valeo.core.exceptions import Refused, Violation
from valeo.events.journal import Journal
from valeo.tenancy.actor import Actor
from workflow.models import CompanyLimits, ReleaseRule

LIMIT_FIELDS = (
    "max_discount_percent", "min_margin_percent", "free_lines_ask", "manual_tax_asks", "negative_stock_asks",
)  # fmt: skip
RULE_FIELDS = ("kind", "approval", "post_on_release")


@transaction.atomic
def save_limits(*, actor: Actor, values: dict[str, Any]) -> CompanyLimits:
    """Raises ``NotPermitted``, ``Refused`` for figures out of range."""
    actor.require("admin:all")
    row = CompanyLimits.objects.select_for_update(no_key=True).first() or CompanyLimits(
        company_id=actor.company_id
    )
    return _save(actor, row, LIMIT_FIELDS, values, "limits.change")


@transaction.atomic
def save_rule(*, actor: Actor, values: dict[str, Any]) -> ReleaseRule:
    """One rule per kind; a second one for the same kind replaces the first."""
    actor.require("admin:all")
    row = ReleaseRule.objects.select_for_update(no_key=True).filter(kind=values["kind"]).first()
    return _save(
        actor, row or ReleaseRule(company_id=actor.company_id), RULE_FIELDS, values, "release_rule.change"
    )


@transaction.atomic
def delete_rule(*, actor: Actor, rule: ReleaseRule) -> None:
    """The kind's own declaration counts again."""
    actor.require("admin:all")
    journal = Journal(actor)
    journal.entry(action="release_rule.delete", obj=rule, label=rule.kind, data={"approval": rule.approval})
    rule.delete()
    journal.flush()


_Row = TypeVar("_Row", CompanyLimits, ReleaseRule)


def _save(actor: Actor, row: _Row, names: tuple[str, ...], values: dict[str, Any], action: str) -> _Row:
    old = {name: getattr(row, name) for name in names}
    for name in names:
        if name in values:
            setattr(row, name, values[name])
    try:
        row.full_clean()
    except ValidationError as invalid:
        raise Refused(
            [
                Violation("invalid", text, name)
                for name, texts in invalid.message_dict.items()
                for text in texts
            ]
        ) from invalid
    row.save()
    changes = {name: [old[name], getattr(row, name)] for name in names if old[name] != getattr(row, name)}
    journal = Journal(actor)
    journal.entry(action=action, obj=row, label=str(row), changes=changes)
    journal.flush()
    return row
